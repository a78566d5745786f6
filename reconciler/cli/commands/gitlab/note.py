"""`reconciler gitlab note`."""

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
    from reconciler.gitlab.pipeline import Job

_EPILOG = """\b
Examples:
  reconciler --target stage gitlab note report.json
  reconciler --target stage gitlab note apply.json
  reconciler --all gitlab note --merge reports/*.json
"""


@click.command(epilog=_EPILOG)
@click.argument("reports", nargs=-1, required=True, metavar="REPORT...", type=click.Path(path_type=Path))
@merge_option
@fleet_options
@pass_shell
def note(shell: Shell, reports: tuple[Path, ...], merge: bool) -> int:
    """Create or update the merge request note of this target.

    REPORT is a file that plan or apply wrote with --report. In a branch pipeline, the merge request is the one merged as this commit; if
    there is none, nothing is written. Only notes of the token's own account are updated.

    With --merge, one note has the plans of all targets. The exit code is 1 if a plan is refused, or if an expected target has no report.
    """
    from reconciler.cli.gitlab.run import gitlab_for
    from reconciler.gitlab.merged import is_current, merge_request_of
    from reconciler.gitlab.notes import keep_note
    from reconciler.gitlab.pipeline import read_job

    job = read_job(shell.environ)
    marker, text, code = _merged(shell, job, reports) if merge else _alone(shell, job, reports)
    with gitlab_for(shell, job) as gitlab:
        wanted = merge_request_of(job, gitlab)
        if wanted is None:
            tell(f"no merge request was merged as {job.commit[:10]}, so there is no note to write\n")
            return code
        if not is_current(job, gitlab):
            tell(f"merge request !{wanted} has newer commits than this pipeline, or is not open; its note is left as it is\n")
            return code
        done = keep_note(gitlab, wanted, marker, text)
    tell(f"note on !{wanted}: {done}\n")
    return code


def _alone(shell: Shell, job: Job, reports: tuple[Path, ...]) -> tuple[str, str, ExitCode]:
    """The marker and the text of the note of one target, and the exit code."""
    from reconciler.cli.github.reports import load_report
    from reconciler.cli.gitlab.markdown import note_markdown, note_marker

    found = load_report(shell, only_report(reports) or reports[0])
    return note_marker(shell, found), note_markdown(shell, job, found), ExitCode.DONE


def _merged(shell: Shell, job: Job, reports: tuple[Path, ...]) -> tuple[str, str, ExitCode]:
    """The same for all targets."""
    from reconciler.cli.github.merged import load_merged
    from reconciler.cli.gitlab.markdown import merged_note

    found = load_merged(shell, reports)
    return *merged_note(shell, job, found), ExitCode.WRONG if found.failed else ExitCode.DONE
