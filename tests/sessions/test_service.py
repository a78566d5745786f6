"""The command line on real sessions: spec files in a folder, and the embedded Flow Service."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from tests.cli.fakes import Ran
from tests.refusing import refusing

Run: TypeAlias = Callable[..., Ran]

SETTINGS = """\
version: 1
repository: acme/aep-sources
default_target: local
targets:
  local: {emulator: .reconciler/local.db}
  stage: {org_id: 123@AdobeOrg, sandbox: dev}
network: {consistency_window: 0s, settle: 0s, retries: 0}
"""
SPEC = """\
kind: ConnectionSpec
spec:
  name: Acme Orders
  providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a
  version: "1.0"
  type: generic-rest
  sourceSpec: {attributes: {host: us6, urlParams: {path: /orders, method: GET}}}
"""


@pytest.fixture
def specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "specs"
    (folder / "sources" / "orders").mkdir(parents=True)
    (folder / "reconciler.yaml").write_text(SETTINGS)
    (folder / "sources" / "orders" / "connection-spec.yaml").write_text(SPEC)
    return folder


@pytest.fixture
def reconciler(specs: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*arguments: str, **environ: str) -> Ran:
        code = run(list(arguments), Shell(environ, open_sessions))
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    assert specs.is_dir()
    return ran


def test_what_was_planned_is_applied_and_the_next_plan_is_quiet(reconciler: Run) -> None:
    assert reconciler("plan", "--out", "plan.json").code == 0
    assert reconciler("apply", "plan.json", "--yes").code == 0
    assert "nothing to do: 1 in sync" in reconciler("plan").out
    assert reconciler("drift").code == 0
    assert reconciler("apply", "plan.json", "--yes").code == 3
    assert reconciler("status", "--format", "json").json["specs"][0]["attached_to"] == ["RestStorageToAEP"]


def test_validate_reads_the_files_for_every_target(reconciler: Run, specs: Path) -> None:
    assert reconciler("validate").out == "no problems\n"
    spec = specs / "sources" / "orders" / "connection-spec.yaml"
    spec.write_text(SPEC + "overlays: {stage: {version: 1}}\nfoo: 1\n")
    ran = reconciler("validate", "--format", "json")
    assert ran.code == 1
    assert len(ran.json["problems"]) == len({str(problem) for problem in ran.json["problems"]})
    assert {problem["file"] for problem in ran.json["problems"]} == {"specs/sources/orders/connection-spec.yaml"}


def test_validate_can_look_at_one_target(reconciler: Run, specs: Path) -> None:
    spec = specs / "sources" / "orders" / "connection-spec.yaml"
    spec.write_text(SPEC + "overlays: {stage: {name: null}}\n")
    assert reconciler("--target", "local", "validate").code == 0
    assert reconciler("--target", "stage", "validate").code == 1
    assert "unknown target 'prod'" in reconciler("--target", "prod", "validate").err


def test_validate_without_settings_still_reads_the_files(reconciler: Run, specs: Path) -> None:
    (specs / "reconciler.yaml").unlink()
    (specs / "sources" / "orders" / "connection-spec.yaml").write_text("kind: ConnectionSpec\n")
    ran = reconciler("validate", "--format", "json")
    assert {problem["file"] for problem in ran.json["problems"]} == {
        "specs/reconciler.yaml",
        "specs/sources/orders/connection-spec.yaml",
    }


def test_a_target_without_credentials_says_which_variables_to_set(reconciler: Run) -> None:
    ran = reconciler("--target", "stage", "plan")
    assert ran.code == 1
    assert "RECONCILER_CLIENT_ID" in ran.err


def test_a_target_over_http_that_nobody_serves_is_an_error_and_no_traceback(reconciler: Run) -> None:
    with refusing() as here:
        environ = {
            "RECONCILER_CLIENT_ID": "id",
            "RECONCILER_CLIENT_SECRET": "hush",
            "RECONCILER_STAGE_BASE_URL": f"{here}/flowservice",
            "RECONCILER_STAGE_TOKEN_URL": f"{here}/token",
        }
        ran = reconciler("--target", "stage", "plan", "-v", **environ)
    assert ran.code == 1
    assert "Traceback" not in ran.err
    assert "hush" not in ran.out + ran.err
