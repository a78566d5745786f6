"""`apply` over several targets: plan all, show, ask once, write in waves, report."""

from __future__ import annotations

import copy
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace

from reconciler.applying.fleet import FleetApply, StalePlan, TargetEnd
from reconciler.applying.waves import TurnEnd, TurnState
from reconciler.cli.apply_run import Approval, Request, hint_for_digest
from reconciler.cli.failures import tell_error
from reconciler.cli.files import keep_report
from reconciler.cli.fleets.approval import ask, check_sums
from reconciler.cli.fleets.saving import SavedPlans, check_saved
from reconciler.cli.fleets.told import ToldOnStandardError
from reconciler.cli.options.plan import PlanFlags
from reconciler.cli.options.plan_forms import fleet_rendered
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.output import columns_of, emit, tell, wants_color
from reconciler.cli.terminal.progress import progress_for
from reconciler.errors import ExitCode, ReconcilerError, Refused, exit_code_of
from reconciler.planning.fleet import FleetRead, FleetReading, TargetPlan, fleet_digest
from reconciler.planning.gating.held import passes
from reconciler.planning.written import last_written
from reconciler.reports.fleet.applied.making import AppliedRun, applied_view, exit_code_of_apply
from reconciler.reports.fleet.applied.text import render_applied_text
from reconciler.reports.fleet.json import render_fleet_json
from reconciler.reports.fleet.making import FleetRun, fleet_view
from reconciler.reports.fleet.text import FleetText, render_fleet_text
from reconciler.reports.fleet.view import SelectionView
from reconciler.reports.plan.json import plan_document
from reconciler.reports.plan.view import PlanView, gates_shown, view_of
from reconciler.reports.sinks.json import report_document


@dataclass(frozen=True, slots=True)
class FleetRequest:
    """The arguments of one apply over several targets. `expect` is the digest over all, or its first digits."""

    keys: tuple[str, ...]
    asked: PlanFlags
    yes: bool
    expect: str | None
    form: str
    keep_going: bool = False
    require_all: bool = False
    approval: Approval | None = None
    saved: SavedPlans | None = None
    """The plans in a file: their targets are those of the run, and each current plan must equal its own."""

    @property
    def reading(self) -> FleetReading:
        return FleetReading(
            lambda safety: self.asked.options(self.keys, safety),
            users=True,
            trials=True,
            writes=True,
            applies=True,
            shown={name: gates_shown(view) for name, view in self.saved.plans.items()} if self.saved else {},
        )

    @property
    def of_one(self) -> Request:
        """The same for one of the targets, to compare plans with."""
        return Request(self.keys, self.asked, self.yes, None, None, self.form)


def carry_out_several(shell: Shell, request: FleetRequest) -> int:
    """Plan, show, check, confirm, write and report; return the exit code. Raises ReconcilerError for what concerns all targets."""
    if request.saved is not None:
        shell.selection = request.saved.selection
    progress = progress_for(shell.environ, verbose=shell.verbose)
    try:
        read = shell.sessions.reading_several(shell.scope, shell.selection, request.reading, progress, shell.signals.stop)
    finally:
        progress.clear()
    digest = fleet_digest(read.plans)
    try:
        _permit(shell, request, read, digest)
    except ReconcilerError as error:
        tell_error(error, shell)
        return _report(shell, request, read, _refused(read, error), refused=error)
    refused = not_approved(read, request.approval)
    for name, reason in refused.items():
        tell_error(_of_target(name, reason), shell)
    limit = None if request.keep_going else read.settings.fleet.max_failures
    told = ToldOnStandardError(progress, len(to_write(read)), color=wants_color(sys.stderr, shell.environ))
    given = FleetApply(read, request.reading, digest, limit, told, refused)
    with shell.signals.finishing():
        try:
            ends = shell.sessions.writing_several(shell.scope, given, progress, shell.signals.stop)
        finally:
            progress.clear()
        return _report(shell, request, read, ends)


def to_write(read: FleetRead) -> tuple[TargetPlan, ...]:
    """The targets with something to do and no error."""
    return tuple(one for one in read.plans if one.plan is not None and one.plan.actions and not one.plan.errors)


def not_approved(read: FleetRead, approval: Approval | None) -> Mapping[str, ReconcilerError]:
    """The targets with something to do whose plan the approval refuses, with the reason. Raises ServiceError if it cannot tell."""
    found: dict[str, ReconcilerError] = {}
    for one in to_write(read) if approval is not None else ():
        if one.plan is None or approval is None:
            continue
        try:
            approval.check(view_of(one.plan), one.plan.ids, last_written(one.plan))
        except Refused as error:
            found[one.name] = error
    return found


def _of_target(name: str, error: ReconcilerError) -> ReconcilerError:
    named = copy.copy(error)
    named.message = f"{name}: {error.message}"
    return named


def _permit(shell: Shell, request: FleetRequest, read: FleetRead, digest: str) -> None:
    """Show the plans. Raises ReconcilerError unless every check over all passes and the user confirms."""
    current = _show(shell, request, read)
    if request.expect is not None and not digest.startswith(request.expect):
        raise StalePlan(
            f"the digest over these targets is {digest}, but --expect requires {request.expect}",
            hint=hint_for_digest("plans, and pass their digest", passed=any(passes(one.plan) for one in read.plans if one.plan)),
        )
    if request.saved is not None:
        check_saved(request.saved, current, request.of_one)
    check_sums(to_write(read), read.settings.safety, request.asked)
    if to_write(read) and not request.yes:
        ask(shell, to_write(read))


def _show(shell: Shell, request: FleetRequest, read: FleetRead) -> Mapping[str, PlanView]:
    """Show the plans, and return them by target."""
    stream = sys.stdout if request.form == "text" else sys.stderr
    view = fleet_view(
        FleetRun(
            "plan",
            read.settings,
            _selection(shell, read),
            read.plans,
            lambda _, view: report_document("plan", plan_document(view)),
        )
    )
    given = FleetText(shell.verbose, wants_color(stream, shell.environ), columns_of(stream))
    (emit if stream is sys.stdout else tell)(render_fleet_text(view, given) + "\n", fit=True)
    return view.plans


def _selection(shell: Shell, read: FleetRead) -> SelectionView:
    chosen = shell.selection
    return SelectionView(
        all=chosen.everything,
        targets=chosen.targets,
        groups=chosen.groups,
        excluded=chosen.excluded,
        left_out=read.chosen.left_out,
    )


def _refused(read: FleetRead, error: ReconcilerError) -> tuple[TargetEnd, ...]:
    """The ends of a run that was refused as a whole: nothing was written anywhere."""
    refused = {one.name for one in to_write(read)}
    return tuple(
        TargetEnd(one, TurnEnd(TurnState.ENDED, error.exit_code), error=error)
        if one.name in refused
        else TargetEnd(one, _own(one))
        for one in read.plans
    )


def _own(one: TargetPlan) -> TurnEnd:
    if one.plan is not None:
        return TurnEnd(TurnState.ENDED, exit_code_of(one.plan.problems))
    return TurnEnd(TurnState.ENDED, one.error.exit_code if one.error else ExitCode.WRONG)


def _report(
    shell: Shell, request: FleetRequest, read: FleetRead, ends: tuple[TargetEnd, ...], *, refused: ReconcilerError | None = None
) -> int:
    run = AppliedRun(read.settings, _selection(shell, read), ends)
    view = applied_view(run)
    if request.form == "json":
        emit(render_fleet_json(view))
    elif request.form == "markdown":
        emit(fleet_rendered(shell, view, "markdown"))
    elif refused is None:
        emit(render_applied_text(view, ends, verbose=shell.verbose, color=wants_color(sys.stdout, shell.environ)), fit=True)
    if shell.report is not None:
        keep_report(shell, render_fleet_json(applied_view(replace(run, with_plans=True))))
    waits = any(one.plan is not None and one.plan.waiting for one in read.plans)
    return exit_code_of_apply(view, shell.signals.stop.exit_code, refused=refused, incomplete=request.require_all and waits)
