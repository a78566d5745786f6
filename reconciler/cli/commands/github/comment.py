"""`reconciler github comment`."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.github.trials import load_trials, trials_option
from reconciler.cli.options.every_command import global_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import tell
from reconciler.errors import ExitCode

_EPILOG = """\b
Examples:
  reconciler --target stage github comment plan.json
  reconciler --target stage github comment plan.json --trials trials.json
  reconciler --target stage github comment apply.json --pull-request 12
"""


@click.command(epilog=_EPILOG)
@click.argument("report", type=click.Path(path_type=Path))
@click.option(
    "--pull-request",
    "number",
    type=click.IntRange(min=1),
    metavar="N",
    help="Pull request to comment on [default: the one of this run].",
)
@trials_option
@global_options
@pass_shell
def comment(shell: Shell, report: Path, number: int | None, trials: Path | None) -> int:
    """Create or update the pull request comment of this target.

    REPORT is a file that plan or apply wrote with --report. After a push, the pull request is the one merged as this commit; if there is
    none, nothing is written. Only comments of the token's own account are updated.
    """
    from reconciler.cli.github.reports import Rendered, load_report
    from reconciler.cli.github.run import author_in, github_for, say_written
    from reconciler.github.comments import Keeper
    from reconciler.github.event import read_event
    from reconciler.github.pulls import is_current, pull_request_of

    event = read_event(shell.environ)
    if event.queued is not None and number is None:
        tell(f"this run is for a merge queue; the comment on #{event.queued} stays as it was reviewed\n")
        return ExitCode.DONE
    rendered = Rendered(load_report(shell, report), shell, event, load_trials(trials))
    author = author_in(shell)
    with github_for(shell, event) as github:
        wanted = number or pull_request_of(event, github)
        if wanted is None:
            tell(f"no pull request was merged as {event.commit[:10]}, so there is nothing to comment on\n")
            return ExitCode.DONE
        if number is None and not is_current(event, github):
            tell(f"pull request #{wanted} has newer commits than this run; the newer run writes the comment\n")
            return ExitCode.DONE
        written = Keeper(github, author).comment(wanted, rendered.marker, rendered.markdown())
    say_written(f"comment on #{wanted}", written, author)
    return ExitCode.DONE
