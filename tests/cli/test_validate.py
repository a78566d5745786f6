"""`validate` on real files: rules, switches, mends."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from reconciler.documents.json_text import decode
from reconciler.texts.yaml import read_yaml
from tests.cli.fakes import Ran

Run: TypeAlias = Callable[..., Ran]

SETTINGS = """\
version: 1
repository: acme/aep-sources
default_target: local
targets:
  local: {emulator: .reconciler/local.db}
  stage: {org_id: 123@AdobeOrg, sandbox: dev}
"""
SPEC = """\
kind: ConnectionSpec
spec:
  name: Acme Orders
  providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a
  version: "1.0"
  type: generic-rest
  sourceSpec:
    attributes:
      urlParams: {host: "https://acme.example", path: /orders, method: get} # a comment
"""
FINDING = (
    "specs/sources/orders/connection-spec.yaml:9:72: error: 'get' is not a valid method [request-method]\n"
    "  hint: write GET\n\n1 error\n"
)


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "specs/sources/orders/connection-spec.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(SPEC)
    (tmp_path / "specs/reconciler.yaml").write_text(SETTINGS)
    return file


@pytest.fixture
def reconciler(spec: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*arguments: str, **environ: str) -> Ran:
        code = run(list(arguments), Shell(environ, open_sessions))
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    assert spec.exists()
    return ran


def settings(spec: Path, rules: str) -> None:
    (spec.parents[2] / "reconciler.yaml").write_text(f"{SETTINGS}rules: {rules}\n")


def test_a_finding_is_told_with_its_place_and_the_next_step(reconciler: Run) -> None:
    ran = reconciler("validate")
    assert (ran.code, ran.out) == (1, FINDING)


def test_an_error_refuses_the_plan_that_would_write_it_at_its_place(reconciler: Run) -> None:
    ran = reconciler("plan")
    place = "specs/sources/orders/connection-spec.yaml:9:72: error: connection spec 'orders' is not created: 'get' is not a valid method"
    assert (ran.code, place in ran.out, "[request-method]\n  hint: write GET; if the rule" in ran.out) == (3, True, True)
    assert reconciler("apply", "--yes").code == 3


def test_an_error_of_another_target_refuses_nothing_here(reconciler: Run, spec: Path) -> None:
    spec.write_text(SPEC.replace("get}", "GET}") + "overlays: {stage: {sourceSpec: {attributes: {urlParams: {method: get}}}}}\n")
    assert (reconciler("validate").code, reconciler("plan").code) == (1, 0)


def test_a_finding_that_is_ignored_refuses_nothing(reconciler: Run, spec: Path) -> None:
    spec.write_text(SPEC.replace("# a comment", "# reconciler: ignore[request-method] the service has it like this"))
    assert reconciler("plan").code == 0


def test_the_settings_let_a_plan_write_what_has_errors(reconciler: Run, spec: Path) -> None:
    (spec.parents[2] / "reconciler.yaml").write_text(f"{SETTINGS}safety: {{rules: warn}}\n")
    ran = reconciler("plan")
    assert (ran.code, "warning: 'get' is not a valid method" in ran.out) == (0, True)


def test_an_error_is_an_annotation_of_the_plan_at_its_place(reconciler: Run) -> None:
    problem = reconciler("plan", "--format", "json").json["problems"][0]
    place = [problem[name] for name in ("code", "file", "line", "column", "guard", "severity")]
    assert place == ["request-method", "specs/sources/orders/connection-spec.yaml", 9, 72, True, "error"]


def test_drift_and_status_do_not_ask_the_rules(reconciler: Run) -> None:
    assert (reconciler("drift").code, reconciler("status").code) == (0, 0)


def test_the_settings_switch_a_rule_off(reconciler: Run, spec: Path) -> None:
    settings(spec, "{request-method: off}")
    assert reconciler("validate").out == "no problems\n"


def test_the_settings_make_a_rule_weigh_less(reconciler: Run, spec: Path) -> None:
    settings(spec, "{request-method: warning}")
    ran = reconciler("validate")
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "1 warning")


def test_a_rule_that_there_is_not_is_a_mistake_of_the_settings(reconciler: Run, spec: Path) -> None:
    settings(spec, "{request-methods: off}")
    problem = reconciler("validate", "--format", "json").json["problems"][0]
    assert (problem["code"], problem["line"], problem["column"]) == ("unknown-rule", 7, 9)
    assert problem["hint"] == "did you mean 'request-method'?"


def test_a_level_that_there_is_not_is_a_mistake_of_the_settings(reconciler: Run, spec: Path) -> None:
    settings(spec, "{request-method: never}")
    problem = reconciler("validate", "--format", "json").json["problems"][0]
    assert problem["message"] == "`rules.request-method` must be one of 'off', 'info', 'warning' or 'error'"


def test_for_one_target_no_comment_is_told_to_be_unused(reconciler: Run, spec: Path) -> None:
    spec.write_text(SPEC.replace("method: get", "method: GET").replace("# a comment", "# reconciler: ignore[version]"))
    assert reconciler("--target", "stage", "validate").out == "no problems\n"
    assert "[unused-ignore]" in reconciler("validate").out


def test_github_gets_the_region(reconciler: Run) -> None:
    place = "file=specs/sources/orders/connection-spec.yaml,line=9,endLine=9,col=72,endColumn=75"
    assert reconciler("validate", "--format", "github").out.startswith(f"::error {place},title=request-method::'get' is")


def test_sarif_in_a_workflow_links_to_the_pages_of_the_repository(reconciler: Run, tmp_path: Path) -> None:
    sha = "a" * 40
    environ = {
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "acme/s",
        "GITHUB_SHA": sha,
        "GITHUB_WORKSPACE": str(tmp_path),
    }
    driver = decode(reconciler("validate", "--format", "sarif", **environ).out)["runs"][0]["tool"]["driver"]
    assert driver["rules"][0]["helpUri"] == f"https://github.com/acme/s/blob/{sha}/docs/rules.md#request-method"


def test_fix_mends_the_file_and_says_so(reconciler: Run, spec: Path) -> None:
    ran = reconciler("validate", "--fix")
    assert (ran.code, ran.out, ran.err) == (0, "no problems\n", "fixed 1 finding in 1 file\n")
    assert spec.read_text() == SPEC.replace("method: get", "method: GET")


def test_a_second_fix_has_nothing_to_do(reconciler: Run, spec: Path) -> None:
    reconciler("validate", "--fix")
    before = spec.stat().st_mtime_ns
    assert reconciler("validate", "--fix").err == "fixed 0 findings in 0 files\n"
    assert spec.stat().st_mtime_ns == before


def test_a_dry_run_shows_the_difference_and_writes_nothing(reconciler: Run, spec: Path) -> None:
    ran = reconciler("validate", "--fix", "--dry-run")
    changed = [line for line in ran.out.splitlines() if line.startswith(("-", "+"))]
    line = '      urlParams: {host: "https://acme.example", path: /orders, method: %s} # a comment'
    name = "specs/sources/orders/connection-spec.yaml"
    assert changed == [f"--- {name}", f"+++ {name}", f"-{line % 'get'}", f"+{line % 'GET'}"]
    assert (ran.code, ran.err) == (0, "1 fixable finding in 1 file\n")
    assert spec.read_text() == SPEC


def test_paths_limit_what_is_mended(reconciler: Run, spec: Path) -> None:
    other = spec.parents[1] / "others"
    other.mkdir()
    (other / "connection-spec.yaml").write_text(SPEC.replace("Acme Orders", "Other Orders"))
    assert reconciler("validate", "--fix", str(other)).err == "fixed 1 finding in 1 file\n"
    assert spec.read_text() == SPEC


def test_permissions_stay_when_a_file_is_mended(reconciler: Run, spec: Path) -> None:
    spec.chmod(0o640)
    reconciler("validate", "--fix")
    assert stat.S_IMODE(spec.stat().st_mode) == 0o640
    assert list(spec.parent.iterdir()) == [spec]


def test_a_file_in_error_is_not_mended(reconciler: Run, spec: Path) -> None:
    spec.write_text(SPEC.replace('version: "1.0"', "version: 1.0"))
    assert reconciler("validate", "--fix").err == "fixed 0 findings in 0 files\n"


def test_a_folder_that_cannot_be_written_is_told(reconciler: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object, **_how: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("reconciler.cli.files.write_whole", refuse)
    ran = reconciler("validate", "--fix")
    assert (ran.code, ran.err.splitlines()[0]) == (
        1,
        "error: cannot write specs/sources/orders/connection-spec.yaml: Permission denied",
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--dry-run"], "error: --dry-run requires --fix"),
        (["--fix", "--target", "stage"], "error: --fix changes files for every target"),
        (["--explain", "request-metod"], "error: unknown code 'request-metod'"),
    ],
)
def test_what_makes_no_sense_is_a_mistake(reconciler: Run, words: list[str], message: str) -> None:
    ran = reconciler("validate", *words)
    assert (ran.code, ran.err.splitlines()[0]) == (1, message)


def test_a_rule_is_explained(reconciler: Run) -> None:
    ran = reconciler("validate", "--explain", "request-method")
    assert (ran.code, ran.out.splitlines()[0]) == (0, "request-method (error): The method is GET or POST")


def test_a_finding_of_a_trial_is_explained(reconciler: Run) -> None:
    ran = reconciler("validate", "--explain", "full-first-page")
    assert (ran.code, ran.out.splitlines()[0]) == (0, "full-first-page (warning): A full first page is not the only one")


def test_a_secret_is_found_and_not_repeated(reconciler: Run, spec: Path) -> None:
    key = "5e8f2a91c07d4b36"
    spec.write_text(f"{SPEC}      headerParams: {{x-api-key: {key}}}\n")
    ran = reconciler("validate")
    assert "[literal-secret]" in ran.out
    assert key not in ran.out


def test_two_files_of_one_name_are_told_unless_an_id_tells_them_apart(reconciler: Run, spec: Path) -> None:
    twin = spec.parents[1] / "more" / spec.name
    twin.parent.mkdir()
    twin.write_text(SPEC)
    told = [
        problem["file"]
        for problem in reconciler("validate", "--format", "json").json["problems"]
        if problem["code"] == "same-name"
    ]
    assert told == ["specs/sources/more/connection-spec.yaml", "specs/sources/orders/connection-spec.yaml"]
    targets = read_yaml(SETTINGS.encode()).value["targets"]
    ids = ", ".join(f"{name}: 4fe859de-3f5a-4f5e-9f5e-1a3f6c0de0c0" for name in targets)
    twin.write_text(f"{SPEC}ids: {{{ids}}}\n")
    assert "same-name" not in reconciler("validate").out


def test_a_key_that_is_retired_and_has_a_file_is_an_error(spec: Path, reconciler: Run) -> None:
    settings = spec.parents[2] / "reconciler.yaml"
    settings.write_text(SETTINGS + "retired: [{key: orders, reason: The vendor left.}]\n")
    ran = reconciler("validate")
    assert (ran.code, "[retired-key]" in ran.out) == (1, True)


def test_the_last_spec_file_may_be_retired(spec: Path, reconciler: Run) -> None:
    settings = spec.parents[2] / "reconciler.yaml"
    spec.unlink()
    assert reconciler("validate").code == 1
    settings.write_text(SETTINGS + "retired: [{key: orders, reason: The vendor left.}]\n")
    assert reconciler("validate").code == 0
