"""Turns every failure into a message on standard error and an exit code."""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

import click

from reconciler.cache.place import place_in
from reconciler.cli.options.specs_folder import find_specs, seen_from
from reconciler.cli.root import COMMANDS, root
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.actions_log import in_actions, stopped_commands
from reconciler.cli.terminal.output import emit, tell, use_utf8, wants_color
from reconciler.cli.terminal.signals import Stopped
from reconciler.errors import ExitCode, Interrupted, ReconcilerError, UsageError
from reconciler.settings.scope import Scope


def run(arguments: list[str], shell: Shell) -> int:
    """Run one command and return its exit code. Errors of the user, the service or the network never leave as exceptions."""
    use_utf8()
    if shell.scope.specs == Scope().specs:
        shell.scope = replace(shell.scope, specs=_specs(shell))
    shell.scope = replace(shell.scope, cache=place_in(shell.environ))
    with stopped_commands(arguments, shell.environ):
        return _run(arguments, shell)


def _specs(shell: Shell) -> Path:
    """The specs folder: the one that RECONCILER_SPECS names, or else searched for from the current folder upwards."""
    named = shell.environ.get("RECONCILER_SPECS", "").strip()
    try:
        if named:
            shell.specs_named = True
            return Path(named) if Path(named).name else seen_from(Path.cwd(), Path(named))
        return find_specs(Path.cwd(), shell.environ.get("HOME"))
    except OSError:  # an unreadable folder is not a specs folder
        return Scope().specs


def _run(arguments: list[str], shell: Shell) -> int:
    try:
        with shell.signals.installed(), _log(arguments, shell):
            return int(root.main(arguments, prog_name="reconciler", obj=shell, standalone_mode=False) or ExitCode.DONE)
    except click.exceptions.NoArgsIsHelpError as error:
        tell(error.format_message() + "\n")
        return ExitCode.WRONG
    except click.ClickException as error:
        return _fail(_usage(error, arguments), arguments, shell)
    except Stopped as stopped:
        return _fail(Interrupted(stopped.exit_code), arguments, shell)
    except KeyboardInterrupt:
        return _fail(Interrupted(ExitCode.SIGINT), arguments, shell)
    except click.Abort as error:  # click also turns an EOFError into this
        asked = shell.signals.stop.exit_code
        return _fail(Interrupted(asked) if asked else _unexpected(error, shell), arguments, shell)
    except ReconcilerError as error:
        return _fail(error, arguments, shell)
    except Exception as error:  # noqa: BLE001 - last resort: users see a message, not a traceback
        return _fail(_unexpected(error, shell), arguments, shell)


def _log(arguments: list[str], shell: Shell) -> AbstractContextManager[None]:
    """The log, where something may be logged: with `-v`, anywhere and among other letters, or for a file with credentials."""
    reads_credentials = any(name.startswith("RECONCILER_") and name.endswith("CREDENTIALS") for name in shell.environ)
    if not reads_credentials and not any(argument.startswith("-") and "v" in argument for argument in arguments):
        return nullcontext()
    from reconciler.cli.terminal.logs import shown_log

    return shown_log(lambda: shell.verbose)


def tell_error(error: ReconcilerError, shell: Shell) -> None:
    """Print the error and its hint to standard error."""
    from reconciler.reports.problems.text import render_error_text

    tell(render_error_text(_for_reader(error, shell), color=wants_color(sys.stderr, shell.environ)), fit=True)


def _for_reader(error: ReconcilerError, shell: Shell) -> ReconcilerError:
    """The error; in a workflow, with a hint that works there."""
    if not in_actions(shell.environ) or error.hint is None:
        return error
    from reconciler.cli.terminal.by_hand import workflow_of
    from reconciler.reports.apply.by_hand import hint_on_github

    shown = copy.copy(error)
    shown.hint = hint_on_github(error.hint, shell.scope.target or "TARGET", workflow=workflow_of(shell.environ))
    return shown


def _fail(error: ReconcilerError, arguments: list[str], shell: Shell) -> int:
    if _wants_json(arguments):
        from reconciler.reports.problems.json import render_failure_json

        emit(render_failure_json(error))
    if shell.report is not None and not shell.reported:
        _keep(shell.report, error, shell)
    tell_error(error, shell)
    return error.exit_code


def _keep(report: Path, error: ReconcilerError, shell: Shell) -> None:
    from reconciler.cli.files import save
    from reconciler.reports.problems.json import render_failure_json

    try:
        save(report, render_failure_json(error))
    except ReconcilerError as lost:
        tell_error(lost, shell)


def _usage(error: click.ClickException, arguments: list[str]) -> UsageError:
    context = getattr(error, "ctx", None)  # errors of the parser have none
    named = next((f"reconciler {argument}" for argument in arguments if argument in COMMANDS), "reconciler")
    command = context.command_path if isinstance(context, click.Context) else named
    message = error.format_message().replace("\n\t", " ")  # click lists choices on lines of their own
    return UsageError(message, hint=f"run `{command} --help` for usage")


def _unexpected(error: Exception, shell: Shell) -> ReconcilerError:
    """An internal error. Its message may hold secrets, so only its type is shown; `-v` adds the traceback without messages and locals."""
    if shell.verbose:
        import traceback

        from reconciler.reports.sinks.text import Text

        text = Text()
        for one in reversed(tuple(_chain(error))):
            text.line("Traceback (most recent call last):")
            for line in "".join(traceback.format_tb(one.__traceback__)).splitlines():
                text.line(line)
            text.line(type(one).__name__)
        tell(text.render())
    hint = "please report it, with the output of the same command with -v"
    return ReconcilerError(f"internal error: unexpected {type(error).__name__}; this is a bug in reconciler", hint=hint)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and its causes, each once."""
    seen: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in seen:
        yield current
        seen.append(current)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def _wants_json(arguments: list[str]) -> bool:
    """Whether the arguments ask for JSON on standard output; the arguments may be invalid."""
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    return any(one == "--format=json" or (one == "--format" and other == "json") for one, other in pairs)
