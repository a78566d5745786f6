"""What a step of GitHub Actions sees of a command, on streams that are the log."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

import pytest

from reconciler.cli.terminal.actions_log import print_commands, stopped_commands

ACTIONS = {"GITHUB_ACTIONS": "true"}
_STOPPED = re.compile(r"::stop-commands::([0-9a-f]{32})\n(.*?)::\1::\n", re.DOTALL)


@contextmanager
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[TextIOWrapper]:
    """Both streams lead into one pipe, as they do for the runner; gives the other end."""
    source, sink = os.pipe()
    with os.fdopen(source) as reader, os.fdopen(sink, "w", buffering=1) as writer:
        monkeypatch.setattr(sys, "stdout", writer)
        monkeypatch.setattr(sys, "stderr", writer)
        yield reader
        monkeypatch.undo()


def test_what_is_printed_stands_between_a_stop_and_its_token(monkeypatch: pytest.MonkeyPatch) -> None:
    with log(monkeypatch) as reader:
        with stopped_commands(["plan"], ACTIONS):
            sys.stdout.write("::set-output name=a::1\n")
            sys.stderr.write("no line end")
        sys.stdout.close()
        assert [found[1] for found in _STOPPED.findall(reader.read())] == ["::set-output name=a::1\n", "no line end\n"]


def test_each_text_has_a_token_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    with log(monkeypatch) as reader:
        with stopped_commands(["plan"], ACTIONS):
            sys.stdout.write("a\n")
            sys.stdout.write("a\n")
        sys.stdout.close()
        assert len({found[0] for found in _STOPPED.findall(reader.read())}) == 2


def test_commands_of_our_own_are_read_by_the_runner(monkeypatch: pytest.MonkeyPatch) -> None:
    with log(monkeypatch) as reader:
        with stopped_commands(["validate", "--format", "github"], ACTIONS):
            print_commands("::error::x\n")
        with stopped_commands(["github", "annotate", "report.json"], ACTIONS):
            print_commands("::error::y\n")
        sys.stdout.close()
        assert reader.read() == "::error::x\n::error::y\n"


@pytest.mark.parametrize(
    "arguments", [["plan", "--format", "json"], ["plan", "--format=json"], ["targets", "--format", "names"]], ids=str
)
def test_what_a_program_reads_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    with log(monkeypatch) as reader:
        with stopped_commands(arguments, ACTIONS):
            sys.stdout.write("{}\n")
        sys.stdout.close()
        assert reader.read() == "{}\n"


def test_outside_of_actions_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    with log(monkeypatch) as reader:
        with stopped_commands(["plan"], {}):
            sys.stdout.write("a\n")
        sys.stdout.close()
        assert reader.read() == "a\n"


def test_a_stream_that_goes_to_a_file_gets_no_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "log").open("w") as file:
        monkeypatch.setattr(sys, "stdout", file)
        monkeypatch.setattr(sys, "stderr", file)
        with stopped_commands(["plan"], ACTIONS):
            sys.stdout.write("a\n")
        monkeypatch.undo()
    assert (tmp_path / "log").read_text() == "a\n"
