"""`reconciler github drift-issue`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.github.merge_option import merge_option, only_report
from reconciler.cli.options.every_command import fleet_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.errors import ExitCode

if TYPE_CHECKING:
    from reconciler.github.event import Event

_EPILOG = """\b
Examples:
  reconciler --target prod github drift-issue drift.json
  reconciler --all github drift-issue --merge drift.json
"""


@click.command("drift-issue", epilog=_EPILOG)
@click.argument("reports", nargs=-1, required=True, metavar="REPORT...", type=click.Path(path_type=Path))
@merge_option
@fleet_options
@pass_shell
def drift_issue(shell: Shell, reports: tuple[Path, ...], *, merge: bool) -> int:
    """Open, update or close the drift issue of this target.

    The issue is open while there is drift, or a change that was not applied within drift.max_pending; for that, it also says what the
    apply of the commit did. REPORT is a file that drift wrote with --report. If the drift check failed, the issue is not
    changed.

    With --merge, each target that drifted has its issue; if more than ten did, each fleet has one, with a table. The step's
    outputs `drifted` and `failed` are the numbers of targets.
    """
    from reconciler.github.event import read_event

    event = read_event(shell.environ)
    if merge:
        return _of_several(shell, reports, event)
    report = only_report(reports)
    return _of_one(shell, reports[0] if report is None else report, event)


def _of_one(shell: Shell, report: Path, event: Event) -> int:
    from reconciler.cli.github.drift_issues import DriftIssues, load_drift
    from reconciler.cli.github.run import author_in, github_for, say_written
    from reconciler.cli.github.tracker import GitHubTracker
    from reconciler.github.comments import Keeper

    found = load_drift(shell, report)
    if found is None:
        return ExitCode.DONE
    author = author_in(shell)
    with github_for(shell, event) as github:
        tracker = GitHubTracker(shell, event, Keeper(github, author))
        written = DriftIssues(tracker, shell.scope.specs.as_posix()).of_target(*found)
    say_written("drift issue", written, author)
    return ExitCode.DONE


def _of_several(shell: Shell, reports: tuple[Path, ...], event: Event) -> int:
    from reconciler.cli.github.drift_issues import DriftIssues, is_usable, numbers_of
    from reconciler.cli.github.merged import load_merged
    from reconciler.cli.github.run import author_in, github_for, say_written
    from reconciler.cli.github.tracker import GitHubTracker
    from reconciler.github.comments import Keeper
    from reconciler.github.outputs import write_outputs
    from reconciler.settings.loading import load_settings

    found = load_merged(shell, reports)
    if shell.environ.get("GITHUB_OUTPUT"):
        write_outputs(shell.environ, numbers_of(found))
    if not is_usable(found, reports[0]):
        return ExitCode.DONE
    author = author_in(shell)
    with github_for(shell, event) as github:
        keeper = Keeper(github, author)
        tracker = GitHubTracker(shell, event, keeper, keeper.open_issues())
        issues = DriftIssues(tracker, shell.scope.specs.as_posix())
        for subject, written in issues.of_several(found, load_settings(shell.scope.specs)):
            say_written(subject, written, author)
    return ExitCode.DONE
