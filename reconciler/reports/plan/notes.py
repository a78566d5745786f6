"""What is worth knowing of an action before its changes are read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reconciler.planning.plan import RETIRED, ActionName
from reconciler.reports.plan.view import ActionView

_NOTES: Final = {
    ActionName.CREATE: "irreversible: nothing can delete it again",
    ActionName.ADOPT: "adopt: begins to manage a spec that was not this repository's",
    ActionName.RENAME: "rename: the marker gets this key",
}


def notes_of(action: ActionView) -> Iterator[str]:
    """One sentence each."""
    if any(change.op == "remove" and change.path == RETIRED for change in action.changes):
        yield "back in use: it was retired, and has a file again"
    elif action.action in _NOTES:
        yield _NOTES[action.action]
    if action.is_shared:
        yield "shared: it keeps every other id that it holds"
