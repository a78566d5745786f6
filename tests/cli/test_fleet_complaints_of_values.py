"""What users of other tools complain of about values, soaks and ownership in many environments, each played once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from reconciler import emulator
from reconciler.emulator import build
from reconciler.emulator.model import CONNECTION_SPECS, Author, Place
from reconciler.settings.targets import EMULATOR_ORG_ID
from tests.cli.test_fleet import SPEC, Folder, cells

SETTINGS = """\
version: 1
repository: acme/aep-sources
targets:
  dev: {emulator: .reconciler/one.db, sandbox: dev, vars: {region: eu, retries: 3, gzip: true, scopes: [read, list]}}
  stage: {emulator: .reconciler/one.db, sandbox: stage, after: [dev], soak: 24h, vars: {region: us}}
network: {consistency_window: 0s, settle: 0s}
"""
BOTH = ("--target", "dev", "--target", "stage")
DEV, STAGE = ("--target", "dev"), ("--target", "stage")
HOUR = 3600.0
REASON = ("--reason", "it is the first of all")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Folder:
    """Two sources that are live nowhere."""
    made = Folder(tmp_path / "repository", capsys)
    monkeypatch.chdir(made.root)
    made.write("reconciler.yaml", SETTINGS)
    (made.root / ".gitignore").write_text(".reconciler/\n")
    for key in ("orders", "members"):
        edit(made, key, "one")
    return made


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets this many hours pass at the services."""
    ahead = [0.0]
    monkeypatch.setattr(emulator, "build", partial(build, clock=lambda: time.time() + ahead[0]))

    def let(hours: float) -> None:
        ahead[0] += hours * HOUR

    return let


def edit(folder: Folder, key: str, text: str, more: str = "") -> None:
    """Commit another description, and more lines of the body."""
    folder.write(f"sources/{key}/connection-spec.yaml", SPEC.replace("KEY", key).replace("one", text) + more)
    folder.commit()


def live(folder: Folder, sandbox: str) -> dict[str, Any]:
    """The live bodies of our sources, by key."""
    with build(folder.root / ".reconciler" / "one.db") as service:
        bodies = [json.loads(row.body) for row in service.store.rows(CONNECTION_SPECS, Place(EMULATOR_ORG_ID, sandbox))]
    return {body["name"].removeprefix("Acme "): body for body in bodies if body["name"].startswith("Acme ")}


def by_hand(folder: Folder, key: str) -> None:
    """Somebody edits the live spec of dev, at the service's time."""
    with emulator.build(folder.root / ".reconciler" / "one.db") as service:
        rows = service.store.rows(CONNECTION_SPECS, Place(EMULATOR_ORG_ID, "dev"))
        row = next(row for row in rows if json.loads(row.body)["name"] == f"Acme {key}")
        service.service.edit(row.id, lambda body: {**body, "description": "by hand"}, Author("jane@acme.example", "ui"))


def test_a_value_that_one_target_lacks_is_never_sent_empty(repository: Folder) -> None:
    edit(repository, "orders", "{var: gzip}")
    done = repository("validate")
    assert (done.code, "stage" in done.out, "gzip" in done.out) == (1, True, True)
    planned = repository(*BOTH, "plan", "orders", "--format", "json")
    assert (planned.code, cells(planned.json)["orders"]) == (1, ["create", "unknown"])
    assert repository(*STAGE, "apply", "orders", "--yes", "--skip-gate", "same", "--skip-gate", "soak", *REASON).code == 1
    assert live(repository, "stage") == {}


def test_a_value_of_a_target_keeps_its_type(repository: Folder) -> None:
    more = "  nested: {region: {var: region}, retries: {var: retries}, gzip: {var: gzip}, scopes: {var: scopes}}\n"
    repository.write("sources/orders/connection-spec.yaml", "only: [dev]\n" + SPEC.replace("KEY", "orders") + more)
    repository.commit()
    report = repository(*DEV, "plan", "orders", "--format", "json").json
    (sent,) = [change["new"] for action in report["actions"] for change in action["changes"] if change["path"] == "/nested"]
    assert sent == {"region": "eu", "retries": 3, "gzip": True, "scopes": ["read", "list"]}


def test_frequent_releases_of_other_specs_do_not_restart_a_soak(repository: Folder, passes: Callable[[float], None]) -> None:
    assert repository(*DEV, "apply", "--yes").code == 0
    for release in range(3):
        passes(10)
        edit(repository, "members", f"release {release}")
        assert repository(*DEV, "apply", "--yes").code == 0
    assert repository(*STAGE, "apply", "--yes").code == 0
    assert set(live(repository, "stage")) == {"orders"}
    passes(25)  # a Date has whole seconds
    assert repository(*STAGE, "apply", "--yes").code == 0
    assert set(live(repository, "stage")) == {"orders", "members"}


def test_only_what_was_overwritten_soaks_anew(repository: Folder, passes: Callable[[float], None]) -> None:
    assert repository(*DEV, "apply", "--yes").code == 0
    passes(20)
    by_hand(repository, "orders")
    assert repository(*DEV, "apply", "--yes").code == 0
    passes(5)
    assert repository(*STAGE, "apply", "--yes").code == 0
    assert set(live(repository, "stage")) == {"members"}
    passes(20)
    assert repository(*STAGE, "apply", "--yes").code == 0
    assert set(live(repository, "stage")) == {"members", "orders"}


def test_a_spec_of_one_target_is_no_orphan_in_another_of_the_same_organization(repository: Folder) -> None:
    repository.write("sources/users/connection-spec.yaml", "only: [dev]\n" + SPEC.replace("KEY", "users"))
    repository.commit()
    assert repository(*DEV, "apply", "--yes").code == 0
    before = live(repository, "dev")
    assert repository(*STAGE, "apply", "--prune", "--yes", "--skip-gate", "soak", *REASON).code == 0
    assert live(repository, "dev") == before
    assert set(live(repository, "stage")) == {"orders", "members"}
    assert cells(repository(*BOTH, "status", "--format", "json").json)["users"] == ["in_sync", "absent"]
