"""Several targets written in their waves: each planned anew in its turn, one at a time in an organization."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from reconciler.applying.fleet import FleetApply, StalePlan, TargetEnd
from reconciler.applying.outcome import ApplyReport
from reconciler.applying.stopping import Stop
from reconciler.applying.waves import Turn, TurnEnd, TurnState, Waves
from reconciler.cache.store import opened
from reconciler.errors import ExitCode, ReconcilerError, exit_code_of
from reconciler.flowservice.sharing import SharedClients
from reconciler.http.clock import Clock, SystemClock
from reconciler.http.transport import Wire
from reconciler.journal.writing import FleetOfRun
from reconciler.observing.progress import Progress
from reconciler.observing.unfinished import UNFINISHED
from reconciler.observing.workspace import readings_of
from reconciler.planning.fleet import TargetPlan
from reconciler.planning.plan import Action, Plan
from reconciler.reports.plan.differences import differences
from reconciler.reports.plan.outline import outline_of
from reconciler.reports.plan.view import view_of
from reconciler.sessions.gatekeeping import SharedUpstreams
from reconciler.sessions.opening import open_writing
from reconciler.sessions.shared import Shared
from reconciler.settings.scope import Scope
from reconciler.settings.targets import Settings

_BUG: Final = "this is a bug in reconciler; please report it"


@dataclass(frozen=True, slots=True)
class WritingMeans:
    """What a run that writes several targets works with. `wire` replaces the network."""

    environ: Mapping[str, str]
    scope: Scope
    progress: Progress
    stop: Stop
    wire: Wire | None = None
    clock: Clock = field(default_factory=SystemClock)


def apply_several(means: WritingMeans, given: FleetApply) -> tuple[TargetEnd, ...]:
    """Write the targets, and return what became of each, in the order of their plans.

    It returns once every target that was begun has ended. An error of one of them is its result, even an internal one.
    """
    shown = {one.name: one for one in given.read.plans}
    waves = Waves(turns_of(given.read.settings, shown.values(), given.refused), given.max_failures)
    with SharedClients(means.clock, means.wire) as clients, opened(means.scope.cache) as cache:
        shared = Shared(given.read.settings, clients, readings_of(given.read.settings, shown), cache)
        ended = _Run(means, given, shared, waves, shown).everything()
    ends = waves.ends
    return tuple(
        ended.get(name)
        or TargetEnd(one, ends[name], error=given.refused.get(name) if ends[name].state is TurnState.ENDED else None)
        for name, one in shown.items()
    )


def turns_of(
    settings: Settings, plans: Iterable[TargetPlan], refused: Mapping[str, ReconcilerError] = MappingProxyType({})
) -> list[Turn]:
    """The turns of these targets, in the order of their plans. `refused` are those that are not written."""
    return [
        Turn(
            name=one.name,
            wave=settings.wave(one.name),
            organization=(one.target.host, one.target.org_id) if one.target else None,
            after=_ancestors(settings, one.name),
            known=refused[one.name].exit_code if one.name in refused else _known(one),
        )
        for one in plans
    ]


def _ancestors(settings: Settings, name: str) -> frozenset[str]:
    direct = settings.upstreams(name)
    return frozenset(direct).union(*(_ancestors(settings, one) for one in direct))


def _known(one: TargetPlan) -> ExitCode | None:
    """The exit code of a target that is not written: its plan has an error, or nothing is to do. After a killed run, its journal is."""
    if one.plan is None:
        return one.error.exit_code if one.error else ExitCode.WRONG
    if one.plan.errors:
        return exit_code_of(one.plan.problems)
    if one.plan.actions or any(problem.code == UNFINISHED for problem in one.plan.problems):
        return None
    return ExitCode.DONE


@dataclass(slots=True)
class _Run:
    """One run in progress. Everything but the turns themselves happens in the main thread."""

    means: WritingMeans
    given: FleetApply
    shared: Shared
    waves: Waves
    shown: Mapping[str, TargetPlan]
    done: queue.SimpleQueue[TargetEnd] = field(default_factory=queue.SimpleQueue)
    running: dict[str, threading.Thread | None] = field(default_factory=dict)
    wave: int | None = None
    """The wave that `shared` is for."""

    def everything(self) -> dict[str, TargetEnd]:
        """The ends of the targets that were begun."""
        ended: dict[str, TargetEnd] = {}
        try:
            while not self.waves.is_over:
                self._begin()
                if not self.running:
                    continue
                end = self.done.get()
                thread = self.running.pop(end.name)
                if thread is not None:
                    thread.join()
                self.waves.ended(end.name, ExitCode.UNFINISHED if end.end.exit_code is None else end.end.exit_code)
                ended[end.name] = end
                self.given.told.ended(end)
        finally:
            for thread in filter(None, self.running.values()):
                thread.join()
        return ended

    def _begin(self) -> None:
        if self.means.stop.is_set():
            self.waves.halt()
        for turn in self.waves.begin():
            if turn.wave != self.wave:  # all earlier turns have ended, so what is read from now on has seen them
                self.wave, self.shared = turn.wave, replace(self.shared, upstreams=SharedUpstreams(keeps_failures=False))
            one = self.shown[turn.name]
            self.given.told.began(one)
            thread = threading.Thread(target=self._work, args=(one,), daemon=True, name=f"target-{turn.name}")
            try:
                thread.start()
            except RuntimeError:  # no more threads: the target runs in this one
                self.running[turn.name] = None
                self._work(one)
            else:
                self.running[turn.name] = thread

    def _work(self, one: TargetPlan) -> None:
        """One turn. Whatever happens, its end is reported."""
        turn = _TurnOfOne(self.means, self.given, self.shared, one)
        try:
            turn.run()
        finally:
            self.done.put(turn.end)


@dataclass(slots=True)
class _TurnOfOne:
    """The turn of one target."""

    means: WritingMeans
    given: FleetApply
    shared: Shared
    one: TargetPlan
    is_writing: bool = False
    report: ApplyReport | None = None
    error: ReconcilerError | None = None
    code: ExitCode | None = None
    seconds: float = 0.0

    @property
    def end(self) -> TargetEnd:
        """Its end. Without a result, nobody knows what was written."""
        code, error = self.code, self.error
        if code is None:
            code = ExitCode.UNFINISHED if self.is_writing else ExitCode.WRONG
            error = error or ReconcilerError("internal error: the turn of this target did not end", hint=_BUG)
        return TargetEnd(self.one, TurnEnd(TurnState.ENDED, code), self.report, error, self.seconds)

    def run(self) -> None:
        began = self.means.clock.monotonic()
        try:
            self._write()
        except ReconcilerError as error:
            self.error, self.code = error, ExitCode.UNFINISHED if self.report else error.exit_code
            if self.means.stop.exit_code and not self.is_writing:
                self.error, self.code = None, self.means.stop.exit_code
        except BaseException as error:  # noqa: BLE001 - it ends nothing else, and is reported
            self.error = ReconcilerError(f"internal error: {type(error).__name__}", hint=_BUG)
            self.code = ExitCode.UNFINISHED if self.is_writing else ExitCode.WRONG
        finally:
            self.seconds = self.means.clock.monotonic() - began

    def _write(self) -> None:
        means, reading = self.means, self.given.reading
        scope = replace(means.scope, target=self.one.name)
        progress = _Named(means.progress, self.one.name)
        fleet = FleetOfRun(self.given.digest, tuple(one.name for one in self.given.read.plans if one.plan and one.plan.actions))
        with open_writing(means.environ, scope, progress, means.stop, self.shared, fleet) as session:
            options = reading.options(session.safety)
            shown = self.one.plan.gates if self.one.plan else None
            fresh = session.prepare(options, users=reading.users, trials=reading.trials, shown=shown)
            _check(self.one.plan, fresh)
            if means.stop.exit_code:
                self.code = means.stop.exit_code
                return
            self.is_writing = True
            self.report = session.apply(fresh, None, means.stop)
            self.code = self.report.exit_code


def _check(shown: Plan | None, fresh: Plan) -> None:
    """Raises StalePlan unless this is the plan that was shown."""
    if shown is not None and fresh.digest == shown.digest:
        return
    raise StalePlan(
        "its plan changed after it was shown; nothing was written there",
        hint="plan again, review the plan, and apply it",
        problems=differences(outline_of(view_of(shown)), outline_of(view_of(fresh))) if shown else (),
    )


@dataclass(frozen=True, slots=True)
class _Named:
    """The progress of one of several targets."""

    progress: Progress
    name: str

    def step(self, message: str) -> None:
        self.progress.step(f"{message} ({self.name})")

    def wrote(self, action: Action, done: int, total: int) -> None:
        self.progress.step(f"{done} of {total}: {action.action} {action.key or action.name} ({self.name})")
