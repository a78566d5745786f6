from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reconciler.cli.terminal.progress import LogProgress
from reconciler.cli.trying import ask_after
from reconciler.documents.json_text import decode
from reconciler.sources.window import Mode, Window
from reconciler.trying.hosts import Question
from reconciler.trying.outcome import Tried
from reconciler.trying.report import NotTried, TryReport
from tests.cli.fakes import CommandLine, FakeSessions, Terminal
from tests.reports.trying.reports import broken, finding, report, tries, unrecorded


def sessions(tried: TryReport, **means: object) -> FakeSessions:
    return FakeSessions(tried=Tried(tried, **means))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tried", "code"),
    [
        (report(), 0),
        (report(finding()), 4),
        (report(finding(), unanswered=True), 1),
        (report(is_dry=True), 0),
    ],
)
def test_the_exit_code_is_that_of_the_trial(reconciler: CommandLine, tried: TryReport, code: int) -> None:
    assert reconciler("try", "members", sessions=sessions(tried)).code == code


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ((report(), unrecorded()), 0),
        ((report(), broken()), 1),
        ((report(finding()), broken()), 4),
        ((unrecorded(),), 0),
    ],
)
def test_the_worst_of_all_trials_decides(reconciler: CommandLine, results: tuple[TryReport | NotTried, ...], code: int) -> None:
    ran = reconciler("try", "--all", sessions=FakeSessions(tried=Tried(tries(*results))))
    assert ran.code == code


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html"])
def test_an_output_with_a_secret_is_not_written_anywhere(reconciler: CommandLine, tmp_path: Path, form: str) -> None:
    kept, file = tmp_path / "report.json", tmp_path / "cassette.jsonl"
    leaking = sessions(
        report(rows=({"id": "hunter2"},)), finds=lambda text: "KEY" if "hunter2" in text else None, files=((file, b"{}"),)
    )
    ran = reconciler("try", "members", "--format", form, "--report", str(kept), sessions=leaking)
    assert ran.code == 1
    assert "hunter2" not in ran.out + ran.err
    assert "the output contains the value of KEY" in ran.err
    assert not file.exists()
    assert not kept.exists() or "hunter2" not in kept.read_text()


def test_a_file_with_a_secret_is_not_written_either(reconciler: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "cassette.jsonl"
    leaking = sessions(report(), finds=lambda text: "KEY" if "hunter2" in text else None, files=((file, b"hunter2"),))
    assert reconciler("try", "members", sessions=leaking).code == 1
    assert not file.exists()


def test_the_files_of_a_trial_are_written_with_their_folders(reconciler: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "proofs" / "members" / "cassette.jsonl"
    assert reconciler("try", "members", sessions=sessions(report(), files=((file, b"{}"),))).code == 0
    assert file.read_bytes() == b"{}"


def test_a_file_that_cannot_be_written_is_an_error_before_the_report(reconciler: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "proofs").write_text("in the way")
    ran = reconciler("try", "members", sessions=sessions(report(), files=((tmp_path / "proofs" / "x", b"{}"),)))
    assert (ran.code, ran.out) == (1, "")
    assert "cannot write" in ran.err


def test_the_report_is_also_kept_as_json(reconciler: CommandLine, tmp_path: Path) -> None:
    kept = tmp_path / "report.json"
    reconciler("try", "members", "--report", str(kept), sessions=sessions(report(finding())))
    assert decode(kept.read_bytes())["outcome"] == "failed"


def test_the_options_reach_the_trial(reconciler: CommandLine) -> None:
    asked = sessions(report())
    words = ["--auth", "Key", "--set", "a=b=c", "--pages", "7", "--records", "0", "--assume", "offset.no-end=never"]
    reconciler("try", *words, "--window", "2026-01-01..2026-01-02T12:00:00+02:00", "--curl", "members", sessions=asked)
    (given,) = asked.asked
    assert (given.keys, given.everything) == (("members",), False)
    options = given.options
    assert (options.auth, options.sets, options.pages, options.rows) == ("Key", {"a": "b=c"}, 7, 0)
    assert (options.assume, options.curl, options.mode) == ({"offset.no-end": "never"}, True, Mode.INCREMENTAL)
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, 10, tzinfo=UTC)
    assert options.window == Window(Mode.INCREMENTAL, start, end)


@pytest.mark.parametrize(
    ("words", "origin", "record", "writes_stub"),
    [
        ((), "live", None, False),
        (("--replay",), "cassette", None, False),
        (("--stub",), "stub", None, False),
        (("--record",), "live", "redacted", False),
        (("--record", "--stub"), "stub", "redacted", True),
        (("--stub", "--record"), "stub", "redacted", True),
    ],
)
def test_who_answers_and_what_is_kept(
    reconciler: CommandLine, words: tuple[str, ...], origin: str, record: str | None, writes_stub: bool
) -> None:
    for given in ((*words, "members"), ("members", *words)):
        asked = sessions(report())
        assert reconciler("try", *given, sessions=asked).code == 0
        options = asked.asked[0].options
        assert (options.origin, options.record, options.writes_stub) == (origin, record, writes_stub)
        assert asked.asked[0].keys == ("members",)


@pytest.mark.parametrize(
    "words",
    [
        ("--record", "--windows"),
        ("--record", "--assumptions"),
        ("--record", "--dry-run"),
        ("--record", "raw"),
        ("--replay", "--stub"),
        ("--replay", "--probe-auth"),
        ("--stub", "--probe-auth"),
        ("--dry-run", "--probe-auth"),
        ("--preview", "--window", "2026-01-01..2026-01-02"),
        ("--window", "2026-01-01..2026-01-01"),
        ("--assume", "x=1", "--assume", "x=2"),
    ],
)
def test_options_that_contradict_each_other_try_nothing(reconciler: CommandLine, words: tuple[str, ...]) -> None:
    asked = sessions(report())
    ran = reconciler("try", "members", *words, sessions=asked)
    assert ran.code == 1
    assert "hint: " in ran.err
    assert asked.asked == []


@pytest.mark.parametrize(
    ("typed", "answer"), [("yes\n", True), ("no\n", False), ("\n", False), ("YES please\n", False), ("", False)]
)
def test_only_a_typed_yes_sends_secrets_to_a_host(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, typed: str, answer: bool
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    assert ask_after(LogProgress(), Question("api.example.com", ("RECONCILER_PROOF_KEY",))) is answer
    assert "api.example.com would get the values of RECONCILER_PROOF_KEY" in capsys.readouterr().err


def test_a_report_that_cannot_be_kept_is_an_error_once(reconciler: CommandLine, tmp_path: Path) -> None:
    ran = reconciler("try", "members", "--report", str(tmp_path / "missing" / "report.json"), sessions=sessions(report()))
    assert (ran.code, ran.err.count("cannot write")) == (1, 1)
