"""What stays the same through one command: the files, the target, the history."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from reconciler.desired.git.history import History as GitHistory
from reconciler.desired.git.uncommitted import NOTHING, Uncommitted
from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSet
from reconciler.desired.tree import WorkingTree
from reconciler.observing.rules_at_write import WriteRules
from reconciler.planning.comparing.causes import History
from reconciler.planning.comparing.ownership import Owner
from reconciler.planning.plan import PlanTarget
from reconciler.settings.targets import Settings
from reconciler.settings.values import Network, Safety, Target, Tombstone


@dataclass(frozen=True, slots=True)
class Workspace:
    """Desired, read once, with everything that says where it is to be made true.

    `commit` is HEAD, or None without one, and `uncommitted` has the spec files that it has not. `needs_git` says that a write needs git's
    word that it undoes nothing newer: not in an emulator, nor where the settings say that people work without git. `root` is the folder
    that holds the specs folder.
    `retired` is what the settings take out of use, and `max_retired` how many specs of that one apply may.
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
    """None where no rules are asked."""
    retired: tuple[Tombstone, ...] = ()
    max_retired: int = Safety().max_retired
    uncommitted: Uncommitted = NOTHING
    needs_git: bool = True


_AT_ONCE = 1.0
"""Seconds that are waited for the embedded service, which shows at once what is made: enough to see that there is a wait."""


def _network(network: Network, target: Target) -> Network:
    """The settings as they are; for the embedded service shorter waits, where the file does not say how long."""
    if target.emulator is None:
        return network
    usual = Network()
    window = _AT_ONCE if network.consistency_window == usual.consistency_window else network.consistency_window
    settle = _AT_ONCE if network.settle == usual.settle else network.settle
    return replace(network, consistency_window=window, settle=settle)


def open_workspace(specs_dir: Path, settings: Settings, target: Target) -> Workspace:
    """The spec files of this folder for one target, with their history. What is wrong with a file is among `desired.problems`."""
    desired = load_desired(WorkingTree(specs_dir), target.name, specs_dir.as_posix(), tuple(settings.targets))
    history = GitHistory(specs_dir, desired.specs)
    return Workspace(
        desired=desired,
        target=target,
        plan_target=PlanTarget(target.name, target.host, target.org_id, target.sandbox),
        owner=Owner(settings.owners.repository, target.sandbox, tuple(settings.owners.formerly)),
        history=history,
        commit=history.head(),
        network=_network(settings.network, target),
        root=specs_dir.resolve().parent,
        rules=WriteRules(settings.rules, settings.safety.rules == "refuse"),
        retired=settings.retired,
        max_retired=settings.safety.max_retired,
        uncommitted=history.uncommitted(),
        needs_git=target.emulator is None and settings.git.required,
    )
