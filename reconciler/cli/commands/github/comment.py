"""`reconciler github comment`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from reconciler.cli.github.merge_option import merge_option
from reconciler.cli.github.trials import load_trials, trials_option
from reconciler.cli.options.every_command import fleet_options
from reconciler.cli.options.targets import refuse_several
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import tell
from reconciler.errors import ExitCode, count

if TYPE_CHECKING:
    from reconciler.github.event import Event
    from reconciler.reports.trying.saved import SavedTrials

_Comment: TypeAlias = "tuple[str, str, bool, Callable[[str | None], dict[str, str]]]"
"""The marker and the text, whether there is something to do, and from the URL of the comment what other comments become."""

_EPILOG = """\b
Examples:
  reconciler --target stage github comment plan.json
  reconciler --target stage github comment plan.json --trials trials.json
  reconciler --target stage github comment apply.json --pull-request 12
  reconciler github comment reports/plan-*.json --changes-only
  reconciler --all github comment --merge reports/plan-*.json
"""


@click.command(epilog=_EPILOG)
@click.argument("reports", nargs=-1, required=True, metavar="REPORT...", type=click.Path(path_type=Path))
@click.option(
    "--pull-request",
    "number",
    type=click.IntRange(min=1),
    metavar="N",
    help="Pull request to comment on [default: the one of this run].",
)
@click.option("--changes-only", is_flag=True, help="Create no comment if there is nothing to do; one that exists is updated.")
@click.option("--existing-only", is_flag=True, help="Create no comment; one that exists is updated.")
@trials_option
@merge_option
@fleet_options
@pass_shell
def comment(
    shell: Shell,
    reports: tuple[Path, ...],
    number: int | None,
    *,
    changes_only: bool,
    existing_only: bool,
    trials: Path | None,
    merge: bool,
) -> int:
    """Create or update the pull request comment of this target, or with several REPORTs one comment for all their targets.

    REPORT is a file that plan or apply wrote with --report. If a command failed before it had a plan, the name of its file says which
    target it was for: prod.json, or plan-prod.json. After a push, the pull request is the one merged as this commit; if there is
    none, nothing is written. Only comments of the token's own account are updated.

    With --merge, there is one report over all targets. The expected ones are those that --target, --group or --all choose; without these,
    all but emulators. Comments of single targets are replaced with a link to it.
    """
    from reconciler.cli.github.run import author_in, github_for, say_written
    from reconciler.github.comments import Keeper
    from reconciler.github.event import read_event
    from reconciler.github.pulls import is_current, pull_request_of

    event = read_event(shell.environ)
    if event.queued is not None and number is None:
        tell(f"this run is for a merge queue; the comment on #{event.queued} stays as it was reviewed\n")
        return ExitCode.DONE
    tried = load_trials(trials)
    marker, body, changed, fold = _merged(shell, reports, event, tried) if merge else _gathered(shell, reports, event, tried)
    wants_one = not changes_only or tried is not None or changed
    create = wants_one and not existing_only
    author = author_in(shell)
    with github_for(shell, event) as github:
        wanted = number or pull_request_of(event, github)
        if wanted is None:
            tell(f"no pull request was merged as {event.commit[:10]}, so there is nothing to comment on\n")
            return ExitCode.DONE
        if number is None and not is_current(event, github):
            tell(f"pull request #{wanted} has newer commits than this run, or is not open; its comment is left as it is\n")
            return ExitCode.DONE
        keeper = Keeper(github, author)
        written = keeper.comment(wanted, marker, body, create=create)
        folded = keeper.replace_comments(wanted, fold(written.url)) if written.url else 0
    say_written(f"comment on #{wanted}", written, author)
    if folded:
        tell(f"{count(folded, 'comment')} of single targets replaced with a link to it\n")
    return ExitCode.DONE


def _gathered(shell: Shell, reports: tuple[Path, ...], event: Event, trials: SavedTrials | None) -> _Comment:
    """The comment of one target, or of several reports below one another."""
    from reconciler.cli.github.targets import gathered, has_changes, load_reports

    refuse_several(click.get_current_context())
    found = load_reports(shell, reports)
    return *gathered(found, shell, event, trials), any(map(has_changes, found)), lambda _: {}


def _merged(shell: Shell, reports: tuple[Path, ...], event: Event, trials: SavedTrials | None) -> _Comment:
    """The comment of one report over all targets."""
    from reconciler.cli.github.merged import MergedRendering, load_merged
    from reconciler.reports.plan.markdown import LIMIT

    rendering = MergedRendering(load_merged(shell, reports), shell, event, trials)
    return rendering.marker, rendering.markdown(LIMIT), rendering.has_changes, rendering.folded
