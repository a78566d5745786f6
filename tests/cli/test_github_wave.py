"""`github wave`, over embedded services in this process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from tests.cli.test_fleet import SPEC, Folder

SETTINGS = """\
version: 1
repository: acme/aep-sources
groups: [test]
targets:
  dev: {emulator: .reconciler/dev.db, groups: [test], environment: development}
  eu: {emulator: .reconciler/eu.db, groups: [test], environment: development}
  us: {emulator: .reconciler/us.db, org_id: 2@AdobeOrg, groups: [test], environment: development}
  stage: {emulator: .reconciler/stage.db, groups: [test], after: [dev]}
network: {consistency_window: 0s, settle: 0s}
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Folder:
    made = Folder(tmp_path / "repository", capsys)
    monkeypatch.chdir(made.root)
    made.write("reconciler.yaml", SETTINGS)
    made.write("sources/orders/connection-spec.yaml", SPEC.replace("KEY", "orders"))
    (made.root / ".gitignore").write_text(".reconciler/\n")
    made.commit()
    return made


def jobs(repository: Folder, wave: int, *words: str, more: tuple[str, ...] = ()) -> list[Any]:
    output = repository.root.parent / "output"
    output.write_text("")
    environ = {"GITHUB_OUTPUT": str(output)}
    assert run([*(words or ("--group", "test")), "github", "wave", str(wave), *more], Shell(environ, open_sessions)) == 0
    found: list[Any] = json.loads(output.read_text().removeprefix("jobs="))
    return found


def test_targets_of_an_environment_and_an_organization_are_one_job(repository: Folder) -> None:
    assert jobs(repository, 1) == [
        {
            "job": "1-1",
            "environment": "development",
            "org_id": "0000000000@AdobeOrg",
            "target": "",
            "arguments": "--target dev --target eu",
        },
        {"job": "1-2", "environment": "development", "org_id": "2@AdobeOrg", "target": "us", "arguments": ""},
    ]


def test_a_target_without_anything_to_apply_is_not_entered(repository: Folder) -> None:
    repository("--target", "dev", "--target", "us", "apply", "--yes")
    assert [job["target"] for job in jobs(repository, 1)] == ["eu"]
    repository("--group", "test", "apply", "--yes")
    assert (jobs(repository, 1), jobs(repository, 2), jobs(repository, 3)) == ([], [], [])


def test_a_target_that_cannot_be_read_is_entered_so_that_its_apply_fails(repository: Folder) -> None:
    repository("--group", "test", "apply", "--yes")
    (repository.root / ".reconciler" / "dev.db").write_bytes(b"no database")
    assert [job["target"] for job in jobs(repository, 1)] == ["dev"]


def test_only_the_chosen_targets_are_considered(repository: Folder) -> None:
    assert [job["target"] for job in jobs(repository, 1, "--target", "us")] == ["us"]
    assert [job["arguments"] for job in jobs(repository, 1, "--target", "dev", "--target", "eu")] == ["--target dev --target eu"]


def test_a_target_where_everything_waits_is_entered_only_for_a_run_that_skips_the_gate(repository: Folder) -> None:
    assert jobs(repository, 2) == []
    assert [job["target"] for job in jobs(repository, 2, more=("--waiting",))] == ["stage"]
    repository("--target", "dev", "apply", "--yes")
    assert [job["target"] for job in jobs(repository, 2)] == ["stage"]
