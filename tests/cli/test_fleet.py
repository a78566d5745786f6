"""Commands over several targets, each an embedded service, in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from tests.desired.git.repositories import Repository
from tests.reports.schemas.conforming import check_output

SETTINGS = """\
version: 1
repository: acme/aep-sources
groups: [test]
targets:
  dev: {emulator: .reconciler/dev.db, groups: [test]}
  stage: {emulator: .reconciler/stage.db, groups: [test]}
  prod: {emulator: .reconciler/prod.db}
network: {consistency_window: 0s, settle: 0s}
"""
SPEC = """\
kind: ConnectionSpec
flowSpecs: []
spec:
  name: Acme KEY
  type: generic-rest
  providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a
  version: "1.0"
  description: one
  attributes: {isSource: true}
"""


class Done(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Folder:
    """A repository with specs that are committed."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.repository, self.root, self._capsys = Repository.new(root), root, capsys

    def write(self, path: str, text: str) -> None:
        self.repository.write({path: text})

    def commit(self) -> None:
        self.repository.commit({})

    def __call__(self, *words: str) -> Done:
        code = run(list(words), Shell({}, open_sessions))
        done = Done(code, *self._capsys.readouterr())
        check_output(words, done.out)
        return done


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Folder:
    """Two sources, applied to dev and stage. In prod there is nothing yet."""
    made = Folder(tmp_path / "repository", capsys)
    monkeypatch.chdir(made.root)
    made.write("reconciler.yaml", SETTINGS)
    (made.root / ".gitignore").write_text(".reconciler/\n")
    for key in ("orders", "members"):
        made.write(f"sources/{key}/connection-spec.yaml", SPEC.replace("KEY", key))
    made.commit()
    for target in ("dev", "stage"):
        assert made("--target", target, "apply", "--yes").code == 0
    return made


def cells(report: Any) -> dict[str, list[str]]:
    return {row["key"]: [cell["state"] for cell in row["cells"].values()] for row in report["matrix"]}


ALL = ("--target", "dev", "--target", "stage", "--target", "prod")


def test_several_targets_are_one_table(repository: Folder) -> None:
    done = repository(*ALL, "status")
    assert done.code == 0
    assert done.out.splitlines()[:3] == [
        "SPEC     dev      stage    prod",
        "members  in sync  in sync  to create",
        "orders   in sync  in sync  to create",
    ]
    assert "3 targets: 2 in sync, 1 to do (prod)" in done.out


@pytest.mark.parametrize("command", ["plan", "status", "drift", "gates", "apply"])
def test_a_key_that_no_target_knows_is_a_mistake_on_the_command_line(repository: Folder, command: str) -> None:
    done = repository(*ALL, command, "ordres")
    assert (done.code, done.out) == (1, "")
    assert done.err.endswith("error: no spec file has the key 'ordres'\nhint: did you mean 'orders'?\n")


def test_a_key_that_no_target_knows_is_uncertain_while_one_cannot_be_read(repository: Folder) -> None:
    (repository.root / ".reconciler/prod.db").write_text("this is no database")
    done = repository(*ALL, "plan", "ordres")
    assert (done.code, "3 targets: 0 in sync, 3 failed (dev, stage, prod)" in done.out) == (1, True)


def test_a_group_is_several_targets_and_what_is_in_sync_is_counted(repository: Folder) -> None:
    assert repository("--group", "test", "status").out == "2 specs in sync wherever they belong\n2 targets: 2 in sync\n"


def test_options_stand_before_the_command_or_after_it(repository: Folder) -> None:
    assert repository("--target", "dev", "plan", "--target", "stage").out == repository("--group", "test", "plan").out


def test_a_change_that_is_the_same_in_two_targets_is_shown_once(repository: Folder) -> None:
    repository.write("sources/orders/connection-spec.yaml", SPEC.replace("KEY", "orders").replace("one", "two"))
    repository.commit()
    done = repository("--group", "test", "plan")
    assert done.out.count('"one" -> "two"') == 1
    assert "in all 2 targets:" in done.out
    report = repository("--group", "test", "plan", "--format", "json").json
    assert [(one["key"], one["targets"]) for one in report["variants"]] == [("orders", ["dev", "stage"])]
    assert cells(report)["orders"] == ["pending", "pending"]


def test_a_summary_has_one_line_for_each_change(repository: Folder) -> None:
    done = repository(*ALL, "plan", "--summary")
    assert "in prod:\n+ connection spec members" in done.out
    assert "/name" not in done.out


def test_each_target_has_the_report_that_it_has_alone(repository: Folder) -> None:
    alone = repository("--target", "prod", "plan", "--format", "json").json
    report = repository(*ALL, "plan", "--format", "json").json
    assert [target["report"]["digest"] for target in report["targets"] if target["name"] == "prod"] == [alone["digest"]]
    assert next(target["report"] for target in report["targets"] if target["name"] == "prod") == alone


def test_a_target_that_cannot_be_read_hides_no_other(repository: Folder) -> None:
    (repository.root / ".reconciler" / "stage.db").write_bytes(b"no database")
    done = repository(*ALL, "plan", "--format", "json")
    states = {target["name"]: (target["state"], target["exit_code"]) for target in done.json["targets"]}
    assert states == {"dev": ("in_sync", 0), "stage": ("failed", 1), "prod": ("to_do", 0)}
    assert cells(done.json)["orders"] == ["in_sync", "unknown", "create"]
    assert done.code == 1
    assert "error: stage could not be read" in repository(*ALL, "plan").out


@pytest.mark.parametrize(("flags", "code"), [((), 0), (("--detailed-exitcode",), 2)])
def test_something_to_do_is_a_difference_only_if_asked_for(repository: Folder, flags: tuple[str, ...], code: int) -> None:
    assert repository(*ALL, "plan", *flags).code == code


def test_a_refused_target_makes_the_run_refused(repository: Folder) -> None:
    assert repository(*ALL, "plan", "--max-creates", "1").code == 3


def test_a_guard_refuses_a_plan_and_not_a_status_as_for_one_target(repository: Folder) -> None:
    settings = SETTINGS + "safety: {max_creates: 1}\n"
    repository.write("reconciler.yaml", settings)
    assert [repository("--target", "prod", command).code for command in ("plan", "status")] == [3, 0]
    assert [repository(*ALL, command).code for command in ("plan", "status")] == [3, 0]
    assert "1 refused (prod)" in repository(*ALL, "status").out


def test_drift_in_one_target_is_found_among_many(repository: Folder) -> None:
    edited = SPEC.replace("KEY", "orders").replace("one", "by hand")
    repository.write("sources/orders/connection-spec.yaml", edited)
    assert repository("--target", "stage", "apply", "--yes", "--allow-dirty").code == 0
    repository.write("sources/orders/connection-spec.yaml", SPEC.replace("KEY", "orders"))
    done = repository("--group", "test", "drift", "--format", "json")
    assert done.code == 2
    assert {target["name"]: target["state"] for target in done.json["targets"]} == {"dev": "in_sync", "stage": "drifted"}
    assert done.json["report"] == "drift"


def test_a_spec_belongs_to_the_targets_that_only_names(repository: Folder) -> None:
    repository.write("sources/beta/connection-spec.yaml", "only: [test]\n" + SPEC.replace("KEY", "beta"))
    repository.commit()
    report = repository(*ALL, "plan", "beta", "--format", "json").json
    assert cells(report) == {"beta": ["create", "create", "absent"]}
    note = repository("--target", "prod", "plan", "beta")
    assert "'beta' does not belong to target prod: `only` in sources/beta/connection-spec.yaml does not name it" in note.out
    assert (note.code, repository("--target", "prod", "plan", "bta").code) == (0, 1)


def test_the_report_is_also_written_to_a_file(repository: Folder) -> None:
    printed = repository(*ALL, "status", "--format", "json").json
    repository(*ALL, "drift", "--report", "report.json")
    kept = json.loads((repository.root / "report.json").read_text())
    assert (kept["fleet"], kept["report"], len(kept["targets"])) == (True, "drift", 3)
    assert printed["report"] == "status"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--all", "plan"), "no target is left"),
        (("--target", "dev", "--target", "prd", "plan"), "unknown target 'prd'"),
        (("--group", "tset", "plan"), "unknown group 'tset'"),
        (("--target", "dev", "--target", "prod", "doctor"), "doctor works on one target, not on --target dev and --target prod"),
        (("--all", "restore", "j.jsonl"), "restore works on one target, not on --all"),
    ],
)
def test_what_cannot_be_meant_is_an_error(repository: Folder, words: tuple[str, ...], said: str) -> None:
    done = repository(*words)
    assert (done.code, done.out) == (1, "")
    assert said in done.err
    assert "hint:" in done.err


def test_no_gate_hides_drift(repository: Folder) -> None:
    repository.write("reconciler.yaml", SETTINGS.replace("  prod: {", "  prod: {after: [dev], "))
    edited = SPEC.replace("KEY", "orders").replace("one", "by hand")
    repository.write("sources/orders/connection-spec.yaml", edited)
    assert repository("--target", "dev", "apply", "--yes", "--allow-dirty").code == 0
    assert repository("--target", "prod", "apply", "--yes", "--allow-dirty").code == 0
    repository.write("sources/orders/connection-spec.yaml", SPEC.replace("KEY", "orders"))
    assert repository("--target", "prod", "plan", "--format", "json").json["waiting"]
    assert repository("--target", "prod", "drift").code == 2
    found = repository(*ALL, "drift", "--format", "json").json["targets"]
    assert [target["state"] for target in found if target["name"] == "prod"] == ["drifted"]


@pytest.mark.parametrize("command", ["plan", "drift"])
def test_markdown_and_html_show_every_target(repository: Folder, command: str) -> None:
    shown = repository(*ALL, command, "--format", "markdown").out
    assert shown.startswith(f"<!-- reconciler:{command} fleet=")
    page = repository(*ALL, command, "--format", "html").out
    assert page.startswith("<!DOCTYPE html>")
    assert "3 targets</h1>" in page


@pytest.fixture
def many(repository: Folder) -> Callable[[int], None]:
    def make(number: int) -> None:
        targets = "".join(f"  t{index}: {{emulator: .reconciler/stage.db, groups: [g{index % 2}]}}\n" for index in range(number))
        repository.write("reconciler.yaml", f"version: 1\nrepository: acme/aep-sources\ngroups: [g0, g1]\ntargets:\n{targets}")
        repository.write("sources/new/connection-spec.yaml", SPEC.replace("KEY", "new"))
        repository.commit()

    return make


def test_many_targets_are_counted_by_group_unless_all_are_wanted(repository: Folder, many: Callable[[int], None]) -> None:
    many(12)
    lines = repository("--group", "g0", "--group", "g1", "status").out.splitlines()
    assert [line.split("  ")[0] for line in lines[:2]] == ["SPEC", "new"]
    assert "g0 (6)" in lines[0]
    wide = repository("--group", "g0", "--group", "g1", "status", "--wide").out.splitlines()
    assert all(f"t{index}" in wide[0] for index in range(12))


def test_a_file_with_an_error_for_one_target_is_not_called_absent_there(repository: Folder) -> None:
    repository.write("sources/orders/connection-spec.yaml", SPEC.replace("KEY", "orders") + "overlays: {prod: {version: 2}}\n")
    repository.commit()
    report = repository(*ALL, "plan", "--format", "json").json
    assert cells(report)["orders"] == ["in_sync", "in_sync", "error"]


def test_a_fleet_on_one_emulator_has_sandboxes_that_are_apart(repository: Folder) -> None:
    repository.write("reconciler.yaml", SETTINGS + "fleets: {shops: {emulator: .reconciler/shops.db, sandboxes: [emea, apac]}}\n")
    repository.commit()
    assert repository("--target", "shops-emea", "apply", "orders", "--yes").code == 0
    assert cells(repository("--group", "shops", "status", "--format", "json").json) == {
        "members": ["create", "create"],
        "orders": ["in_sync", "create"],
    }
