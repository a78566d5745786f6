"""Reports on a terminal, which fit its width; off one, and in other formats, nothing is wrapped."""

from __future__ import annotations

import os
import sys

import pytest

from reconciler.documents.comparison import Cause
from tests.cli.fakes import DIGEST, CommandLine, FakeSessions, Terminal, edit, plan


def narrow(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Standard output, on a terminal of 60 columns."""
    screen = Terminal()
    monkeypatch.setattr(screen, "fileno", lambda: 1, raising=False)
    monkeypatch.setattr(os, "get_terminal_size", lambda _fd: os.terminal_size((60, 24)))
    monkeypatch.setattr(sys, "stdout", screen)
    return screen


@pytest.mark.parametrize("command", [["plan"], ["plan", "--summary"], ["drift"], ["status"], ["apply", "--yes"]])
def test_a_report_fits_the_terminal(reconciler: CommandLine, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    screen = narrow(monkeypatch)
    reconciler(*command, environ={"NO_COLOR": "1"}, sessions=FakeSessions(plan(edit(Cause.DRIFT))))
    lines = screen.getvalue().splitlines()
    assert lines[:2] == ["target stage · platform-stage.adobe.io · org 123@AdobeOrg ·", "  sandbox dev"]
    assert max(map(len, lines)) <= 60


def test_a_narrow_terminal_has_a_digest_that_fits(reconciler: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = narrow(monkeypatch)
    reconciler("plan", environ={"NO_COLOR": "1"}, sessions=FakeSessions(plan(edit())))
    assert DIGEST not in screen.getvalue()
    assert screen.getvalue().endswith(
        f"digest {DIGEST[:16]}\nnext: reconciler --target stage apply --expect \\\n  {DIGEST[:16]}\n"
    )


def test_json_is_not_wrapped(reconciler: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = narrow(monkeypatch)
    reconciler("plan", "--format", "json", sessions=FakeSessions(plan(edit())))
    assert DIGEST in screen.getvalue()


def test_off_a_terminal_nothing_is_wrapped(reconciler: CommandLine) -> None:
    ran = reconciler("plan", sessions=FakeSessions(plan(edit(Cause.DRIFT))))
    assert "target stage · platform-stage.adobe.io · org 123@AdobeOrg · sandbox dev\n" in ran.out
    assert DIGEST in ran.out
