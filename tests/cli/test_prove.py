"""`reconciler prove`: its options, its question, and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from reconciler.errors import ExitCode
from reconciler.proving.cleaning import Cleaned
from reconciler.proving.outcome import CleanupReport, Proven
from reconciler.proving.report import LeftOver, NotProved, ProveAllReport, TargetProved
from tests.cli.fakes import FakeSessions

RUN = "20261127T1012-7f3a"
TARGET = TargetProved("dev", "platform.adobe.io", "1@AdobeOrg", "dev")
NOTHING = Proven(ProveAllReport((NotProved("members", (), ExitCode.REFUSED),)))


def prove(*arguments: str, left: tuple[LeftOver, ...] = ()) -> tuple[int, FakeSessions]:
    sessions = FakeSessions(proven=NOTHING, cleaned=CleanupReport(TARGET, (), "all", Cleaned((), left)))
    return run(["--specs", "specs", "prove", *arguments], Shell({}, lambda _environ: sessions)), sessions


def test_options_reach_the_proof() -> None:
    code, sessions = prove(
        *("members", "--yes", "--no-try", "--skip", "auth", "--wait", "2m", "--older-than", "1h", "--allow-target", "dev")
    )
    assert code == 3
    options = sessions.proofs[0].options
    assert (options.no_try, options.skip, options.wait, options.landed, options.older_than) == (
        True,
        ("auth",),
        120.0,
        120.0,
        3600.0,
    )
    assert options.allow_target == "dev"


@pytest.mark.parametrize(
    ("words", "resume", "keys"),
    [
        (("members", "--resume"), "", ("members",)),
        (("--resume", "members"), "", ("members",)),
        (("--resume", RUN, "members"), RUN, ("members",)),
        (("members",), None, ("members",)),
    ],
)
def test_resume_takes_a_run_and_no_key(words: tuple[str, ...], resume: str | None, keys: tuple[str, ...]) -> None:
    _, sessions = prove("--yes", *words)
    assert (sessions.proofs[0].options.resume, sessions.proofs[0].keys) == (resume, keys)


@pytest.mark.parametrize(
    ("words", "runs", "keys"),
    [
        (("--cleanup",), "all", ()),
        (("--cleanup", "all"), "all", ()),
        (("--cleanup", "members"), "all", ("members",)),
        (("members", "--cleanup", RUN), RUN, ("members",)),
    ],
)
def test_cleanup_takes_a_run_or_all_and_no_key(words: tuple[str, ...], runs: str, keys: tuple[str, ...]) -> None:
    code, sessions = prove(*words)
    assert (code, sessions.cleanups[0].runs, sessions.cleanups[0].keys) == (0, runs, keys)
    assert sessions.proofs == []


def test_a_clean_up_can_show_what_it_would_delete(capsys: pytest.CaptureFixture[str]) -> None:
    left = LeftOver("flow", "f1", "reconciler-proof/members/x/flow", "")
    code, sessions = prove("--cleanup", "--dry-run", left=(left,))
    assert (code, sessions.cleanups[0].dry_run) == (4, True)
    printed = capsys.readouterr().out
    assert "would delete: flow 'reconciler-proof/members/x/flow' (f1)" in printed
    assert printed.endswith("1 resource would be deleted\n")


def test_what_is_left_by_a_clean_up_is_shown_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    code, _ = prove("--cleanup", left=(LeftOver("flow", "f1", "reconciler-proof/members/x/flow", "in use"),))
    assert code == 4
    assert "left: flow 'reconciler-proof/members/x/flow' (f1): in use" in capsys.readouterr().out


def test_without_a_terminal_nothing_is_made_without_yes(capsys: pytest.CaptureFixture[str]) -> None:
    assert prove("members")[0] == 1
    assert "nothing was made: there is no terminal to confirm on" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "no source was named"),
        (("a", "b", "--yes", "--format", "html"), "--format html is for one source"),
        (("a", "b", "--yes", "--journal", "x.jsonl"), "--journal is for one source"),
        (("a", "--cleanup", "--keep"), "--cleanup and --keep exclude each other"),
        (("a", "--dry-run", "--format", "html"), "--dry-run has no --format html"),
        (("a", "--dry-run", "--format", "markdown"), "--dry-run has no --format markdown"),
        (("--cleanup", "--format", "markdown"), "--cleanup has no --format markdown"),
        (("a", "--wait", "soon"), "is not a duration"),
    ],
)
def test_options_that_contradict_each_other_are_refused(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert prove(*words)[0] == 1
    assert said in capsys.readouterr().err


def test_the_report_is_kept_as_json(tmp_path: Path) -> None:
    prove("members", "--yes", "--report", str(tmp_path / "proof.json"))
    assert '"report": "prove-all"' in (tmp_path / "proof.json").read_text()
