"""Renamed entries in a list keyed by name, shown as a rename and not as a removal and an addition."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from reconciler.documents.canonical import digest
from reconciler.documents.json_text import Json
from reconciler.documents.places import Missing
from reconciler.reports.plan.view import ActionView, ChangeView, PlanView

_REMOVED: Final = re.compile(r"(?P<list>.+)/\d+")
_ADDED: Final = "/-"


def show_renames(view: PlanView) -> PlanView:
    """The plan for display. Its actions and its JSON are unchanged."""
    return replace(view, actions=tuple(map(_with_renames, view.actions)))


def _with_renames(action: ActionView) -> ActionView:
    changes = with_renames(action.changes)
    return action if changes is action.changes else replace(action, changes=changes)


def with_renames(changes: Sequence[ChangeView]) -> tuple[ChangeView, ...]:
    """The changes, with a rename in place of each removal and addition of the same entry under another name."""
    if not any(change.op == "remove" for change in changes):
        return tuple(changes)
    come = [change for change in changes if change.op == "add" and change.path.endswith(_ADDED)]
    if not come:
        return tuple(changes)
    shown: list[ChangeView] = []
    for change in changes:
        twin = next((other for other in come if _is_renamed(change, other)), None)
        if twin is None:
            shown.append(change)
            continue
        come.remove(twin)
        cause = change.cause if change.cause == twin.cause else None
        shown.append(ChangeView("replace", f"{change.path}/name", _name(change.old), _name(twin.new), cause))
    paired = [change for change in changes if change.op == "add" and change.path.endswith(_ADDED) and change not in come]
    return tuple(change for change in shown if change not in paired)


def _is_renamed(gone: ChangeView, come: ChangeView) -> bool:
    place = _REMOVED.fullmatch(gone.path)
    if gone.op != "remove" or place is None or f"{place['list']}{_ADDED}" != come.path:
        return False
    if not (isinstance(gone.old, dict) and isinstance(come.new, dict) and "name" in gone.old and "name" in come.new):
        return False
    return digest(gone.old | {"name": None}) == digest(come.new | {"name": None})


def _name(entry: Json | Missing) -> Json:
    return entry["name"] if isinstance(entry, dict) else None
