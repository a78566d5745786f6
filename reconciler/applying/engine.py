"""A plan, carried out: connection specs first, then each flow spec once, then retirements."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from reconciler.applying.creating import create
from reconciler.applying.journal_folder import open_journal
from reconciler.applying.observation import in_parallel
from reconciler.applying.outcome import ApplyReport, Failure, OutcomeName, Result
from reconciler.applying.preparation import prepare
from reconciler.applying.progress import Progress
from reconciler.applying.replacing import replace_spec
from reconciler.applying.site import Site, Task, failure_of, unsent
from reconciler.applying.stopping import Stop
from reconciler.applying.unfinished import UNFINISHED
from reconciler.applying.workspace import Workspace
from reconciler.documents.kinds import Kind
from reconciler.errors import ExitCode, JournalError, Problem, ReconcilerError, Refused, Severity, exit_code_of
from reconciler.flowservice.client import SpecWriter
from reconciler.http.clock import Clock
from reconciler.planning.plan import Action, ActionName, Plan, SpecStatus, State


def apply_plan(
    plan: Plan,
    workspace: Workspace,
    service: SpecWriter,
    *,
    journal: Path | None,
    clock: Clock,
    rng: random.Random,
    stop: Stop,
    progress: Progress,
) -> ApplyReport:
    """Carry out a plan that was made just now, and say how each of its specs ended.

    Raises, before anything is written: Refused for a plan with errors of guards, or one that is not the same any more when the lists are
    read again before a create; ReconcilerError for one with mistakes in files; JournalError without a journal.
    """
    refuse_errors(plan)
    in_sync = [_in_sync(status) for status in plan.specs if status.state is State.IN_SYNC]
    if not plan.actions:
        _close_killed_run(plan, workspace, journal, clock)
        return ApplyReport(plan.target, plan.digest, tuple(in_sync), plan.problems)
    if any(action.action is ActionName.CREATE for action in plan.actions):
        _look_again(plan, workspace, service, clock, stop, progress)
    with open_journal(journal, workspace.root, plan.target, clock) as written:
        written.start(plan)
        site = Site(service, written, clock, rng, workspace.network, workspace.owner, workspace.target.ownership == "marker")
        run = _Run(site, plan, stop, progress, dict(plan.ids), plan.proven)
        results = run.everything()
        report = ApplyReport(plan.target, plan.digest, (*results, *in_sync), plan.problems, str(written.path), stop.exit_code)
        written.end(converged=report.converged)
        if written.broken is not None:
            report = replace(report, problems=(*report.problems, _incomplete(written.broken)))
    return report


def _close_killed_run(plan: Plan, workspace: Workspace, journal: Path | None, clock: Clock) -> None:
    """Where a killed run left nothing to do, a journal that comes to its end says so: the next run need not be told again."""
    if journal is not None or all(problem.code != UNFINISHED for problem in plan.problems):
        return
    with contextlib.suppress(JournalError), open_journal(None, workspace.root, plan.target, clock) as written:
        written.start(plan)
        written.end(converged=True)


def _incomplete(error: JournalError) -> Problem:
    return Problem(
        Severity.WARNING, "journal", f"what is reported here is not all in the journal: {error.message}", hint=error.hint
    )


def refuse_errors(plan: Plan) -> None:
    """Raises when the plan has a problem of severity error: nothing of it may be written."""
    code = exit_code_of(plan.problems)
    if code is ExitCode.DONE:
        return
    first = plan.errors[0]
    count = "one problem stands" if len(plan.errors) == 1 else f"{len(plan.errors)} problems stand"
    message = f"nothing was written: {count} in the way; the first: {first.message}"
    if code is ExitCode.REFUSED:
        raise Refused(message, hint=first.hint)
    raise ReconcilerError(message, hint=first.hint)


def _look_again(plan: Plan, workspace: Workspace, service: SpecWriter, clock: Clock, stop: Stop, progress: Progress) -> None:
    """Before the first POST, wait as long as a new object may take to show, read the lists again, and plan again.

    What an earlier run, killed a moment ago, has created would otherwise be created twice.
    """
    window = workspace.network.consistency_window
    if window:
        progress.step(f"waiting {window:g} s, so that specs made a moment ago show up in the lists")
    until = clock.monotonic() + window
    while (left := until - clock.monotonic()) > 0 and not stop.is_set():
        clock.sleep(min(left, 0.5))
    if stop.is_set():
        return
    again = prepare(workspace, service, plan.options, progress)
    refuse_errors(again)
    if again.digest != plan.digest:
        raise Refused(
            "nothing was written: live changed between the plan and the moment before the first create",
            hint="run plan again and look at what is different",
        )


@dataclass(slots=True)
class _Run:
    """One apply under way.

    `ids` grows as connection specs are created; `proven` turns true with the first marker that a read-back shows; `halt` says why nothing
    more may be begun.
    """

    site: Site
    plan: Plan
    stop: Stop
    progress: Progress
    ids: dict[str, str]
    proven: bool
    halt: Failure | None = None
    ended: list[tuple[Action, Result]] = field(default_factory=list)

    def everything(self) -> tuple[Result, ...]:
        """All actions in their order, each level only when the one before it has ended."""
        for kind in Kind:
            level = [action for action in self.plan.actions if action.kind is kind and not action.retires]
            self._all(self._until_proven(level))
        self._retire([action for action in self.plan.actions if action.retires])
        turns = {id(action): turn for turn, action in enumerate(self.plan.actions)}
        return tuple(result for _, result in sorted(self.ended, key=lambda pair: turns[id(pair[0])]))

    def _until_proven(self, actions: Sequence[Action]) -> list[Action]:
        """In a target that has not shown that it keeps markers, one action at a time until it has, creates first; those that are left."""
        left = sorted(actions, key=lambda action: action.action is not ActionName.CREATE)
        while left and self.site.keeps_markers and not self.proven and left[0].marker is not None:
            result = self._one(left.pop(0))
            self.proven = result.outcome in (OutcomeName.CREATED, OutcomeName.UPDATED)
            if result.outcome in (OutcomeName.UNKNOWN, OutcomeName.NOT_CONVERGED) and self.halt is None:
                reason = "the first write to this target did not show that the service keeps markers"
                self.halt = Failure("canary", reason, result.error.hint if result.error else None)
        return left

    def _retire(self, actions: Sequence[Action]) -> None:
        detaches = [result for _, result in self.ended if result.kind is Kind.FLOW_SPEC and not result.outcome.is_good]
        if detaches and self.halt is None:
            self.halt = Failure(
                "not-detached", f"flow spec {detaches[0].name!r} did not end well, so nothing is retired", "run apply again"
            )
        self._all(actions)

    def _all(self, actions: Sequence[Action]) -> None:
        in_parallel(self._one, actions, self.site.network.concurrency)

    def _one(self, action: Action) -> Result:
        result = self._perform(action)
        if result.id is not None and action.kind is Kind.CONNECTION_SPEC and action.key and result.outcome in _MADE:
            self.ids[action.key] = result.id
        self.ended.append((action, result))
        self.progress.wrote(action, len(self.ended), len(self.plan.actions))
        return result

    def _perform(self, action: Action) -> Result:
        if self.stop.is_set():
            return unsent(
                action, OutcomeName.SKIPPED, Failure("interrupted", "the run was interrupted before its turn", "run apply again")
            )
        if self.halt is not None:
            return unsent(action, OutcomeName.SKIPPED, self.halt)
        missing = self._missing(action)
        if missing is not None:
            return unsent(action, OutcomeName.SKIPPED, missing)
        task = Task(self.site, action, self.ids)
        try:
            return create(task) if action.action is ActionName.CREATE else replace_spec(task)
        except JournalError as error:
            self.halt = failure_of(error)
            return task.given_up(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the report of everything else must not be lost with it
            return task.given_up(ReconcilerError(f"an error of this program: {type(error).__name__}", hint="please report it"))
        finally:
            if self.site.journal.broken is not None:
                self.halt = failure_of(self.site.journal.broken)

    def _missing(self, action: Action) -> Failure | None:
        """Why an action cannot be done for want of the connection specs that it is about."""
        needed = _awaited(action)
        missing = sorted(needed - self.ids.keys())
        only_attaches = action.desired is None and action.action is ActionName.ATTACH
        if not missing or (only_attaches and len(missing) < len(action.attaches)):
            return None
        return Failure(
            "dependency", f"it needs the id of {', '.join(missing)}, which did not end well", "see there; then run apply again"
        )


_MADE = frozenset({OutcomeName.CREATED, OutcomeName.UPDATED, OutcomeName.NOT_CONVERGED})


def _awaited(action: Action) -> set[str]:
    """The keys of the connection specs whose ids an action needs."""
    written = {reference.key for reference in action.desired.references} if action.desired else set()
    return written | {item["ref"] for item in action.sources if not isinstance(item, str)}


def _in_sync(status: SpecStatus) -> Result:
    return Result(status.kind, status.key, status.name, status.id, OutcomeName.IN_SYNC)
