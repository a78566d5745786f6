from __future__ import annotations

import logging
import os
import sys

import pytest

from reconciler.cli.entry import open_sessions
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.logs import shown_log
from reconciler.cli.terminal.progress import LogProgress, TerminalProgress
from tests.cli.fakes import edit


def test_a_log_has_a_line_for_what_takes_long_and_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    progress = LogProgress()
    progress.step("reading spec files")
    progress.step("waiting 10 s, so that specs show up")
    for done in range(1, 60):
        progress.wrote(edit(), done, 59)
    progress.clear()
    assert capsys.readouterr().err == "waiting 10 s, so that specs show up\n25 of 59 written\n50 of 59 written\n"


def test_a_verbose_log_has_every_step(capsys: pytest.CaptureFixture[str]) -> None:
    progress = LogProgress(verbose=True)
    progress.step("reading\n::error::")
    progress.wrote(edit(), 1, 1)
    assert capsys.readouterr().err == "reading\\n::error::\n1 of 1: update members\n"


def test_a_progress_line_is_harmless_and_not_wider_than_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    TerminalProgress().step("\x1b[2J" + "x" * 200)
    assert capsys.readouterr().err == "\r\x1b[K\\x1b[2J" + "x" * 93


def test_a_progress_line_leaves_a_column_of_a_narrow_terminal_free(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "fileno", lambda: 2)
    monkeypatch.setattr(os, "get_terminal_size", lambda _fd: os.terminal_size((40, 24)))
    TerminalProgress().step("x" * 200)
    assert capsys.readouterr().err == "\r\x1b[K" + "x" * 39


def test_requests_are_told_only_when_verbose(capsys: pytest.CaptureFixture[str]) -> None:
    shell = Shell({}, open_sessions)
    with shown_log(lambda: shell.verbose):
        logging.getLogger("reconciler.http").info("GET %s", "/quiet")
        shell.verbose = True
        logging.getLogger("reconciler.http").info("GET %s", "/told\n::error::")
    logging.getLogger("reconciler.http").info("GET %s", "/after")
    assert capsys.readouterr().err == "GET /told\\n::error::\n"
