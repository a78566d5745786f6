"""`reconciler github summary`."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.github.proof_option import proof_option
from reconciler.cli.github.trials import load_trials, nothing_given, trials_option
from reconciler.cli.options.every_command import global_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import tell
from reconciler.errors import ExitCode

_EPILOG = """\b
Examples:
  reconciler --target stage github summary plan.json
  reconciler --target stage github summary --trials trials.json
"""
_LEAST = 2_000
"""Bytes below which a truncated report is not useful."""
_RESERVE = 1_000


@click.command(epilog=_EPILOG)
@click.argument("report", required=False, type=click.Path(path_type=Path))
@trials_option
@proof_option
@global_options
@pass_shell
def summary(shell: Shell, report: Path | None, trials: Path | None, proof: str | None) -> int:
    """Add a report to the job summary.

    REPORT is a file that plan, apply, drift or prove wrote with --report. It is truncated to the 1 MiB that GitHub allows per step.
    """
    from reconciler.cli.github.reports import Rendered, load_report, trials_markdown
    from reconciler.github.event import read_event
    from reconciler.github.outputs import room_in_summary, write_summary

    if report is None and trials is None:
        raise nothing_given()
    event = read_event(shell.environ)
    room = room_in_summary(shell.environ) - _RESERVE
    tried = load_trials(trials)
    rendered = Rendered(load_report(shell, report, proof), shell, event, tried) if report else None
    if room < _LEAST:
        tell("the job summary is full; this report was not added\n")
        return ExitCode.DONE
    written = rendered.markdown(room) if rendered else trials_markdown(shell.environ, tried, room)
    if written:
        write_summary(shell.environ, written + "\n")
    return ExitCode.DONE
