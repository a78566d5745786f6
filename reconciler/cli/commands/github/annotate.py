"""`reconciler github annotate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.github.merge_option import merge_option, only_report
from reconciler.cli.github.proof_option import proof_option
from reconciler.cli.github.trials import load_trials, nothing_given, trials_option
from reconciler.cli.options.every_command import fleet_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.actions_log import print_commands
from reconciler.errors import ExitCode

if TYPE_CHECKING:
    from reconciler.reports.problems.view import ProblemView

_EPILOG = """\b
Examples:
  reconciler --target stage github annotate plan.json
  reconciler --target stage github annotate plan.json --trials trials.json
  reconciler --all github annotate --merge reports/plan-*.json
"""


@click.command(epilog=_EPILOG)
@click.argument("reports", nargs=-1, metavar="[REPORT...]", type=click.Path(path_type=Path))
@trials_option
@proof_option
@merge_option
@fleet_options
@pass_shell
def annotate(shell: Shell, reports: tuple[Path, ...], trials: Path | None, proof: str | None, merge: bool) -> int:
    """Annotate the lines of the pull request with the problems in a report, and with the findings of trials.

    REPORT is a file that plan, apply or prove wrote with --report. GitHub shows at most ten errors and ten warnings per step; the last
    annotation counts the rest.
    """
    from reconciler.cli.github.merged import MergedRendering, load_merged
    from reconciler.cli.github.reports import load_report
    from reconciler.github.event import read_event
    from reconciler.github.links import path_in_repository
    from reconciler.reports.problems.github import render_problems_github

    event = read_event(shell.environ)
    report = None if merge else only_report(reports)
    if not reports and trials is None:
        raise nothing_given()
    tried = load_trials(trials)
    found: tuple[ProblemView, ...] = ()
    if merge:
        found = MergedRendering(load_merged(shell, reports), shell, event).problems
    elif report is not None:
        found = load_report(shell, report, proof).problems
    problems = (*found, *(tried.problems if tried else ()))
    print_commands(render_problems_github(problems, lambda file: path_in_repository(shell.environ, file)))
    return ExitCode.DONE
