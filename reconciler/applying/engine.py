"""Applies a plan: connection specs first, then each flow spec once, then retirements."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from reconciler.applying.context import ApplyContext, Task, failure_of, unsent
from reconciler.applying.creating import create
from reconciler.applying.outcome import ApplyReport, Failure, OutcomeName, Result
from reconciler.applying.replacing import replace_spec
from reconciler.applying.stopping import Stop
from reconciler.applying.twins import TWINS, LastLook, Lookout
from reconciler.applying.workers import Workers
from reconciler.documents.kinds import Kind
from reconciler.errors import ExitCode, JournalError, Problem, ReconcilerError, Refused, Severity, count, exit_code_of
from reconciler.flowservice.client import SpecWriter
from reconciler.http.clock import Clock
from reconciler.journal.folder import open_journal
from reconciler.observing.prepare import prepare
from reconciler.observing.progress import Progress
from reconciler.observing.unfinished import UNFINISHED
from reconciler.observing.workspace import Workspace
from reconciler.planning.gating.held import held_in
from reconciler.planning.plan import Action, ActionName, Plan, State


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
    """Apply a plan that was just made, and return the result of each spec.

    Raises, before anything is written: Refused if a guard has an error, or if the plan changes when the lists are read again before a
    create; ReconcilerError if a file has an error; ServiceError if live cannot be read again; JournalError if the journal cannot be
    created.
    """
    refuse_errors(plan)
    in_sync = [
        Result(status.kind, status.key, status.name, status.id, OutcomeName.IN_SYNC)
        for status in plan.specs
        if status.state is State.IN_SYNC
    ]
    if not plan.actions:
        _close_killed_run(plan, workspace, journal, clock)
        return ApplyReport(plan.target, plan.digest, tuple(in_sync), plan.problems, waiting=held_in(plan))
    last_look = LastLook()
    if any(action.action is ActionName.CREATE for action in plan.actions):
        plan, began = _look_again(plan, workspace, service, clock=clock, rng=rng, stop=stop, progress=progress)
        last_look.saw((), service, began)  # the plan has checked that no spec has the name
    with open_journal(journal, workspace.root, plan.target, clock) as written:
        written.start(plan, workspace.fleet)
        keeps_markers = workspace.target.ownership == "marker"
        workers = Workers(workspace.network.concurrency, clock)
        site = ApplyContext(service, written, workers.clock, rng, workspace.network, workspace.owner, keeps_markers, last_look)
        run = _Run(site, workers, plan, stop, progress, dict(plan.ids), plan.proven)
        results = run.everything()
        outcomes, path = (*results, *in_sync), str(written.path)
        report = ApplyReport(plan.target, plan.digest, outcomes, plan.problems, path, stop.exit_code, held_in(plan))
        written.end(converged=report.converged)
        if written.broken is not None:
            message, hint = f"the journal is incomplete: {written.broken.message}", written.broken.hint
            incomplete = Problem(Severity.WARNING, "journal", message, hint=hint)
            report = replace(report, problems=(*report.problems, incomplete))
    return report


def _close_killed_run(plan: Plan, workspace: Workspace, journal: Path | None, clock: Clock) -> None:
    """If a killed run left nothing to do, write a complete journal, so that the next run does not report it again."""
    if journal is not None or all(problem.code != UNFINISHED for problem in plan.problems):
        return
    with contextlib.suppress(JournalError), open_journal(None, workspace.root, plan.target, clock) as written:
        written.start(plan, workspace.fleet)
        written.end(converged=True)


def refuse_errors(plan: Plan) -> None:
    """Raises Refused or ReconcilerError if the plan has an error: nothing may be written."""
    code = exit_code_of(plan.problems)
    if code is ExitCode.DONE:
        return
    first = plan.errors[0]
    message = f"nothing was written: the plan has {count(len(plan.errors), 'error')}: {first.message}"
    if code is ExitCode.REFUSED:
        raise Refused(message, hint=first.hint)
    raise ReconcilerError(message, hint=first.hint)


def _look_again(
    plan: Plan, workspace: Workspace, service: SpecWriter, *, clock: Clock, rng: random.Random, stop: Stop, progress: Progress
) -> tuple[Plan, float]:
    """The plan, made again a moment later, and when (monotonic) its reading began.

    Before the first POST, wait as long as a new spec may take to appear in lists, then plan again. Without this, the creates of a run
    killed a moment ago would be repeated. The wait is randomly up to half longer, so that two runs that started together reach their
    creates one after the other.
    """
    window = workspace.network.consistency_window * rng.uniform(1.0, 1.5)
    if window:
        progress.step(f"waiting {window:.3g} s for new specs to appear in the lists")
    wait_until(clock.monotonic() + window, clock, stop)
    began = clock.monotonic()
    if stop.is_set():
        return plan, began
    trials = any(action.tried for action in plan.actions)
    again = prepare(workspace, service, plan.options, progress, trials=trials, certain=True, now=clock.now())
    refuse_errors(again)
    if again.digest != plan.digest:
        raise Refused(
            "nothing was written: live changed after the plan was made, before the first create",
            hint="run plan again and review the differences",
        )
    return again, began


def wait_until(moment: float, clock: Clock, stop: Stop) -> None:
    """Return at that moment (monotonic), or as soon as a stop is requested."""
    while (left := moment - clock.monotonic()) > 0 and not stop.is_set():
        clock.sleep(min(left, 0.5))


@dataclass(slots=True)
class _Run:
    """One apply in progress.

    `ids` grows as connection specs are created. `proven` becomes true with the first marker in a read-back. `halt` is why nothing more may
    start. `posted_at` is when (monotonic) the last create was done.
    """

    site: ApplyContext
    workers: Workers
    plan: Plan
    stop: Stop
    progress: Progress
    ids: dict[str, str]
    proven: bool
    halt: Failure | None = None
    posted_at: float = 0.0
    ended: list[tuple[Action, Result]] = field(default_factory=list)

    def everything(self) -> tuple[Result, ...]:
        """Run all actions in order. Each level starts when the previous one has finished and its creates are checked for duplicates."""
        for kind in Kind:
            level = [action for action in self.plan.actions if action.kind is kind and not action.retires]
            self._all(self._until_alone(self._until_proven(level)))
            self._look_for_twins(kind)
        self._retire([action for action in self.plan.actions if action.retires])
        turns = {id(action): turn for turn, action in enumerate(self.plan.actions)}
        return tuple(result for _, result in sorted(self.ended, key=lambda pair: turns[id(pair[0])]))

    def _until_proven(self, actions: Sequence[Action]) -> list[Action]:
        """In a target not yet known to keep markers, run one action at a time until one is kept, creates first; return the rest."""
        left = sorted(actions, key=lambda action: action.action is not ActionName.CREATE)
        while left and self.site.keeps_markers and not self.proven and left[0].marker is not None:
            result = self._one(left.pop(0))
            self.proven = result.outcome in (OutcomeName.CREATED, OutcomeName.UPDATED)
            if result.outcome in (OutcomeName.UNKNOWN, OutcomeName.NOT_CONVERGED) and self.halt is None:
                reason = "the first write to this target did not prove that the service keeps markers"
                self.halt = Failure("canary", reason)
        return left

    def _until_alone(self, actions: Sequence[Action]) -> list[Action]:
        """Run the first of several creates alone, and check that no other run creates the same specs; return the rest."""
        window = self.site.network.consistency_window
        creates = [action for action in actions if action.action is ActionName.CREATE]
        made = any(action.kind is creates[0].kind for action, _ in self._created()) if creates else False
        if not window or len(creates) + made < _SEVERAL:
            return list(actions)
        first = [] if made else creates[:1]
        self._all(first)
        if self.halt is None and self._created():
            self.progress.step(f"waiting {window:g} s to check for another run that creates the same specs")
            wait_until(self.posted_at + window, self.site.clock, self.stop)
            self._judge_creates(self._lookout.glance(self._created(), self.site.last_look))
        twin = next((result.error for _, result in self.ended if result.error and result.error.code == TWINS), None)
        if twin is not None and self.halt is None:
            self.halt = Failure(TWINS, f"another run creates the same specs: {twin.message}", twin.hint)
        return [action for action in actions if action not in first]

    def _look_for_twins(self, kind: Kind) -> None:
        """Once specs created by another run must be visible, look for duplicates of our creates and change their results."""
        made = [(action, result) for action, result in self._created() if action.kind is kind]
        window = self.site.network.consistency_window
        if not made:
            return
        until = self.posted_at + 2 * window
        if (left := until - self.site.clock.monotonic()) > 0:
            self.progress.step(f"waiting {left:.3g} s for specs that another run may have created")
            wait_until(until, self.site.clock, self.stop)
        self._judge_creates(self._lookout.watch(made, max(2 * window, _LEAST_PATIENCE)))

    def _created(self) -> list[tuple[Action, Result]]:
        return [
            (action, result)
            for action, result in self.ended
            if action.action is ActionName.CREATE and result.id is not None and result.outcome in _MADE
        ]

    def _judge_creates(self, judged: Mapping[str, Result]) -> None:
        """Replace the results of creates that have duplicates, by id; a duplicate that is not to be kept is attached to nothing."""
        self.ended = [(action, judged.get(result.id or "", result)) for action, result in self.ended]
        for result in judged.values():
            if result.error is not None and result.error.code == TWINS and not result.error.is_older:
                self.ids.pop(result.key or "", None)

    @property
    def _lookout(self) -> Lookout:
        return Lookout(self.site.service, self.site.clock, self.site.owner)

    def _retire(self, actions: Sequence[Action]) -> None:
        detaches = [result for _, result in self.ended if result.kind is Kind.FLOW_SPEC and not result.outcome.is_good]
        if detaches and self.halt is None:
            self.halt = Failure(
                "not-detached", f"flow spec {detaches[0].name!r} failed, so nothing is retired", "run apply again"
            )
        self._all(actions)

    def _all(self, actions: Sequence[Action]) -> None:
        self.workers.run(self._one, actions)

    def _one(self, action: Action) -> Result:
        result = self._perform(action)
        if action.action is ActionName.CREATE and result.requests:
            self.posted_at = self.site.clock.monotonic()
        if result.id is not None and action.kind is Kind.CONNECTION_SPEC and action.key and result.outcome in _MADE:
            self.ids[action.key] = result.id
        self.ended.append((action, result))
        self.progress.wrote(action, len(self.ended), len(self.plan.actions))
        return result

    def _perform(self, action: Action) -> Result:
        if self.stop.is_set():
            interrupted = Failure("interrupted", "the run was interrupted before this spec", "run apply again")
            return unsent(action, OutcomeName.SKIPPED, interrupted)
        if obstacle := self.halt or self._missing(action):
            return unsent(action, OutcomeName.SKIPPED, obstacle)
        task = Task(self.site, action, self.ids)
        try:
            return create(task) if action.action is ActionName.CREATE else replace_spec(task)
        except JournalError as error:
            self.halt = failure_of(error)
            return task.given_up(error)
        except Exception as error:  # noqa: BLE001 - an error must not lose the report of everything else
            return task.given_up(
                ReconcilerError(f"internal error: {type(error).__name__}", hint="this is a bug in reconciler; please report it")
            )
        finally:
            if self.site.journal.broken is not None:
                self.halt = failure_of(self.site.journal.broken)

    def _missing(self, action: Action) -> Failure | None:
        """The failure if an action needs connection specs that have no id; None if it can run."""
        needed = {reference.key for reference in action.desired.references} if action.desired else set()
        needed |= {item["ref"] for item in action.sources if not isinstance(item, str)}
        missing = sorted(needed - self.ids.keys())
        only_attaches = action.desired is None and action.action is ActionName.ATTACH
        if not missing or (only_attaches and len(missing) < len(action.attaches)):
            return None
        return Failure(
            "dependency", f"it needs the id of {', '.join(missing)}, which failed", "fix that first, then run apply again"
        )


_LEAST_PATIENCE = 5.0
"""Seconds for which a list that does not show our own creates is read again, if the settings say that lists do not lag."""

_SEVERAL = 2
"""From this number of creates in one apply, the first runs alone, to detect another run that creates the same specs."""

_MADE = frozenset({OutcomeName.CREATED, OutcomeName.UPDATED, OutcomeName.NOT_CONVERGED})
