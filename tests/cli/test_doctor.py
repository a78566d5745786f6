"""`reconciler doctor`: what it prints, where its hints lead, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from reconciler.diagnosis.report import Check, Diagnosis, TargetDiagnosed
from tests.cli.fakes import FakeSessions

TARGET = TargetDiagnosed("stage", "platform.adobe.io", "1@AdobeOrg", "dev")
CHECKS = (
    Check("python", "ok", "Python 3.11", asked="version of Python"),
    Check("token", "fail", "invalid_client", "check RECONCILER_CLIENT_SECRET", "POST token"),
    Check("proxy", "fail", "the proxy returned 407", "check HTTPS_PROXY", "environment"),
    Check("read-flows", "unknown", "not asked", asked="GET /flows"),
    Check("read-runs", "unknown", "not asked", asked="GET /runs"),
    Check("marker", "unknown", "no live spec", "run again", due=False),
)


BROKEN = Diagnosis(TARGET, CHECKS)


def doctor(*arguments: str, diagnosis: Diagnosis = BROKEN, **environ: str) -> int:
    return run(["--specs", "specs", "doctor", *arguments], Shell(environ, lambda _environ: FakeSessions(diagnosis=diagnosis)))


def test_each_check_has_a_line_and_what_was_not_asked_has_one_together(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor() == 4
    assert capsys.readouterr().out == (
        "target stage · platform.adobe.io · org 1@AdobeOrg · sandbox dev\n"
        "ok       python      Python 3.11  [version of Python]\n"
        "fail     token       invalid_client  [POST token]\n"
        "        hint: check RECONCILER_CLIENT_SECRET\n"
        "fail     proxy       the proxy returned 407  [environment]\n"
        "        hint: check HTTPS_PROXY\n"
        "unknown  read-flows  not asked\n"
        "        also: read-runs\n"
        "unknown  marker      no live spec\n"
        "        hint: run again\n"
        "\n"
        "6 checks: 1 ok, 2 failed, 2 without an answer, 1 not known\n"
    )


def test_json_has_every_check_and_a_version(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert doctor("--format", "json", "--report", str(tmp_path / "report.json")) == 4
    out = capsys.readouterr().out
    found = json.loads(out)
    assert (found["report"], found["format_version"], found["in_order"]) == ("doctor", 1, False)
    assert found["summary"] == {"ok": 1, "warn": 0, "fail": 2, "unknown": 3}
    assert found["checks"][1] == {
        "id": "token",
        "outcome": "fail",
        "asked": "POST token",
        "said": "invalid_client",
        "hint": "check RECONCILER_CLIENT_SECRET",
        "due": True,
    }
    assert (tmp_path / "report.json").read_text() == out


def test_a_target_in_order_exits_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor(diagnosis=Diagnosis(TARGET, (CHECKS[0], CHECKS[-1], Check("etags", "warn", "weak", "see")))) == 0
    assert "3 checks: 1 ok, 1 warning, 1 not known" in capsys.readouterr().out


def test_settings_that_are_not_usable_exit_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor(diagnosis=Diagnosis(None, (Check("settings", "fail", "no targets", "write one:\n  targets: {}"),))) == 1
    out = capsys.readouterr().out
    assert "hint: write one:\n        |   targets: {}\n" in out
    assert out.endswith("Flow Service was not queried: fix what failed first\n")


def test_on_github_a_hint_says_where_its_variables_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor(GITHUB_ACTIONS="true") == 4
    out = capsys.readouterr().out
    assert "check RECONCILER_CLIENT_SECRET; on GitHub: Settings, Environments, stage, secrets and variables" in out
    assert "check HTTPS_PROXY; on GitHub: set it with env: in the workflow" in out
    assert "run again; on GitHub" not in out


def test_what_a_server_says_cannot_control_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    doctor(diagnosis=Diagnosis(TARGET, (Check("a", "fail", "x\x1b[2J\n::error::y", "h\u202e"),)))
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\n::error" not in out
    assert "\u202e" not in out


def test_deep_shows_what_it_makes_and_is_refused_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor("--deep") == 3
    err = capsys.readouterr().err
    assert "makes 1 draft\ncannot be removed: nothing\n" in err
    assert "pass --yes" in err


def test_deep_with_yes_shows_what_it_makes_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor("--deep", "--yes", diagnosis=Diagnosis(TARGET, CHECKS[:1], deep=True)) == 0
    assert "cannot be removed: nothing" in capsys.readouterr().err


@pytest.mark.parametrize("option", [("--yes",), ("--allow-target", "stage")])
def test_an_option_of_deep_alone_is_an_error(option: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor(*option) == 1
    assert "add --deep" in capsys.readouterr().err
