"""`reconciler github annotate`."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.options.every_command import global_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.actions_log import print_commands
from reconciler.errors import ExitCode

_EPILOG = """\b
Examples:
  reconciler --target stage github annotate plan.json
"""


@click.command(epilog=_EPILOG)
@click.argument("report", type=click.Path(path_type=Path))
@global_options
@pass_shell
def annotate(shell: Shell, report: Path) -> int:
    """Annotate the lines of the pull request with the problems in a report.

    REPORT is a file that plan or apply wrote with --report. GitHub shows at most ten errors and ten warnings per step; the last annotation
    counts the rest.
    """
    from reconciler.cli.github.reports import load_report
    from reconciler.github.event import read_event
    from reconciler.github.links import path_in_repository
    from reconciler.reports.problems.github import render_problems_github

    read_event(shell.environ)
    problems = load_report(shell, report).problems
    print_commands(render_problems_github(problems, lambda file: path_in_repository(shell.environ, file)))
    return ExitCode.DONE
