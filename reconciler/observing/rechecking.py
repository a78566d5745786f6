"""Whether a plan made from the cache may be shown and applied: what it acts on is read again from the files, and must be the same.

An entry that somebody planted can then put nothing into a plan, and nothing is written that was not parsed in this run. A plan with an
error, or with an action whose reason is that a file is missing, is checked against all files. If the files say something else, the cache is
emptied, and everything is read again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Final

from reconciler.desired.specs import DesiredSet, DesiredSpec
from reconciler.documents.kinds import Kind
from reconciler.errors import ReconcilerError
from reconciler.observing.workspace import FromCache, Workspace
from reconciler.planning.plan import Action, Plan

LOGGER: Final = logging.getLogger("reconciler.cache")


def plan_that_holds(workspace: Workspace, make: Callable[[], Plan]) -> Plan | Workspace:
    """The plan that `make` makes of this workspace; or the workspace without the cache, to make it with instead.

    An entry whose fields are of the right types can still be nonsense, of which no plan can be made. Raises what `make` raises if nothing
    came from the cache.
    """
    try:
        plan = make()
    except ReconcilerError:
        raise
    except Exception:
        if workspace.cached is None:
            raise
        return _dropped(workspace.cached, workspace.cached.reopen())
    return _parsed_instead(workspace, plan) or plan


def _parsed_instead(workspace: Workspace, plan: Plan) -> Workspace | None:
    """The workspace without the cache, to make this plan again; None if the plan holds."""
    cached = workspace.cached
    if cached is None:
        return None
    acted = (*plan.actions, *plan.waiting)
    if plan.errors or any(_lacks_a_file(action) for action in acted):
        parsed = cached.reopen()
        if _same(parsed.desired, workspace.desired):
            return None
    elif all(map(cached.still_says, _acted_on(acted, plan, workspace.desired))):
        return None
    else:
        parsed = cached.reopen()
    return _dropped(cached, parsed)


def _dropped(cached: FromCache, parsed: Workspace) -> Workspace:
    LOGGER.info("cache dropped: the spec files say something else")
    cached.cache.drop()
    return parsed


def parsed_anew(workspace: Workspace) -> Workspace:
    """The workspace without anything from the cache."""
    return workspace if workspace.cached is None else workspace.cached.reopen()


def _lacks_a_file(action: Action) -> bool:
    """Whether the reason for an action is that a file is missing or does not name a flow spec, which no single file shows."""
    return bool(action.detaches) or action.retires


def _acted_on(actions: Iterable[Action], plan: Plan, desired: DesiredSet) -> Iterable[DesiredSpec]:
    """The specs from the cache that these actions write, or attach to a flow spec."""
    keys = {live_id: key for key, live_id in plan.ids.items()}
    wanted: set[tuple[Kind, str | None]] = set()
    for action in actions:
        wanted.add((action.kind, action.key))
        for source in (*action.sources, *(change.new for change in action.attaches)):
            key = source.get("ref") if isinstance(source, dict) else keys.get(source)
            wanted.add((Kind.CONNECTION_SPEC, key))
    return [spec for spec in desired.specs if (spec.kind, spec.key) in wanted and spec.path in desired.unparsed]


def _same(one: DesiredSet, other: DesiredSet) -> bool:
    return (one, one.paths) == (other, other.paths)
