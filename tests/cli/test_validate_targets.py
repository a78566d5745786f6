"""`validate` for chosen targets: each problem once, with the targets that have it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from reconciler.desired.tree import WorkingTree
from tests.cli.fakes import Ran
from tests.reports.schemas.conforming import check_output

Run: TypeAlias = Callable[..., Ran]

SETTINGS = """\
version: 1
repository: acme/aep-sources
groups: [real]
targets:
  local: {emulator: .reconciler/local.db, vars: {path: /local}}
  stage: {org_id: 123@AdobeOrg, sandbox: stage, groups: [real], vars: {path: /stage}}
  prod: {org_id: 123@AdobeOrg, sandbox: prod, groups: [real], vars: {path: /prod, hots: "https://acme.example"}}
"""
SPEC = """\
kind: ConnectionSpec
overlays:
  prod: {sourceSpec: {attributes: {urlParams: {method: get}}}}
spec:
  name: Acme Orders
  providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a
  version: "1.0"
  type: generic-rest
  sourceSpec:
    attributes:
      urlParams: {host: "https://acme.example", path: {var: path}, method: GET}
"""
FILE = "specs/sources/orders/connection-spec.yaml"
LINT = f"{FILE}:3:56: error: 'get' is not a valid method"


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / FILE
    file.parent.mkdir(parents=True)
    file.write_text(SPEC)
    (tmp_path / "specs/reconciler.yaml").write_text(SETTINGS)
    return file


@pytest.fixture
def reconciler(spec: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*arguments: str) -> Ran:
        assert spec.exists()
        code = run(list(arguments), Shell({}, open_sessions))
        printed = capsys.readouterr()
        check_output(arguments, printed.out)
        return Ran(code, printed.out, printed.err)

    return ran


def problems(done: Ran) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done.out)["problems"]
    return found


def test_a_finding_that_some_of_the_targets_have_is_reported_once_with_these(reconciler: Run) -> None:
    done = reconciler("--target", "stage", "--target", "prod", "validate")
    assert done.code == 1
    assert done.out == f"{LINT} (in target prod) [request-method]\n  hint: write GET\n\n2 targets: 1 error (errors in prod)\n"
    assert reconciler("validate", "--target", "local", "--target", "stage").out == "2 targets: no problems\n"


def test_a_selection_of_one_target_has_the_form_of_a_selection_and_names_what_it_leaves_out(reconciler: Run) -> None:
    done = reconciler("--all", "--except", "prod", "validate", "--format", "json")
    report = json.loads(done.out)
    assert (done.code, report["fleet"], report["problems"]) == (0, True, [])
    assert report["targets"] == [{"name": "stage", "exit_code": 0}]
    assert report["selection"]["left_out"] == [{"target": "local", "why": "emulator"}, {"target": "prod", "why": "except"}]
    assert "left out: local (emulators: name them with --target)" in reconciler("validate", "--all").out


def test_each_problem_has_all_its_targets_in_json(spec: Path, reconciler: Run) -> None:
    spec.write_text(SPEC.replace('version: "1.0"', "version: 1.0"))
    (problem,) = problems(reconciler("--group", "real", "validate", "--format", "json"))
    assert (problem["code"], problem["targets"]) == ("version-not-text", ["stage", "prod"])
    assert "(in target" not in problem["message"]


def test_an_error_of_one_targets_overlay_names_it_and_hides_nothing_of_the_others(spec: Path, reconciler: Run) -> None:
    spec.write_text(SPEC.replace("{sourceSpec", "{name: 5, sourceSpec").replace("method: GET}", "method: put}"))
    found = problems(reconciler("--group", "real", "validate", "--format", "json"))
    assert [(problem["code"], problem["targets"]) for problem in found] == [
        ("missing-name", ["prod"]),
        ("request-method", ["stage"]),
    ]
    assert found[0]["message"].endswith("(in target prod)")


@pytest.mark.parametrize("form", ["github", "gitlab", "junit", "sarif"])
def test_every_format_names_the_targets_of_a_problem(form: str, reconciler: Run) -> None:
    done = reconciler("--group", "real", "validate", "--format", form)
    assert (done.code, done.out.count("(in target prod)") > 0) == (1, True)


@pytest.mark.parametrize("options", [(), ("--all",), ("--target", "local", "--target", "stage", "--target", "prod")])
def test_an_unknown_variable_is_reported_once_with_the_targets_that_lack_it(
    options: tuple[str, ...], spec: Path, reconciler: Run
) -> None:
    spec.write_text(SPEC.replace("{var: path}", "{var: host}"))
    found = problems(reconciler(*options, "validate", "--format", "json"))
    (problem,) = (problem for problem in found if problem["code"] == "unknown-variable")
    assert problem["message"] == "variable 'host' is not defined for targets 'local', 'stage', 'prod'"
    assert problem["hint"].startswith("write vars: {host: …}")


def test_a_variable_that_only_a_target_without_the_mistake_has_is_no_suggestion(spec: Path, reconciler: Run) -> None:
    spec.write_text(SPEC.replace("{var: path}", "{var: hosts}"))
    (problem,) = problems(reconciler("--target", "stage", "--target", "local", "validate", "--format", "json"))
    assert problem["targets"] == ["local", "stage"]
    assert "did you mean" not in problem["hint"]


def test_files_are_read_once_for_all_targets(reconciler: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    really = WorkingTree.read

    def noted(tree: WorkingTree, path: str) -> bytes:
        read.append(path)
        return really(tree, path)

    monkeypatch.setattr("reconciler.desired.tree.WorkingTree.read", noted)
    reconciler("--target", "stage", "--target", "local", "validate")
    assert len(read) == 2  # to parse it, and to place findings and comments
    read.clear()
    reconciler("validate")
    assert len(read) == 2


def test_named_files_limit_what_is_shown(reconciler: Run) -> None:
    assert reconciler("--group", "real", "validate", "orders").code == 1
    done = reconciler("--group", "real", "validate", "specs/reconciler.yaml")
    assert (done.code, done.out) == (0, "2 targets: no problems\n")


def test_settings_that_cannot_be_read_are_reported_without_targets(reconciler: Run) -> None:
    Path("specs/reconciler.yaml").write_text("version: 2\n")
    done = reconciler("--all", "validate", "--format", "json")
    report = json.loads(done.out)
    assert (done.code, report["targets"]) == (1, [])
    assert "specs/reconciler.yaml" in {problem["file"] for problem in report["problems"]}


@pytest.mark.parametrize("options", [("--all",), ("--target", "stage", "--target", "prod"), ("--group", "real")])
def test_fix_is_for_every_target(options: tuple[str, ...], reconciler: Run) -> None:
    done = reconciler(*options, "validate", "--fix")
    assert done.code == 1
    assert "--fix changes files for every target" in done.err


def test_an_unknown_target_is_an_error(reconciler: Run) -> None:
    done = reconciler("--target", "stage", "--target", "prdo", "validate")
    assert (done.code, "did you mean 'prod'?" in done.err) == (1, True)
