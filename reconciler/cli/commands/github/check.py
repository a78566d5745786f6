"""`reconciler github check`."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.github.proof_option import proof_option
from reconciler.cli.options.every_command import global_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import tell
from reconciler.errors import ExitCode

_EPILOG = """\b
Examples:
  reconciler --target stage github check plan.json
  reconciler --target dev github check members.json --proof members
"""
_LIMIT = 60_000
"""Bytes of the summary; GitHub accepts 65,535 characters."""


@click.command(epilog=_EPILOG)
@click.argument("report", type=click.Path(path_type=Path))
@proof_option
@global_options
@pass_shell
def check(shell: Shell, report: Path, proof: str | None) -> int:
    """Record a plan, the result of an apply, or a proof as a check run.

    A plan is recorded at the head of the pull request, or at the commit of a merge queue, where apply --expect-reviewed looks for it.
    REPORT is a file that plan, apply or prove wrote with --report.
    """
    from reconciler.cli.github.reports import Rendered, load_report
    from reconciler.cli.github.run import author_in, github_for
    from reconciler.github.checks import CheckRuns, CheckScope
    from reconciler.github.event import read_event
    from reconciler.github.pulls import pull_request_of
    from reconciler.reports.sinks.text import Text

    event = read_event(shell.environ)
    rendered = Rendered(load_report(shell, report, proof), shell, event)
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
