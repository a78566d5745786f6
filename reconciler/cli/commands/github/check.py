"""`reconciler github check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.github.merge_option import merge_option, only_report
from reconciler.cli.github.proof_option import proof_option
from reconciler.cli.options.every_command import fleet_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import tell
from reconciler.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from reconciler.github.checks import Purpose
    from reconciler.github.event import Event

_EPILOG = """\b
Examples:
  reconciler --target stage github check plan.json
  reconciler --all github check --merge reports/plan-*.json
  reconciler --target dev github check members.json --proof members
"""
_LIMIT = 60_000
"""Bytes of the summary; GitHub accepts 65,535 characters."""


@click.command(epilog=_EPILOG)
@click.argument("reports", nargs=-1, required=True, metavar="REPORT...", type=click.Path(path_type=Path))
@proof_option
@merge_option
@fleet_options
@pass_shell
def check(shell: Shell, reports: tuple[Path, ...], proof: str | None, merge: bool) -> int:
    """Record a plan, the result of an apply, or a proof as a check run.

    A plan is recorded at the head of the pull request, or at the commit of a merge queue, where apply --expect-reviewed looks for it.
    REPORT is a file that plan, apply or prove wrote with --report. With --merge, one check run has the plans of all targets. It fails if a
    plan is refused, or if an expected target has no report; then the exit code is 1.
    """
    from reconciler.cli.github.reports import Rendered, load_report
    from reconciler.cli.github.run import author_in, github_for
    from reconciler.github.checks import CheckRuns, CheckScope
    from reconciler.github.event import read_event
    from reconciler.github.pulls import pull_request_of
    from reconciler.reports.sinks.text import Text

    event = read_event(shell.environ)
    if merge:
        return _check_merged(shell, reports, event)
    report = only_report(reports)
    rendered = Rendered(load_report(shell, report or reports[0], proof), shell, event)
    found = rendered.found
    scope = CheckScope(found.purpose, found.target, shell.scope.specs.as_posix(), found.key)
    commit = event.pull_request.head if event.pull_request else event.commit
    with github_for(shell, event) as github:
        checks = CheckRuns(github, event.run_url, author_in(shell))
        number = 0 if found.purpose == "prove" else pull_request_of(event, github) or 0
        url = checks.complete(scope, commit, number, found.digest, found.conclusion, rendered.check_report(_LIMIT))
    text = Text()
    text.line(f"check run {scope.name}: {found.conclusion}" + (f" {url}" if url else ""))
    tell(text.render())
    return ExitCode.DONE


def _check_merged(shell: Shell, reports: tuple[Path, ...], event: Event) -> int:
    from reconciler.cli.github.merged import MergedRendering, load_merged
    from reconciler.cli.github.run import author_in, github_for
    from reconciler.github.checks import FLEET, CheckRuns, CheckScope
    from reconciler.github.pulls import pull_request_of
    from reconciler.reports.sinks.text import Text

    rendering = MergedRendering(load_merged(shell, reports), shell, event)
    view = rendering.found.view
    if view.report not in ("plan", "apply"):
        raise UsageError(f"a report of {view.report} has no check run", hint="pass reports of plan or apply")
    purpose: Purpose = "plan" if view.report == "plan" else "apply"
    scope = CheckScope(purpose, FLEET, shell.scope.specs.as_posix())
    commit = event.pull_request.head if event.pull_request else event.commit
    with github_for(shell, event) as github:
        checks = CheckRuns(github, event.run_url, author_in(shell))
        number = pull_request_of(event, github) or 0
        url = checks.complete(scope, commit, number, view.digest, rendering.conclusion, rendering.check_report(_LIMIT))
    text = Text()
    text.line(f"check run {scope.name}: {rendering.conclusion}" + (f" {url}" if url else ""))
    tell(text.render())
    return ExitCode.WRONG if rendering.found.failed else ExitCode.DONE
