"""The inputs that do not change during a command: the files, the target, the history."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeAlias

import msgspec

from reconciler.cache.store import Cache
from reconciler.desired.files import form_of
from reconciler.desired.git.as_read import TreeAsRead
from reconciler.desired.git.history import FoundRepository
from reconciler.desired.git.history import History as GitHistory
from reconciler.desired.git.uncommitted import NOTHING, Uncommitted
from reconciler.desired.layers import Layers
from reconciler.desired.load import load_desired
from reconciler.desired.parsing.reading import nothing
from reconciler.desired.readings import Readings
from reconciler.desired.spec_file import View, read_spec_file
from reconciler.desired.specs import DesiredSet, DesiredSpec
from reconciler.desired.tree import SpecTree, Unreadable, WorkingTree
from reconciler.journal.writing import FleetOfRun
from reconciler.observing.progress import Progress
from reconciler.observing.proofs import KeptProofs, ProofEvidence, nothing_proved
from reconciler.observing.recorded_trials import RecordedTrials
from reconciler.observing.rules_at_write import WriteRules
from reconciler.observing.trials import Evidence, nothing_recorded
from reconciler.planning.comparing.causes import History
from reconciler.planning.comparing.ownership import Owner
from reconciler.planning.gating.judging import Gating
from reconciler.planning.plan import PlanTarget
from reconciler.settings.targets import Settings
from reconciler.settings.values import Network, Safety, Target, Tombstone


class FromCache(msgspec.Struct, frozen=True):
    """The files that came from the cache, and how to read them again. Nothing in `tree` and `view` came from the cache."""

    tree: SpecTree
    view: View
    cache: Cache
    reopen: Callable[[], Workspace]
    """Opens the workspace without the cache."""

    def still_says(self, spec: DesiredSpec) -> bool:
        """Whether the file of this spec says the same as the cache."""
        if spec.path is None:
            return False
        try:
            return read_spec_file(self.tree, spec.path, form_of(spec.path), self.view).spec == spec
        except Unreadable:
            return False


@dataclass(frozen=True, slots=True)
class Workspace:
    """The desired specs, read once, and the target they are for.

    `commit` is HEAD, or None without one, and `uncommitted` has the spec files with uncommitted changes. `needs_git` is whether git must
    prove that a write undoes nothing newer: not for an emulator, nor if the settings say that git is not required. `root` is the parent of
    the specs folder. `retired` are the entries in the settings, and `max_retired` is how many specs one apply may retire.
    """

    desired: DesiredSet
    target: Target
    plan_target: PlanTarget
    owner: Owner
    history: History
    commit: str | None
    network: Network
    root: Path
    rules: WriteRules | None = None
    """None if no rules run."""
    retired: tuple[Tombstone, ...] = ()
    max_retired: int = Safety().max_retired
    uncommitted: Uncommitted = NOTHING
    needs_git: bool = True
    evidence: Evidence = nothing_recorded
    """Whether the content of a spec was tried."""
    proofs: ProofEvidence = nothing_proved
    """Whether it was proved."""
    proof_max_age: float | None = None
    """Seconds after which a proof is old."""
    fleet: FleetOfRun | None = None
    """The run over several targets that an apply is part of; the journal names it."""
    gating: Gating | None = None
    """What is asked before the target; None if it is after no other."""
    cached: FromCache | None = field(default=None, compare=False, repr=False)
    """What of it came from the cache; None if nothing did."""


_AT_ONCE = 1.0
"""Seconds to wait for the embedded service, which shows new specs at once: just enough to make the wait visible."""
_SOON = 0.05
"""Seconds between two looks at a run of the embedded service, which is on this machine."""


def network_of(network: Network, target: Target) -> Network:
    """The network settings; shorter waits for the embedded service unless the file sets them.

    Where its clock jumps, waits take no time, so the looks at a run stay as far apart as usual.
    """
    if target.emulator is None:
        return network
    usual = Network()
    window = _AT_ONCE if network.consistency_window == usual.consistency_window else network.consistency_window
    settle = _AT_ONCE if network.settle == usual.settle else network.settle
    poll = _SOON if network.poll == usual.poll and not target.provider else network.poll
    return replace(network, consistency_window=window, settle=settle, poll=poll)


def readings_of(settings: Settings, names: Iterable[str]) -> Readings:
    """The files for a run over these targets, which looks at the targets before them, too."""
    wanted = dict.fromkeys(one for name in names if name in settings.targets for one in (name, *settings.upstreams(name)))
    return Readings(Layers.of_several(settings, wanted))


def open_workspace(
    specs_dir: Path,
    settings: Settings,
    target: Target,
    readings: Readings | None = None,
    cache: Cache | None = None,
    meanwhile: Callable[[], None] = nothing,
) -> Workspace:
    """The spec files of this folder for one target, with their history. Problems of files are in `desired.problems`.

    `readings` are the files as other targets of the run read them, and `cache` has them as earlier runs read them. `meanwhile` is called
    before many files are looked up or parsed.
    """
    layers = _layers_of(settings, target, readings)
    tree = _tree_of(specs_dir, readings)
    names, shown = tuple(settings.targets), specs_dir.as_posix()
    desired = load_desired(tree, target.name, shown, names, layers, readings, cache=cache, meanwhile=meanwhile)
    found = None if readings is None else readings.once("repository", lambda: FoundRepository.around(specs_dir))
    history = GitHistory(specs_dir, desired.specs, layers, found)
    compare = partial(history.uncommitted, tree)
    return Workspace(
        desired=desired,
        target=target,
        plan_target=_plan_target(target),
        owner=Owner(settings.repository, target.sandbox, settings.formerly),
        history=history,
        commit=history.head(),
        network=network_of(settings.network, target),
        root=specs_dir.resolve().parent,
        rules=WriteRules(settings.rules, settings.safety.rules == "refuse"),
        retired=settings.retired,
        max_retired=settings.safety.max_retired,
        uncommitted=compare() if readings is None else readings.once(f"uncommitted in {history.head()}", compare),
        needs_git=target.emulator is None and settings.git.required,
        evidence=RecordedTrials(tree),
        proofs=KeptProofs(tree) if readings is None else readings.once("proofs", lambda: KeptProofs(tree)),
        proof_max_age=settings.proof.max_age,
        cached=_from_cache(specs_dir, settings, target, readings, cache) if cache is not None and desired.unparsed else None,
    )


def _layers_of(settings: Settings, target: Target, readings: Readings | None) -> Layers:
    known = None if readings is None else readings.run.get(target.name)
    return Layers.in_settings(settings, target.name) if known is None else known


def _tree_of(specs_dir: Path, readings: Readings | None) -> TreeAsRead:
    """The folder as this target reads it, or as all targets that share the readings do."""
    tree = TreeAsRead(WorkingTree(specs_dir))
    return tree if readings is None else readings.once("tree", lambda: tree)


def _from_cache(specs_dir: Path, settings: Settings, target: Target, readings: Readings | None, cache: Cache) -> FromCache:
    parsed = readings and readings.parsed_in_this_run()
    view = View(target.name, tuple(settings.targets), specs_dir.as_posix(), _layers_of(settings, target, readings), parsed)
    return FromCache(_tree_of(specs_dir, parsed), view, cache, lambda: open_workspace(specs_dir, settings, target, parsed))


def _plan_target(target: Target) -> PlanTarget:
    return PlanTarget(target.name, target.host, target.org_id, target.sandbox)


Caching: TypeAlias = Callable[[], AbstractContextManager[Cache | None]]


class LazyWorkspace:
    """The workspace of a target, which is opened once, when it is first needed. Not thread-safe."""

    def __init__(
        self,
        specs_dir: Path,
        settings: Settings,
        target: Target,
        progress: Progress,
        readings: Readings | None = None,
        caching: Caching = nullcontext,
    ) -> None:
        """`caching` opens what earlier runs read of the files, and saves it."""
        self.target = target
        self.plan_target = _plan_target(target)
        self.root = specs_dir.resolve().parent
        self.network = network_of(settings.network, target)
        self._open = partial(open_workspace, specs_dir, settings, target, readings)
        self._progress = progress
        self._caching = caching
        self._workspace: Workspace | None = None

    def get(self, meanwhile: Callable[[], None] = nothing) -> Workspace:
        """The workspace; `meanwhile` is called if it is opened now, and its files are many."""
        if self._workspace is None:
            self._progress.step("reading spec files")
            with self._caching() as cache:
                self._workspace = self._open(cache, meanwhile)
        return self._workspace

    def put(self, workspace: Workspace) -> Workspace:
        """Replace it by one that was opened otherwise."""
        self._workspace = workspace
        return workspace
