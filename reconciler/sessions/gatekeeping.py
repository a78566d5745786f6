"""What is asked before a target: its upstream targets, each planned read-only from this checkout."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from typing import Final, TypeAlias

import msgspec

from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import WorkingTree
from reconciler.errors import ReconcilerError, UsageError
from reconciler.observing.overdue import of_the_repository
from reconciler.observing.proofs import KeptProofs
from reconciler.observing.workspace import Workspace
from reconciler.planning.gate import Gates
from reconciler.planning.gating.judging import Gating
from reconciler.planning.gating.upstream import Upstream
from reconciler.planning.plan import Options, Plan
from reconciler.settings.scope import Scope
from reconciler.settings.targets import Settings

_NO_LIMIT: Final = 1_000_000

Look: TypeAlias = Callable[[str, Options], Upstream]
"""Reads and plans one upstream target. Never raises ReconcilerError: a target that could not be planned says why."""


class SharedUpstreams:
    """The upstream targets of one run over several targets, or of one wave that it writes, each planned once. Thread-safe.

    In a wave that is written, nothing is read before the wave begins. Each upstream target is of an earlier wave, so its turn has ended by
    then. Without `keeps_failures`, one that could not be read is read again for the next target that asks.

    `planned` are those that the run plans anyway; each must be announced, whatever becomes of it, before a target behind it waits for
    ever. They are begun in the order of their waves, so none waits for one that has not begun.
    """

    def __init__(self, planned: Iterable[str] = (), *, keeps_failures: bool = True) -> None:
        self._keeps_failures = keeps_failures
        self._lock = threading.Lock()
        self._known: dict[str, Future[Upstream]] = {name: Future() for name in planned}

    def announce(self, upstream: Upstream) -> None:
        """What became of a target that the run plans. One that no other is after is not kept."""
        known = self._known.get(upstream.name)
        if known is not None and not known.done():
            known.set_result(upstream)

    def of(self, name: str, look: Callable[[], Upstream]) -> Upstream:
        """The upstream target, as the run planned it, or as it is looked at now."""
        with self._lock:
            mine = name not in self._known
            known = self._known.setdefault(name, Future())
        if mine:
            try:
                found = look()
            except BaseException as error:
                known.set_exception(error)
                raise
            if found.plan is None and not self._keeps_failures:
                with self._lock:
                    del self._known[name]
            known.set_result(found)
        return known.result()


class Gatekeeper(msgspec.Struct, frozen=True):
    """Collects what is asked before one target. `shared` are the upstream targets that others of the run ask for, too."""

    environ: Mapping[str, str]
    scope: Scope
    settings: Settings
    look: Look
    shared: SharedUpstreams | None = None
    is_alone: bool = True
    """Whether the run has no other targets."""

    def gating(self, workspace: Workspace, options: Options, shown: Gates | None = None) -> Gating | None:
        """What is asked now; None if the target is after no other. Raises UsageError for a gate to skip where there is none.

        `shown` are the gates of the plan that was shown, if this is asked for an apply of it: what waited there is not written.
        """
        name = workspace.target.name
        names = self.settings.upstreams(name)
        if not names:
            if options.skip_gates and self.is_alone:
                raise UsageError(f"--skip-gate has no effect: target {name!r} is after no other", hint="leave it out")
            return None
        target = self.settings.targets[name]
        return Gating(
            upstreams=tuple(self._upstream(one, options) for one in names),
            soak=target.soak,
            proved=target.proved,
            proof=self._proof_for(workspace),
            skips=frozenset(options.skip_gates),
            shown=shown or {},
        )

    def told(self, workspace: Workspace, options: Options, plan: Plan) -> Plan:
        """A plan made without gates, with what they say of each spec with a pending change of the repository.

        Nothing is withheld. The upstream targets are read only if there is such a spec.
        """
        specs = of_the_repository(plan)
        gating = self.gating(workspace, options) if specs and self.settings.drift.max_pending is not None else None
        if gating is None:
            return plan
        files = {(spec.kind, spec.key): spec for spec in workspace.desired.specs}
        return replace(plan, gates=gating.gates({identity: files.get(identity) for identity in sorted(specs)}))

    def _upstream(self, name: str, options: Options) -> Upstream:
        def look() -> Upstream:
            return self.look(name, looking(options))

        return look() if self.shared is None else self.shared.of(name, look)

    def _proof_for(self, workspace: Workspace) -> Callable[[DesiredSpec, str], str | None]:
        proofs = KeptProofs(WorkingTree(self.scope.specs))
        emulated_counts = workspace.target.emulator is not None

        def why_not(desired: DesiredSpec, target: str) -> str | None:
            try:
                place = self.settings.target(target, self.environ)
            except ReconcilerError as error:
                return f"no proof in {target} counts: {error.message}"
            return proofs.why_not_in(desired, place, emulated_counts=emulated_counts)

        return why_not


def looking(options: Options) -> Options:
    """The options with which an upstream target is planned: nothing is written there, so no limit and no permission counts."""
    return replace(
        options,
        max_creates=_NO_LIMIT,
        max_updates=_NO_LIMIT,
        max_detaches=_NO_LIMIT,
        allow_create=(),
        allow_rewind=False,
        allow_dirty=True,
        allow_in_use=True,
        allow_breaking=True,
        allow_untried=True,
        allow_unproved=True,
        skip_gates=(),
        reason=None,
    )


def upstream_of(name: str, workspace: Workspace, plan: Plan, *, is_first: bool = False) -> Upstream:
    """An upstream target as it was planned; `is_first` if this run is to write the plan."""
    return Upstream(
        name,
        plan,
        desired={(spec.kind, spec.key): spec for spec in workspace.desired.specs},
        elsewhere=lambda key: workspace.desired.elsewhere(key) is not None,
        is_first=is_first and not plan.errors,
    )


def unread(name: str, error: ReconcilerError) -> Upstream:
    """An upstream target that could not be planned."""
    return Upstream(name, why_not=error.message, hint=error.hint)
