"""`reconciler github summary`."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.options.every_command import global_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import tell
from reconciler.errors import ExitCode

_EPILOG = """\b
Examples:
  reconciler --target stage github summary plan.json
"""
_LEAST = 2_000
"""Bytes below which a report says too little to be worth them."""
_RESERVE = 1_000


@click.command(epilog=_EPILOG)
@click.argument("report", type=click.Path(path_type=Path))
@global_options
@pass_shell
def summary(shell: Shell, report: Path) -> int:
    """Add a report to the job summary, as far as it fits: GitHub shows at most 1 MiB of one step.

    REPORT is what plan, apply or drift wrote with --report.
    """
    from reconciler.cli.github.reports import Rendered, load_report
    from reconciler.github.event import read_event
    from reconciler.github.outputs import room_in_summary, write_summary

    event = read_event(shell.environ)
    room = room_in_summary(shell.environ) - _RESERVE
    rendered = Rendered(load_report(shell, report), shell, event)
    if room < _LEAST:
        tell("the job summary has no room left: this report is not in it\n")
        return ExitCode.DONE
    write_summary(shell.environ, rendered.markdown(room) + "\n")
    return ExitCode.DONE
