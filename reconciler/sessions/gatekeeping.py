"""What is asked before a target: the upstream targets as this checkout would plan them, each read once in a run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Final

from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import WorkingTree
from reconciler.errors import ReconcilerError, UsageError
from reconciler.observing.proofs import KeptProofs
from reconciler.observing.workspace import Workspace
from reconciler.planning.gating.judging import Gating
from reconciler.planning.gating.upstream import Upstream
from reconciler.planning.plan import Options, Plan
from reconciler.settings.targets import Settings

_NO_LIMIT: Final = 1_000_000
Look: type = Callable[[str, Options], Upstream]  # type: ignore[assignment]


def looking(options: Options) -> Options:
    """The options with which an upstream target is planned: nothing is written there, so no limit and no permission counts."""
    return replace(
        options,
        max_creates=_NO_LIMIT,
        max_updates=_NO_LIMIT,
        max_detaches=_NO_LIMIT,
        allow_breaking=True,
        allow_untried=True,
        allow_unproved=True,
        skip_gates=(),
        reason=None,
    )


def upstream_of(name: str, workspace: Workspace, plan: Plan, *, is_first: bool = False) -> Upstream:
    """An upstream target as it was planned."""
    desired = {(spec.kind, spec.key): spec for spec in workspace.desired.specs}
    return Upstream(
        name,
        plan,
        desired=desired,
        elsewhere=lambda key: workspace.desired.elsewhere(key) is not None,
        is_first=is_first and not plan.errors,
    )


def unread(name: str, error: ReconcilerError) -> Upstream:
    """An upstream target that could not be planned."""
    return Upstream(name, why_not=error.message, hint=error.hint)
