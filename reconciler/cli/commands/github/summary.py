"""`reconciler github summary`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.github.merge_option import merge_option, only_report
from reconciler.cli.github.proof_option import proof_option
from reconciler.cli.github.trials import load_trials, nothing_given, trials_option
from reconciler.cli.options.every_command import fleet_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import tell
from reconciler.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from reconciler.reports.fleet.view import FleetView

_EPILOG = """\b
Examples:
  reconciler --target stage github summary plan.json
  reconciler --target stage github summary --trials trials.json
  reconciler --all github summary --merge reports/plan-*.json
  reconciler --all github summary --merge --page plan.html reports/plan-*.json
"""
_LEAST = 2_000
"""Bytes below which a truncated report is not useful."""
_RESERVE = 1_000
_WITH_PAGE = ("plan", "drift")


@click.command(epilog=_EPILOG)
@click.argument("reports", nargs=-1, metavar="[REPORT...]", type=click.Path(path_type=Path))
@trials_option
@proof_option
@merge_option
@click.option("--page", type=click.Path(path_type=Path), metavar="FILE", help="With --merge, also write the HTML page to FILE.")
@fleet_options
@pass_shell
def summary(
    shell: Shell, reports: tuple[Path, ...], trials: Path | None, proof: str | None, merge: bool, page: Path | None
) -> int:
    """Add a report to the job summary.

    REPORT is a file that plan, apply, drift or prove wrote with --report. It is truncated to the 1 MiB that GitHub allows per step.
    """
    from reconciler.cli.github.merged import MergedRendering, load_merged
    from reconciler.cli.github.reports import Rendered, load_report, trials_markdown
    from reconciler.github.event import read_event
    from reconciler.github.outputs import room_in_summary, write_summary

    report = None if merge else only_report(reports)
    if not reports and trials is None:
        raise nothing_given()
    if page is not None and not merge:
        raise UsageError(
            "--page is for the merged reports of several targets", hint="use --merge; or `reconciler show REPORT --format html`"
        )
    event = read_event(shell.environ)
    room = room_in_summary(shell.environ) - _RESERVE
    tried = load_trials(trials)
    rendered: Rendered | MergedRendering | None = None
    if merge:
        found = load_merged(shell, reports)
        if page is not None:
            _write_page(shell, page, found.view)
        rendered = MergedRendering(found, shell, event, tried)
    elif report is not None:
        rendered = Rendered(load_report(shell, report, proof), shell, event, tried)
    if room < _LEAST:
        tell("the job summary is full; this report was not added\n")
        return ExitCode.DONE
    written = rendered.markdown(room) if rendered else trials_markdown(shell.environ, tried, room)
    if written:
        write_summary(shell.environ, written + "\n")
    return ExitCode.DONE


def _write_page(shell: Shell, path: Path, view: FleetView) -> None:
    from reconciler.cli.files import save
    from reconciler.cli.options.plan_forms import fleet_rendered

    if view.report not in _WITH_PAGE:
        raise UsageError(f"there is no page of {view.report}", hint="leave out --page, or pass reports of plan or drift")
    save(path, fleet_rendered(shell, view, "html"))
