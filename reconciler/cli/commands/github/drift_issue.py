"""`reconciler github drift-issue`."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.options.every_command import global_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import tell
from reconciler.errors import ExitCode, UsageError

_EPILOG = """\b
Examples:
  reconciler --target prod github drift-issue drift.json
"""


@click.command("drift-issue", epilog=_EPILOG)
@click.argument("report", type=click.Path(path_type=Path))
@global_options
@pass_shell
def drift_issue(shell: Shell, report: Path) -> int:
    """Keep the one drift issue of this target: opened when there is drift, changed while it lasts, closed when it is gone.

    REPORT is what drift wrote with --report. Where drift could not be looked for, the issue stays as it is.
    """
    from reconciler.cli.github.reports import Rendered, load_report
    from reconciler.cli.github.run import author_in, github_for, say_written
    from reconciler.github.comments import Keeper
    from reconciler.github.event import read_event
    from reconciler.reports.drift.view import has_drift
    from reconciler.reports.report_reading import DriftReport

    event = read_event(shell.environ)
    found = load_report(shell, report)
    if found.failed:
        tell("drift could not be looked for: the issue stays as it is\n")
        return ExitCode.DONE
    if not isinstance(found.report, DriftReport):
        raise UsageError(f"{report} is no report of drift", hint="make one with `reconciler drift --report FILE`")
    author = author_in(shell)
    rendered = Rendered(found, shell, event)
    with github_for(shell, event) as github:
        keeper = Keeper(github, author)
        if has_drift(found.report.view):
            written = keeper.issue(rendered.marker, found.title, rendered.markdown())
        else:
            written = keeper.close(rendered.marker, f"No drift any more, says {event.run_url or 'the last run'}.")
    say_written("drift issue", written, author)
    return ExitCode.DONE
