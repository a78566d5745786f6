"""`gates --wave N --ready --by environment`: the jobs that promote.yml enters, over embedded services in this process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

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


CHAIN = ("stage", "t0", "t1")
SKIP = ("--skip-gate", "same", "--reason", "the outage of last night")


def jobs(repository: Folder, wave: int, *more: str, chosen: tuple[str, ...] = ("--group", "test")) -> list[Any]:
    words = (*chosen, "gates", *more, "--wave", str(wave), "--ready", "--by", "environment", "--format", "json")
    done = repository(*words)
    assert done.code == 0, done.err
    return [(job["environment"], job["org_id"], job["targets"]) for job in done.json["jobs"]]


def targets(repository: Folder, wave: int, *more: str) -> list[str]:
    return [name for _, _, names in jobs(repository, wave, *more) for name in names]


def test_targets_of_an_environment_and_an_organization_are_one_job(repository: Folder) -> None:
    assert jobs(repository, 1) == [
        ("development", "0000000000@AdobeOrg", ["dev", "eu"]),
        ("development", "2@AdobeOrg", ["us"]),
    ]


def test_a_target_without_anything_to_apply_is_not_entered(repository: Folder) -> None:
    repository("--target", "dev", "--target", "us", "apply", "--yes")
    assert targets(repository, 1) == ["eu"]
    repository("--group", "test", "apply", "--yes")
    assert (jobs(repository, 1), jobs(repository, 2), jobs(repository, 3)) == ([], [], [])


def test_a_target_that_cannot_be_read_is_entered_so_that_its_apply_fails(repository: Folder) -> None:
    repository("--group", "test", "apply", "--yes")
    (repository.root / ".reconciler" / "dev.db").write_bytes(b"no database")
    assert targets(repository, 1) == ["dev"]


def test_a_target_whose_plan_is_refused_is_entered_so_that_its_apply_says_why(repository: Folder) -> None:
    repository.write("sources/orders/connection-spec.yaml", SPEC.replace("KEY", "orders") + "unknown: 1\n")
    repository.commit()
    assert targets(repository, 1) == ["dev", "eu", "us"]


def test_only_the_chosen_targets_are_considered(repository: Folder) -> None:
    assert [names for *_, names in jobs(repository, 1, chosen=("--target", "us"))] == [["us"]]
    assert [names for *_, names in jobs(repository, 1, chosen=("--target", "dev", "--target", "eu"))] == [["dev", "eu"]]


def test_a_target_that_must_be_named_is_entered_only_if_it_is(repository: Folder) -> None:
    repository.write("reconciler.yaml", SETTINGS.replace("us.db, ", "us.db, by_name: true, "))
    repository.commit()
    assert targets(repository, 1) == ["dev", "eu"]
    assert [names for *_, names in jobs(repository, 1, chosen=("--target", "us"))] == [["us"]]


def test_a_target_where_everything_waits_is_entered_only_by_a_run_that_skips_the_gate(repository: Folder) -> None:
    assert jobs(repository, 2) == []
    assert targets(repository, 2, *SKIP) == ["stage"]
    assert targets(repository, 2, "orders", *SKIP) == ["stage"]
    repository("--target", "dev", "apply", "--yes")
    assert targets(repository, 2) == ["stage"]


def test_what_only_a_flag_allows_is_entered_by_a_run_with_this_flag(repository: Folder) -> None:
    repository("--group", "test", "apply", "--yes")
    (repository.root / "specs/sources/orders/connection-spec.yaml").unlink()
    repository.write("sources/members/connection-spec.yaml", SPEC.replace("KEY", "members"))
    repository.commit()
    repository("--target", "dev", "--target", "eu", "--target", "us", "apply", "--yes", "--allow-create", "members")
    assert targets(repository, 1) == []
    assert targets(repository, 1, "--prune") == ["dev", "eu", "us"]


def test_a_chain_longer_than_the_waves_of_the_workflows_is_an_error_in_every_wave(repository: Folder) -> None:
    chain = "".join(f"  t{n}: {{emulator: .reconciler/t{n}.db, groups: [test], after: [{b}]}}\n" for n, b in enumerate(CHAIN))
    repository.write("reconciler.yaml", SETTINGS.replace("network:", f"{chain}network:"))
    repository.commit()
    done = repository("--group", "test", "gates", "--wave", "1", "--ready", "--by", "environment")
    assert (done.code, "after wave 4" in done.err) == (1, True), done.err
