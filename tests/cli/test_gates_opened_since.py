"""A gate that opens between a plan and the apply of it, with embedded services in this process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_fleet import Folder
from tests.cli.test_gates import repository

__all__ = ["repository"]

BOTH = ("--target", "prod", "--target", "late")
WAITED = "it waited when the plan was shown"


def states(repository: Folder, target: str) -> dict[str, str]:
    specs = repository("--target", target, "status", "--format", "json").json["specs"]
    return {spec["key"]: spec["state"] for spec in specs}


@pytest.fixture
def saved(repository: Folder) -> Path:
    """A plan for prod, made when `members` waited. By now stage has it."""
    assert repository("--target", "prod", "plan", "--out", "plan.json").code == 0
    assert repository("--target", "stage", "apply", "--yes").code == 0
    return repository.root / "plan.json"


def test_a_saved_plan_is_applied_without_what_waited_in_it(repository: Folder, saved: Path) -> None:
    done = repository("--target", "prod", "apply", str(saved), "--yes", "--report", "../report.json")
    assert (done.code, done.out.splitlines()[-1]) == (0, "applied what was ready; 1 change waits at a gate")
    assert WAITED in done.out
    assert states(repository, "prod") == {"orders": "in_sync", "members": "create"}
    report = json.loads((repository.root / "../report.json").read_bytes())
    assert [one["key"] for one in report["waiting"]] == ["members"]


def test_the_next_apply_takes_it_along(repository: Folder, saved: Path) -> None:
    repository("--target", "prod", "apply", str(saved), "--yes")
    assert repository("--target", "prod", "apply", "--yes").code == 0
    assert states(repository, "prod") == {"orders": "in_sync", "members": "in_sync"}


def test_a_gate_that_is_skipped_only_now_is_another_plan(repository: Folder, saved: Path) -> None:
    skip = ("--skip-gate", "same", "--reason", "the outage of last night")
    done = repository("--target", "prod", "apply", str(saved), "--yes", *skip)
    assert (done.code, "was created with other options" in done.err) == (3, True)


def test_what_was_ready_and_waits_again_is_refused(repository: Folder) -> None:
    repository("--target", "prod", "plan", "--out", "plan.json")
    (repository.root / ".reconciler/stage.db").unlink()
    done = repository("--target", "prod", "apply", "plan.json", "--yes")
    assert (done.code, "create of connection spec orders" in done.err) == (3, True)
    assert states(repository, "prod") == {"orders": "create", "members": "create"}


def test_the_saved_plans_of_several_targets_are_applied_without_what_waited_in_them(repository: Folder) -> None:
    repository(*BOTH, "plan", "--out", "both.json")
    assert repository("--target", "stage", "apply", "--yes").code == 0
    done = repository("apply", "both.json", "--yes", "--format", "json")
    assert done.code == 0, done.err
    assert {one["name"]: one["state"] for one in done.json["targets"]} == {"prod": "applied", "late": "waiting"}
    assert states(repository, "prod") == {"orders": "in_sync", "members": "create"}
    assert states(repository, "late") == {"orders": "create", "members": "create"}


@pytest.mark.parametrize("selection", [BOTH[:2], BOTH])
def test_a_digest_alone_does_not_say_what_waited_and_is_refused_with_the_way(
    repository: Folder, selection: tuple[str, ...]
) -> None:
    digest = repository(*selection, "plan", "--format", "json").json["digest"]
    repository("--target", "stage", "apply", "--yes")
    done = repository(*selection, "apply", "--yes", "--expect", digest)
    assert done.code == 3
    assert (
        "what has passed a gate since then is part of it: `plan --out FILE` and `apply FILE` leave that for the next run"
        in done.err
    )
    assert states(repository, "prod") == {"orders": "create", "members": "create"}


def test_a_digest_that_no_gate_has_changed_has_no_hint_about_gates(repository: Folder) -> None:
    done = repository("--target", "stage", "apply", "--yes", "--expect", "0" * 12)
    assert (done.code, "passed a gate" in done.err) == (3, False)
