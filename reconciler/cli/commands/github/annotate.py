"""`reconciler github annotate`."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.github.proof_option import proof_option
from reconciler.cli.github.trials import load_trials, nothing_given, trials_option
from reconciler.cli.options.every_command import global_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.actions_log import print_commands
from reconciler.errors import ExitCode

_EPILOG = """\b
Examples:
  reconciler --target stage github annotate plan.json
  reconciler --target stage github annotate plan.json --trials trials.json
"""


@click.command(epilog=_EPILOG)
@click.argument("report", required=False, type=click.Path(path_type=Path))
@trials_option
@proof_option
@global_options
@pass_shell
def annotate(shell: Shell, report: Path | None, trials: Path | None, proof: str | None) -> int:
    """Annotate the lines of the pull request with the problems in a report, and with the findings of trials.

    REPORT is a file that plan, apply or prove wrote with --report. GitHub shows at most ten errors and ten warnings per step; the last
    annotation counts the rest.
    """
    from reconciler.cli.github.reports import load_report
    from reconciler.github.event import read_event
    from reconciler.github.links import path_in_repository
    from reconciler.reports.problems.github import render_problems_github

    read_event(shell.environ)
    if report is None and trials is None:
        raise nothing_given()
    tried = load_trials(trials)
    problems = (*(load_report(shell, report, proof).problems if report else ()), *(tried.problems if tried else ()))
    print_commands(render_problems_github(problems, lambda file: path_in_repository(shell.environ, file)))
    return ExitCode.DONE
