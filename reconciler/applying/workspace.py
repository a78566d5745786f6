"""What stays the same through one command: the files, the target, the history."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reconciler.desired.history import GitHistory, open_history
from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSet
from reconciler.desired.tree import WorkingTree
from reconciler.planning.causes import History
from reconciler.planning.ownership import Owner
from reconciler.planning.plan import PlanTarget
from reconciler.settings import NetworkSettings, Settings, Target
