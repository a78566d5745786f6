from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from io import StringIO

import click
import pytest

from reconciler.cli.root import COMMANDS, root
from reconciler.cli.terminal.output import emit
from reconciler.cli.terminal.signals import Signals, Stopped
from reconciler.planning.plan import Plan
from tests.cli.fakes import CommandLine, FakeSessions, Terminal, plan


def test_a_usage_error_exits_with_1_because_2_means_differences(reconciler: CommandLine) -> None:
    ran = reconciler("plan", "--bogus")
    assert ran.code == 1
    assert ran.err.startswith("error: No such option '--bogus'.")
    assert ran.err.endswith("hint: run `reconciler plan --help` for usage\n")


def test_an_unknown_command_names_the_nearest(reconciler: CommandLine) -> None:
    ran = reconciler("aply")
    assert ran.code == 1
    assert "'apply'" in ran.err


def test_an_unknown_global_option_is_a_usage_error(reconciler: CommandLine) -> None:
    assert "No such option '--bogus'" in reconciler("--bogus").err


def test_a_usage_error_is_a_document_too_where_json_was_asked_for(reconciler: CommandLine) -> None:
    for arguments in (["plan", "--format", "json", "--bogus"], ["plan", "--bogus", "--format=json"]):
        assert reconciler(*arguments).json["error"]["code"] == "usage"


def test_without_a_command_the_help_is_shown_and_it_is_a_mistake(reconciler: CommandLine) -> None:
    ran = reconciler()
    assert (ran.code, ran.out) == (1, "")
    assert "Commands:" in ran.err


def test_a_mistake_of_ours_is_one_line_and_shows_no_traceback(reconciler: CommandLine) -> None:
    ran = reconciler("plan", sessions=FakeSessions(RuntimeError("secret")))
    assert ran.code == 1
    assert ran.err == (
        "error: internal error: unexpected RuntimeError; this is a bug in reconciler\n"
        "hint: please report it, with the output of the same command with -v\n"
    )


def test_a_verbose_mistake_has_its_traceback_and_no_message_of_anybody(reconciler: CommandLine) -> None:
    error = RuntimeError("Geh3im\x1b[2J")
    error.__cause__ = ValueError("Invalid port: 'Geh3im'")
    ran = reconciler("-v", "plan", sessions=FakeSessions(error))
    assert ran.err.count("Traceback (most recent call last):") == 2
    assert ran.err.index("\nValueError\n") < ran.err.index("\nRuntimeError\n")
    assert "in prepare" in ran.err
    assert "Geh3im" not in ran.err


@pytest.mark.parametrize("words", [("submit", "a", "--keys"), ("--target", "x", "submit", "a", "--out")])
def test_a_missing_value_leads_to_the_help_of_the_command(reconciler: CommandLine, words: tuple[str, ...]) -> None:
    assert reconciler(*words).err.endswith("hint: run `reconciler submit --help` for usage\n")


def ended_by(number: int) -> Callable[[], Plan]:
    def prepare() -> Plan:
        os.kill(os.getpid(), number)
        return plan()

    return prepare


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_command_that_reads_without_a_traceback(reconciler: CommandLine, number: int, code: int) -> None:
    ran = reconciler("plan", "--format", "json", sessions=FakeSessions(ended_by(number)))
    assert (ran.code, ran.json["error"]["code"]) == (code, "interrupted")
    assert ran.err == "error: interrupted\n"


def test_handlers_of_signals_are_put_back(reconciler: CommandLine) -> None:
    before = signal.getsignal(signal.SIGTERM)
    reconciler("plan")
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_second_signal_exits_at_once() -> None:
    exits: list[int] = []
    signals = Signals(exits.append)
    with signals.installed(), signals.finishing():
        os.kill(os.getpid(), signal.SIGINT)
        assert (exits, signals.stop.is_set()) == ([], True)
        os.kill(os.getpid(), signal.SIGTERM)
    assert exits == [143]


def test_a_command_that_only_reads_is_not_held_up_by_a_request_that_nobody_answers() -> None:
    exits: list[int] = []
    gone = threading.Event()

    def exit_at_once(code: int) -> None:
        exits.append(code)
        gone.set()

    signals = Signals(exit_at_once, grace=0)
    with signals.installed():
        with pytest.raises(Stopped):
            os.kill(os.getpid(), signal.SIGTERM)
        gone.wait()
    assert exits == [143]


def test_after_the_writes_a_signal_ends_the_command_again() -> None:
    signals = Signals()
    with signals.installed():
        with signals.finishing():
            pass
        with pytest.raises(Stopped):
            os.kill(os.getpid(), signal.SIGINT)


def test_an_abort_that_no_signal_asked_for_is_no_interrupt(reconciler: CommandLine) -> None:
    def abort() -> Plan:
        raise click.Abort

    assert reconciler("plan", sessions=FakeSessions(abort)).code == 1


def test_a_reader_that_went_away_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        emit("text")
        emit("more")


def test_progress_on_a_terminal_is_one_line_that_goes_away(reconciler: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    reconciler("plan")
    assert screen.getvalue() == "\r\x1b[Kreading spec files\r\x1b[K"


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_that_wants_none_gets_no_colour_and_no_progress(
    reconciler: CommandLine, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]
) -> None:
    screens = Terminal(), Terminal()
    monkeypatch.setattr(sys, "stdout", screens[0])
    monkeypatch.setattr(sys, "stderr", screens[1])
    reconciler("plan", environ=environ)
    assert "\x1b" not in screens[0].getvalue() + screens[1].getvalue()


def test_a_terminal_gets_colours(reconciler: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    reconciler("plan")
    assert screen.getvalue().startswith("\x1b[1mtarget stage\x1b[0m")


def test_output_that_is_not_a_file_is_left_as_it_is(reconciler: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    out = StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    reconciler("plan")
    assert out.getvalue().startswith("target stage")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_what_the_table_says_and_has_examples(reconciler: CommandLine, name: str) -> None:
    command = root.get_command(click.Context(root), name)
    assert command is not None
    assert command.name == name
    ran = reconciler(name, "--help")
    assert ran.code == 0
    assert f"reconciler {name}" in ran.out.partition("Examples:")[2] or f" {name}" in ran.out.partition("Examples:")[2]


def test_help_lists_the_commands_and_the_exit_codes(reconciler: CommandLine) -> None:
    ran = reconciler("--help")
    assert ran.code == 0
    assert all(f"  {name}" in ran.out for name in COMMANDS)
    assert "Exit codes: 0 success" in ran.out
    assert list(COMMANDS) == root.list_commands(click.Context(root))
    assert root.get_command(click.Context(root), "nothing") is None


def test_the_version_is_also_answered_after_other_options(reconciler: CommandLine) -> None:
    assert reconciler("-v", "--version").out.startswith("reconciler 0.")
