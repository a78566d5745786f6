"""Several targets read side by side: one plan each, or the reason why there is none."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import msgspec

from reconciler.applying.stopping import Stop
from reconciler.cache.store import opened
from reconciler.errors import ReconcilerError, ServiceUnreachable, UsageError
from reconciler.flowservice.sharing import SharedClients
from reconciler.http.clock import Clock, SystemClock
from reconciler.http.transport import Wire
from reconciler.observing.progress import Progress
from reconciler.observing.workspace import readings_of
from reconciler.planning.fleet import FleetRead, FleetReading, TargetPlan
from reconciler.planning.plan import Action, Plan, PlanTarget
from reconciler.sessions.gatekeeping import SharedUpstreams, unread, upstream_of
from reconciler.sessions.opening import open_reading
from reconciler.sessions.shared import Shared
from reconciler.settings.choosing import choose
from reconciler.settings.credentials import credentials_for
from reconciler.settings.loading import load_settings
from reconciler.settings.scope import Scope
from reconciler.settings.selection import Selection
from reconciler.settings.targets import Settings


class FleetMeans(msgspec.Struct, frozen=True):
    """What a reading of several targets works with. `parallel` is how many targets are read at once, at most."""

    environ: Mapping[str, str]
    scope: Scope
    settings: Settings
    progress: Progress
    stop: Stop
    parallel: int = 8
    wire: Wire | None = None
    """Replaces the network."""
    clock: Clock = msgspec.field(default_factory=SystemClock)


def read_several(
    environ: Mapping[str, str], scope: Scope, selection: Selection, reading: FleetReading, progress: Progress, stop: Stop
) -> FleetRead:
    """The chosen targets. Raises SettingsError for unreadable settings, UsageError if no target is chosen."""
    settings = load_settings(scope.specs)
    reading.options(settings.safety)  # a mistake on the command line is one for all targets
    chosen = choose(settings, selection if not selection.is_one else _named(settings, selection), writes=reading.writes)
    means = FleetMeans(environ, scope, settings, progress, stop, parallel=settings.fleet.parallel)
    names = [name for name in chosen.names if reading.wave is None or settings.wave(name) == reading.wave]
    return FleetRead(settings, chosen, read_targets(means, names, reading))


def _named(settings: Settings, selection: Selection) -> Selection:
    """The one target of a selection, which may be the default one, by name."""
    return replace(selection, targets=(settings.target_name(next(iter(selection.targets), None)),))


def read_targets(means: FleetMeans, names: Sequence[str], reading: FleetReading) -> tuple[TargetPlan, ...]:
    """Each target in the order of `names`. A target that cannot be read has its error; the others go on.

    It returns or raises once every target that was begun has ended, so an interrupted command is still in here, and ends as one that reads
    a single target does. No further target is begun then. Raises UsageError for a command line that is a mistake for each of them.
    """
    todo: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    done: queue.SimpleQueue[TargetPlan | BaseException] = queue.SimpleQueue()
    workers = _useful_threads(means, names)
    with SharedClients(means.clock, means.wire) as clients, opened(means.scope.cache) as cache:
        upstreams = SharedUpstreams(_before_others(means.settings, names))
        shared = Shared(means.settings, clients, readings_of(means.settings, names), cache, upstreams)
        for name in (*sorted(names, key=means.settings.wave), *[None] * workers):
            todo.put(name)
        args = (means, shared, reading, todo, done)
        threads = [threading.Thread(target=_work, args=args, daemon=True, name=f"target-{number}") for number in range(workers)]
        for thread in threads:
            thread.start()
        try:
            found = dict(_collected(means, done, len(names)))
        finally:
            for thread in threads:
                thread.join()
    mistakes = [one.error for one in found.values() if isinstance(one.error, UsageError)]
    if len(mistakes) == len(names) and len({one.message for one in mistakes}) == 1:
        raise mistakes[0]  # such as a key that no target knows: a mistake on the command line, which every target has
    return tuple(found[name] for name in names)


def _useful_threads(means: FleetMeans, names: Sequence[str]) -> int:
    """How many threads read these targets: more than the calls that their clients make at once would only wait for each other."""
    calls = means.settings.network.concurrency * len({_client_of(means, name) for name in names})
    return min(means.parallel, len(names), calls)


def _client_of(means: FleetMeans, name: str) -> tuple[str, ...]:
    """What the calls at once are counted by; a target that cannot be read has its own."""
    try:
        target = means.settings.target(name, means.environ)
        return target.base_url, target.org_id, credentials_for(target, means.environ).api_key
    except ReconcilerError:
        return (name,)


def _before_others(settings: Settings, names: Sequence[str]) -> frozenset[str]:
    """Those of these targets that others of them are after: what was read of them is kept for these."""
    return frozenset(names) & {before for name in names for before in settings.upstreams(name)}


def _collected(
    means: FleetMeans, done: queue.SimpleQueue[TargetPlan | BaseException], number: int
) -> Iterator[tuple[str, TargetPlan]]:
    for count in range(number):
        means.progress.step(f"{count} of {number} targets read")
        result = done.get()
        if isinstance(result, BaseException):
            raise result
        yield result.name, result


def _work(
    means: FleetMeans,
    shared: Shared,
    reading: FleetReading,
    todo: queue.SimpleQueue[str | None],
    done: queue.SimpleQueue[TargetPlan | BaseException],
) -> None:
    while (name := todo.get()) is not None:
        try:
            done.put(_one(means, shared, reading, name))
        except BaseException as error:  # noqa: BLE001 - a bug in a thread is raised in the main thread
            done.put(error)


def _one(means: FleetMeans, shared: Shared, reading: FleetReading, name: str) -> TargetPlan:
    began = means.clock.monotonic()
    target: PlanTarget | None = None
    plan: Plan | None = None
    error: ReconcilerError | None = None
    upstream = unread(name, ReconcilerError("its reading ended with an internal error"))
    try:
        if means.stop.is_set():
            raise ServiceUnreachable("a stop was requested before it was read", hint="run again")
        found = means.settings.target(name, means.environ)
        target = PlanTarget(found.name, found.host, found.org_id, found.sandbox)
        scope = replace(means.scope, target=name)
        with open_reading(means.environ, scope, _Quiet(), means.stop, shared) as session:
            options, shown = reading.options(session.safety), reading.shown.get(name)
            plan = _apart(session.prepare(options, users=reading.users, trials=reading.trials, gated=reading.gated, shown=shown))
            upstream = upstream_of(name, session.workspace, plan, is_first=reading.applies)
    except ReconcilerError as failed:
        error = failed
        upstream = unread(name, failed)
    finally:
        if shared.upstreams is not None:
            shared.upstreams.announce(upstream)
    return TargetPlan(name, target, plan, error, means.clock.monotonic() - began)


def _apart(plan: Plan) -> Plan:
    """The same plan, without the lists of live specs that it was made from: what it keeps of them has its own bytes."""
    return replace(plan, actions=_with_own_bytes(plan.actions), waiting=_with_own_bytes(plan.waiting))


def _with_own_bytes(actions: tuple[Action, ...]) -> tuple[Action, ...]:
    return tuple(action if action.seen is None else replace(action, seen=action.seen.with_own_bytes()) for action in actions)


class _Quiet:
    """The steps of one of several targets say nothing: only their number does."""

    def step(self, message: str) -> None: ...

    def wrote(self, *_: object) -> None: ...
