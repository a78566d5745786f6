"""Open a target for a command: spec files, credentials, and Flow Service, over HTTP or embedded."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import msgspec

from reconciler.applying.stopping import Stop
from reconciler.cache.place import NO_CACHE
from reconciler.cache.store import Cache, opened
from reconciler.desired.layers import Layers
from reconciler.errors import ReconcilerError
from reconciler.flowservice.client import SpecReader, SpecWriter
from reconciler.flowservice.connecting import connect
from reconciler.flowservice.sharing import SharedClients
from reconciler.http.clock import Clock
from reconciler.http.clock import Stop as StopAsked
from reconciler.http.transport import Wire
from reconciler.journal.folder import journals_of
from reconciler.journal.writing import FleetOfRun
from reconciler.observing.prepare import prepare
from reconciler.observing.progress import Progress
from reconciler.observing.rechecking import parsed_anew, plan_that_holds
from reconciler.observing.workspace import LazyWorkspace, Workspace
from reconciler.planning.gate import Gates
from reconciler.planning.gating.upstream import Upstream
from reconciler.planning.plan import ActionName, Options, Plan
from reconciler.sessions.embedding import embedded_service
from reconciler.sessions.gatekeeping import Gatekeeper, unread, upstream_of
from reconciler.sessions.patience import StopUntilWriting
from reconciler.sessions.protocols import Writing
from reconciler.sessions.shared import Shared
from reconciler.settings.credentials import credentials_for
from reconciler.settings.loading import load_settings
from reconciler.settings.scope import Scope
from reconciler.settings.values import Credentials, Network, Safety, Target

if TYPE_CHECKING:
    from reconciler.applying.outcome import ApplyReport
    from reconciler.authoring.importing.selection import Choice
    from reconciler.authoring.importing.specs import Import
    from reconciler.observing.restore import Wanted


class ReadingSession(msgspec.Struct, frozen=True):
    """One target with a read-only client. The workspace in `files` is replaced if what came from the cache does not hold."""

    files: LazyWorkspace
    reader: SpecReader
    safety: Safety
    progress: Progress
    scope: Scope
    targets: tuple[str, ...]
    """The names of all targets in the settings."""
    gatekeeper: Gatekeeper

    @property
    def workspace(self) -> Workspace:
        return self.files.get()

    def prepare(
        self, options: Options, *, users: bool = False, trials: bool = False, gated: bool = True, shown: Gates | None = None
    ) -> Plan:
        """The lists begin to come while many files are read."""
        self.files.get(self._begin_lists)
        gating = self.gatekeeper.gating(self.workspace, options, shown) if gated else None
        workspace = replace(self.workspace, gating=gating)
        make = partial(prepare, workspace, self.reader, options, self.progress, users=users, trials=trials)
        plan = plan_that_holds(self.workspace, make)
        if isinstance(plan, Workspace):
            self.files.put(plan)
            return self.prepare(options, users=users, trials=trials, gated=gated, shown=shown)
        return plan if gated else self.gatekeeper.told(self.workspace, options, plan)

    def _begin_lists(self) -> None:
        """With a journal of an earlier run here, a list must not be older than what is concluded from both."""
        if not journals_of(self.files.root, self.files.plan_target, 1):
            self.reader.begin_lists(self.files.network.concurrency)

    def prepare_restore(self, wanted: Wanted, options: Options) -> Plan:
        from reconciler.observing.restore import prepare_restore

        workspace = self.files.put(parsed_anew(self.workspace))
        return prepare_restore(workspace, self.reader, wanted, options, self.progress)

    def prepare_import(self, choice: Choice) -> Import:
        from reconciler.authoring.importing.folder import Folder
        from reconciler.desired.tree import WorkingTree
        from reconciler.sessions.importing import prepare_import

        self.files.put(parsed_anew(self.workspace))
        specs, name = self.scope.specs, self.workspace.target.name
        layers = Layers.in_settings(load_settings(specs), name)
        folder = Folder(WorkingTree(specs), name, self.targets, specs.as_posix(), layers)
        return prepare_import(self.workspace, self.reader, folder, choice, self.progress)


class WritingSession(msgspec.Struct):
    """One target with a client that can write. `workspace` is replaced if what came from the cache does not hold."""

    workspace: Workspace
    writer: SpecWriter
    safety: Safety
    progress: Progress
    patience: StopUntilWriting
    clock: Clock
    gatekeeper: Gatekeeper

    def prepare(
        self, options: Options, *, users: bool = False, trials: bool = False, gated: bool = True, shown: Gates | None = None
    ) -> Plan:
        """Raises ReconcilerError. After an interrupted run, waits until the lists can show what it created.

        `shown` are the gates of the plan that was shown before: what waited there still does.
        """
        from reconciler.observing.unfinished import wait_for_killed_run

        wait_for_killed_run(self.workspace, self.clock, self.progress)
        make = partial(self._planned, options, users=users, trials=trials, gated=gated, shown=shown)
        plan = plan_that_holds(self.workspace, make)
        if isinstance(plan, Workspace):
            self.workspace = replace(plan, fleet=self.workspace.fleet)
            return make()
        return plan

    def _planned(self, options: Options, *, users: bool, trials: bool, gated: bool, shown: Gates | None) -> Plan:
        from reconciler.observing.remembered import wait_for_unknown_creates

        workspace = self._behind_the_gate(options, shown) if gated else replace(self.workspace, gating=None)
        plan = prepare(workspace, self.writer, options, self.progress, users=users, trials=trials)
        if wait_for_unknown_creates(workspace, plan, self.clock, self.progress):
            return prepare(workspace, self.writer, options, self.progress, users=users, trials=trials)
        return plan

    def _behind_the_gate(self, options: Options, shown: Gates | None) -> Workspace:
        return replace(self.workspace, gating=self.gatekeeper.gating(self.workspace, options, shown))

    def prepare_restore(self, wanted: Wanted, options: Options) -> Plan:
        from reconciler.observing.restore import prepare_restore

        self.workspace = replace(parsed_anew(self.workspace), fleet=self.workspace.fleet)
        return prepare_restore(self.workspace, self.writer, wanted, options, self.progress)

    def apply(self, plan: Plan, journal: Path | None, stop: Stop) -> ApplyReport:
        """A stop no longer interrupts: requests in flight are completed, and an early read-back would prove nothing."""
        from reconciler.applying.engine import apply_plan

        creates = any(action.action is ActionName.CREATE for action in plan.actions)
        workspace = (
            self._behind_the_gate(plan.options, plan.gates) if creates else self.workspace
        )  # it is planned again before a create
        self.patience.begin()
        return apply_plan(
            plan,
            workspace,
            self.writer,
            journal=journal,
            clock=self.clock,
            rng=random.Random(),  # noqa: S311 - jitter
            stop=stop,
            progress=self.progress,
        )


class _Dependencies(msgspec.Struct, frozen=True):
    """The dependencies of a session. `wire` sends requests to an embedded service; None uses the network."""

    files: LazyWorkspace
    credentials: Credentials
    safety: Safety
    wire: Wire | SharedClients | None
    clock: Clock
    targets: tuple[str, ...]
    gatekeeper: Gatekeeper

    def connection(self, stop: StopAsked) -> _Connection:
        return {
            "target": self.files.target,
            "credentials": self.credentials,
            "network": self.files.network,
            "clock": self.clock,
            "rng": random.Random(),  # noqa: S311 - jitter
            "wire": self.wire,
            "stop": stop,
        }


class _Connection(TypedDict):
    target: Target
    credentials: Credentials
    network: Network
    clock: Clock
    rng: random.Random
    wire: Wire | SharedClients | None
    stop: StopAsked


@contextmanager
def open_reading(
    environ: Mapping[str, str], scope: Scope, progress: Progress, stop: Stop, shared: Shared | None = None
) -> Iterator[ReadingSession]:
    """Open the target for a read-only command; `shared` has what other targets of the run use, too. Raises ReconcilerError."""
    with (
        _grounded(environ, scope, progress, stop, shared, later=True) as ground,
        connect(SpecReader, **ground.connection(stop)) as reader,
    ):
        yield ReadingSession(ground.files, reader, ground.safety, progress, scope, ground.targets, ground.gatekeeper)


@contextmanager
def open_writing(
    environ: Mapping[str, str],
    scope: Scope,
    progress: Progress,
    stop: Stop,
    shared: Shared | None = None,
    fleet: FleetOfRun | None = None,
) -> Iterator[Writing]:
    """Open the target for a command that writes; `shared` has what other targets of the run use, too. Raises ReconcilerError."""
    patience = StopUntilWriting(stop)
    with (
        _grounded(environ, scope, progress, patience, shared) as ground,
        connect(SpecWriter, **ground.connection(patience)) as writer,
    ):
        workspace = replace(ground.files.get(), fleet=fleet)
        yield WritingSession(workspace, writer, ground.safety, progress, patience, ground.clock, ground.gatekeeper)


@contextmanager
def _grounded(
    environ: Mapping[str, str],
    scope: Scope,
    progress: Progress,
    stop: StopAsked,
    shared: Shared | None = None,
    *,
    later: bool = False,
) -> Iterator[_Dependencies]:
    """With `later`, the files are read when they are needed, unless the target is embedded or is after others, which are read first."""
    settings = shared.settings if shared else load_settings(scope.specs)
    target = settings.target(scope.target, environ)
    credentials = credentials_for(target, environ)
    readings, caching = shared.readings if shared else None, partial(_cache_of, scope, shared)
    files = LazyWorkspace(scope.specs, settings, target, progress, readings, caching)
    if not (later and target.emulator is None and not settings.upstreams(target.name)):
        files.get()
    with embedded_service(target, shared.clients.clock if shared else None) as service:
        wire = service.wire or (shared.clients if shared else None)
        names, look = tuple(settings.targets), _Lookout(environ, scope, progress, stop, shared).look
        keeper = Gatekeeper(environ, scope, settings, look, shared.upstreams if shared else None, is_alone=shared is None)
        yield _Dependencies(files, credentials, settings.safety, wire, service.clock, names, keeper)


def _cache_of(scope: Scope, shared: Shared | None) -> AbstractContextManager[Cache | None]:
    """The cache, saved when the files are read; that of a run over several targets stays open."""
    return nullcontext(shared.cache) if shared else opened(scope.cache)


class _Lookout(msgspec.Struct, frozen=True):
    """Looks at an upstream target: read-only, with its own credentials, and with nothing asked before it."""

    environ: Mapping[str, str]
    scope: Scope
    progress: Progress
    stop: StopAsked
    shared: Shared | None

    def look(self, name: str, options: Options) -> Upstream:
        self.progress.step(f"reading {name}, which comes first")
        try:
            scope = replace(self.scope, target=name, cache=NO_CACHE)  # a gate opens for what was parsed in this run
            shared = self.shared.without_cache() if self.shared else None
            with (
                _grounded(self.environ, scope, self.progress, self.stop, shared) as ground,
                connect(SpecReader, **ground.connection(self.stop)) as reader,
            ):
                workspace = ground.files.get()
                return upstream_of(name, workspace, prepare(workspace, reader, options, self.progress))
        except ReconcilerError as error:
            return unread(name, error)
