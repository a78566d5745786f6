"""`reconciler gitlab note`."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.options.every_command import global_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import tell
from reconciler.errors import ExitCode

_EPILOG = """\b
Examples:
  reconciler --target stage gitlab note report.json
  reconciler --target stage gitlab note apply.json
"""


@click.command(epilog=_EPILOG)
@click.argument("report", type=click.Path(path_type=Path))
@global_options
@pass_shell
def note(shell: Shell, report: Path) -> int:
    """Create or update the merge request note of this target.

    REPORT is a file that plan or apply wrote with --report. In a branch pipeline, the merge request is the one merged as this commit; if
    there is none, nothing is written. Only notes of the token's own account are updated.
    """
    from reconciler.cli.github.reports import load_report
    from reconciler.cli.gitlab.markdown import note_markdown, note_marker
    from reconciler.cli.gitlab.run import gitlab_for
    from reconciler.gitlab.merged import is_current, merge_request_of
    from reconciler.gitlab.notes import keep_note
    from reconciler.gitlab.pipeline import read_job

    job = read_job(shell.environ)
    found = load_report(shell, report)
    text = note_markdown(shell, job, found)
    with gitlab_for(shell, job) as gitlab:
        wanted = merge_request_of(job, gitlab)
        if wanted is None:
            tell(f"no merge request was merged as {job.commit[:10]}, so there is no note to write\n")
            return ExitCode.DONE
        if not is_current(job, gitlab):
            tell(f"merge request !{wanted} has newer commits than this pipeline, or is not open; its note is left as it is\n")
            return ExitCode.DONE
        done = keep_note(gitlab, wanted, note_marker(shell, found), text)
    tell(f"note on !{wanted}: {done}\n")
    return ExitCode.DONE
