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
    """Open, update or close the drift issue of this target.

    The issue is open while there is drift, or a change that was not applied within drift.max_pending; for that, it also says what the
    apply of the commit did. REPORT is a file that drift wrote with --report. If the drift check failed, the issue is not
    changed.
    """
    from reconciler.cli.github.reports import Rendered, load_report
    from reconciler.cli.github.run import author_in, github_for, say_written
    from reconciler.github.apply_runs import apply_runs_section
    from reconciler.github.checks import CheckRuns
    from reconciler.github.comments import Keeper
    from reconciler.github.event import read_event
    from reconciler.reports.drift.view import is_reported
    from reconciler.reports.plan.markdown import LIMIT
    from reconciler.reports.report_reading import DriftReport
    from reconciler.reports.sinks.markdown import size

    event = read_event(shell.environ)
    found = load_report(shell, report)
    if found.failed:
        tell("the drift check failed; the issue was not changed\n")
        return ExitCode.DONE
    if not isinstance(found.report, DriftReport):
        raise UsageError(f"{report} is not a drift report", hint="create one with `reconciler drift --report FILE`")
    author = author_in(shell)
    rendered = Rendered(found, shell, event)
    with github_for(shell, event) as github:
        keeper = Keeper(github, author)
        view = found.report.view
        if is_reported(view):
            checks = CheckRuns(github, event.run_url, author)
            runs = apply_runs_section(checks, found.target, rendered.specs, view.overdue)
            body = rendered.markdown(LIMIT - size(runs) - 2).rstrip("\n")
            written = keeper.issue(rendered.marker, found.title, "\n\n".join(part for part in (body, runs) if part) + "\n")
        else:
            written = keeper.close(rendered.marker, f"The drift is gone: {event.run_url or 'see the last run'}.")
    say_written("drift issue", written, author)
    return ExitCode.DONE
