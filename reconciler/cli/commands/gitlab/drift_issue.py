"""`reconciler gitlab drift-issue`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.github.merge_option import merge_option, only_report
from reconciler.cli.options.every_command import fleet_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import tell
from reconciler.errors import ExitCode

if TYPE_CHECKING:
    from reconciler.reports.kept import Written

_EPILOG = """\b
Examples:
  reconciler --target prod gitlab drift-issue drift.json
  reconciler --all gitlab drift-issue --merge drift.json
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
    changed. Only issues of the token's own account are updated.

    With --merge, each target that drifted has its issue; if more than ten did, each fleet has one, with a table.
    """
    from reconciler.cli.github.drift_issues import DriftIssues, is_usable, load_drift
    from reconciler.cli.github.merged import load_merged
    from reconciler.cli.gitlab.run import gitlab_for
    from reconciler.cli.gitlab.tracker import GitLabTracker
    from reconciler.gitlab.apply_jobs import ApplyJobs
    from reconciler.gitlab.issues import IssueKeeper
    from reconciler.gitlab.pipeline import read_job
    from reconciler.gitlab.recorded import RecordedPlans
    from reconciler.settings.loading import load_settings

    job = read_job(shell.environ)
    one = None if merge else load_drift(shell, only_report(reports) or reports[0])
    several = load_merged(shell, reports) if merge else None
    if one is None and (several is None or not is_usable(several, reports[0])):
        return ExitCode.DONE
    with gitlab_for(shell, job) as gitlab:
        applies = ApplyJobs(RecordedPlans(gitlab), job.branch)
        issues = DriftIssues(GitLabTracker(shell, job, IssueKeeper(gitlab), applies), shell.scope.specs.as_posix())
        if one is not None:
            _say("drift issue", issues.of_target(*one))
        if several is not None:
            for subject, written in issues.of_several(several, load_settings(shell.scope.specs)):
                _say(subject, written)
    return ExitCode.DONE


def _say(subject: str, written: Written) -> None:
    from reconciler.reports.sinks.text import Text

    text = Text()
    text.line(f"{subject}: {written.done}" + (f" {written.url}" if written.url else ""))
    tell(text.render())
