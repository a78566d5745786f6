"""Shared code of the commands that read several targets."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from reconciler.cli.files import keep_report
from reconciler.cli.fleets.by_name import digest_for_apply
from reconciler.cli.options.plan import PlanFlags
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.output import emit, wants_color
from reconciler.cli.terminal.progress import progress_for
from reconciler.desired.git.lag import Lag
from reconciler.planning.fleet import FleetRead, FleetReading
from reconciler.reports.fleet.cells import Lagging
from reconciler.reports.fleet.json import render_fleet_json
from reconciler.reports.fleet.making import FleetRun, exit_code_over, fleet_view
from reconciler.reports.fleet.text import FleetText, render_fleet_text
from reconciler.reports.fleet.view import selection_view

if TYPE_CHECKING:
    from reconciler.documents.json_text import Document
    from reconciler.planning.fleet import TargetPlan
    from reconciler.planning.plan import Plan
    from reconciler.reports.plan.view import PlanView


class FleetCommand(msgspec.Struct, frozen=True):
    """A command over several targets. `report` is its name, and `reported` makes the report of one target."""

    report: str
    reported: Callable[[Plan, PlanView], Document]
    keys: tuple[str, ...] = ()
    flags: PlanFlags = msgspec.field(default_factory=PlanFlags)
    is_drift: bool = False
    detailed: bool = False
    users: bool = False
    trials: bool = False
    wide: bool = False
    summary: bool = False
    out: Path | None = None
    """Where to save the plans."""


def run_over_targets(shell: Shell, command: FleetCommand, form: str) -> int:
    """Read the chosen targets and show them in one report. Raises ReconcilerError for what concerns all of them."""
    reading = FleetReading(
        lambda safety: command.flags.options(command.keys, safety),
        command.users,
        command.trials,
        applies=command.report == "plan",
        gated=not command.is_drift,
    )
    read = read_fleet(shell, reading)
    plans = _with_overdue(shell, read) if command.is_drift else read.plans
    chosen = selection_view(shell.selection, read.chosen)
    view = fleet_view(
        FleetRun(
            command.report,
            read.settings,
            chosen,
            plans,
            command.reported,
            command.is_drift,
            command.detailed,
            lagging_in(shell.scope.specs),
        )
    )
    as_json = cache(partial(render_fleet_json, view))
    if form == "text":
        columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        given = FleetText(shell.verbose, wants_color(sys.stdout, shell.environ), columns, command.wide, command.summary)
        emit(render_fleet_text(view, given), fit=True)
        if command.report == "plan" and (said_too := digest_for_apply(read, shell.selection)):
            emit(f"{said_too}\n", fit=True)
    else:
        from reconciler.cli.options.plan_forms import fleet_rendered

        emit(as_json() if form == "json" else fleet_rendered(shell, view, form))
    keep_report(shell, as_json)
    if command.out is not None:
        from reconciler.cli.fleets.saving import save_plans

        save_plans(shell, command.out, read, view.plans)
    return exit_code_over(view)


def read_fleet(shell: Shell, reading: FleetReading) -> FleetRead:
    """The chosen targets as read, with progress on the way."""
    progress = progress_for(shell.environ, verbose=shell.verbose)
    try:
        return shell.sessions.reading_several(shell.scope, shell.selection, reading, progress, shell.signals.stop)
    finally:
        progress.clear()


def lagging_in(specs: Path) -> Lagging:
    """How far live is behind the checkout of this specs folder. Git is asked only about what is not in sync."""
    lag, prefix = Lag(specs), f"{specs.as_posix()}/"

    def lagging(commit: str, file: str) -> tuple[int, int] | None:
        return lag.behind(commit, file.removeprefix(prefix)) if file.startswith(prefix) else None

    return lagging


def _with_overdue(shell: Shell, read: FleetRead) -> tuple[TargetPlan, ...]:
    """The plans, each with what was committed long ago and is not applied."""
    from reconciler.observing.overdue import pendings_for

    pendings = pendings_for(shell.scope.specs, read.settings)
    if pendings is None:
        return read.plans
    return tuple(one if one.plan is None else replace(one, plan=pendings.added_to(one.plan)) for one in read.plans)
