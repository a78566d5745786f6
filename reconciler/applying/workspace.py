"""What stays the same through one command: the files, the target, the history."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reconciler.desired.specs import DesiredSet
from reconciler.planning.causes import History
from reconciler.planning.ownership import Owner
from reconciler.planning.plan import PlanTarget
from reconciler.settings import Network, Target


@dataclass(frozen=True, slots=True)
class Workspace:
    """Desired, read once, with everything that says where it is to be made true.

    `commit` is HEAD, or None where the specs folder is dirty or there is no git. `root` is the folder that holds the specs folder.
    """

    desired: DesiredSet
    target: Target
    plan_target: PlanTarget
    owner: Owner
    history: History
    commit: str | None
    network: Network
    root: Path
