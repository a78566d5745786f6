"""What users of other tools for many environments complain of, each played once against targets that wait for each other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.applying.engine import refuse_errors
from reconciler.emulator import build
from reconciler.emulator.model import CONNECTION_SPECS, Author, Place
from reconciler.planning.plan import Plan
from reconciler.settings.targets import EMULATOR_ORG_ID
from tests.cli.test_fleet import SPEC, Folder, cells

SETTINGS = """\
version: 1
repository: acme/aep-sources
targets:
  dev: {emulator: .reconciler/one.db, sandbox: dev}
  stage: {emulator: .reconciler/one.db, sandbox: stage, after: [dev]}
  prod: {emulator: .reconciler/two.db, after: [stage]}
network: {consistency_window: 0s, settle: 0s}
"""
PLACES = {"dev": ("one", "dev"), "stage": ("one", "stage"), "prod": ("two", "dev")}
"""The store and the sandbox of each target."""
ALL = ("--target", "dev", "--target", "stage", "--target", "prod")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Folder:
    """Two sources that are live in all targets, and a newer commit of one of them that is live nowhere."""
    made = Folder(tmp_path / "repository", capsys)
    monkeypatch.chdir(made.root)
    made.write("reconciler.yaml", SETTINGS)
    (made.root / ".gitignore").write_text(".reconciler/\n")
    for key in ("orders", "members"):
        edit(made, key, "one")
    assert made(*ALL, "apply", "--yes").code == 0
    edit(made, "orders", "two")
    return made


def edit(folder: Folder, key: str, text: str) -> None:
    """Commit another description."""
    folder.write(f"sources/{key}/connection-spec.yaml", SPEC.replace("KEY", key).replace("one", text))
    folder.commit()


def live(folder: Folder) -> dict[str, dict[str, str]]:
    """What each source has for a description, by source and target."""
    found: dict[str, dict[str, str]] = {"members": {}, "orders": {}}
    for target, (store, sandbox) in PLACES.items():
        with build(folder.root / ".reconciler" / f"{store}.db") as emulator:
            for row in emulator.store.rows(CONNECTION_SPECS, Place(EMULATOR_ORG_ID, sandbox)):
                body = json.loads(row.body)
                if body["name"].startswith("Acme "):
                    found[body["name"].removeprefix("Acme ")][target] = body["description"]
    return found


def by_hand(folder: Folder, target: str, key: str, text: str = "by hand") -> None:
    """Somebody edits the live spec of a target."""
    store, sandbox = PLACES[target]
    with build(folder.root / ".reconciler" / f"{store}.db") as emulator:
        rows = emulator.store.rows(CONNECTION_SPECS, Place(EMULATOR_ORG_ID, sandbox))
        row = next(row for row in rows if json.loads(row.body)["name"] == f"Acme {key}")
        emulator.service.edit(row.id, lambda body: {**body, "description": text}, Author("jane@acme.example", "ui"))


def in_order(*descriptions: str) -> dict[str, str]:
    return dict(zip(("dev", "stage", "prod"), descriptions, strict=True))


def test_an_apply_by_hand_goes_through_the_same_gate(repository: Folder) -> None:
    assert repository("--target", "prod", "apply", "--yes").code == 0
    assert repository("--target", "stage", "apply", "orders", "--yes").code == 0
    assert live(repository)["orders"] == in_order("one", "one", "one")


def test_an_upstream_target_that_is_fine_with_older_content_opens_no_gate(repository: Folder) -> None:
    assert repository("--target", "dev", "apply", "--yes").code == 0
    edit(repository, "orders", "three")
    assert repository("--target", "stage", "apply", "--yes").code == 0
    assert live(repository)["orders"] == in_order("two", "one", "one")


def test_only_the_target_that_is_directly_before_counts(repository: Folder) -> None:
    assert repository("--target", "dev", "apply", "--yes").code == 0
    assert repository("--target", "prod", "apply", "--yes").code == 0
    assert live(repository)["orders"] == in_order("two", "one", "one")


def test_a_commit_in_the_middle_of_a_rollout_takes_the_others_along(repository: Folder) -> None:
    assert repository("--target", "dev", "apply", "--yes").code == 0
    edit(repository, "orders", "three")
    assert repository(*ALL, "apply", "--yes").code == 0
    assert live(repository)["orders"] == in_order("three", "three", "three")


def test_a_commit_that_leaves_a_spec_alone_does_not_hold_it_up(repository: Folder) -> None:
    assert repository("--target", "dev", "apply", "--yes").code == 0
    edit(repository, "members", "two")
    assert repository("--target", "stage", "apply", "--yes").code == 0
    assert live(repository) == {"members": in_order("one", "one", "one"), "orders": in_order("two", "two", "one")}


def test_a_target_that_cannot_be_read_does_not_hide_what_comes_after_it_and_opens_no_gate(repository: Folder) -> None:
    store = repository.root / ".reconciler" / "one.db"
    kept = store.read_bytes()
    store.write_bytes(b"no database")
    done = repository(*ALL, "plan", "--format", "json")
    assert done.code == 1
    assert [target["state"] == "failed" for target in done.json["targets"]] == [True, True, False]
    assert repository("--target", "prod", "apply", "--yes").code == 0
    store.write_bytes(kept)
    assert live(repository)["orders"] == in_order("one", "one", "one")


def test_to_remove_a_spec_from_one_target_leaves_it_in_every_other(repository: Folder) -> None:
    repository.write("sources/members/connection-spec.yaml", "only: [stage, prod]\n" + SPEC.replace("KEY", "members"))
    repository.commit()
    retired = repository("--target", "dev", "apply", "members", "--prune", "--yes", "--max-detaches", "9")
    assert retired.code == 0
    report = repository(*ALL, "status", "--format", "json").json
    assert cells(report)["members"][1:] == ["in_sync", "in_sync"]


def test_a_gate_that_opens_in_the_middle_of_a_run_changes_nothing_that_was_shown(repository: Folder) -> None:
    assert repository(*ALL, "apply", "--yes").code == 0
    by_hand(repository, "dev", "orders")
    edit(repository, "orders", "three")
    edit(repository, "members", "two")
    done = repository(*ALL, "apply", "--yes", "--format", "json")
    assert (done.code, [target["state"] for target in done.json["targets"]]) == (0, ["applied", "applied", "applied"])
    assert live(repository) == {"members": in_order("two", "two", "two"), "orders": in_order("three", "two", "two")}
    assert cells(done.json)["orders"] == ["applied", "waiting", "waiting"]
    assert repository(*ALL, "apply", "--yes").code == 0
    assert live(repository)["orders"] == in_order("three", "three", "three")


def test_a_gate_that_opens_before_the_first_create_changes_nothing_that_was_shown(
    repository: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert repository("--target", "dev", "apply", "--yes").code == 0
    by_hand(repository, "dev", "orders")
    repository.write("sources/users/connection-spec.yaml", "only: [stage]\n" + SPEC.replace("KEY", "users"))
    repository.commit()

    def undo(plan: Plan) -> None:
        by_hand(repository, "dev", "orders", "two")
        refuse_errors(plan)

    monkeypatch.setattr("reconciler.cli.apply_run.refuse_errors", undo)
    done = repository("--target", "stage", "apply", "--yes")
    assert (done.code, done.out.splitlines()[-1]) == (0, "applied what was ready; 1 change waits at a gate")
