"""What is worth knowing of an action before its changes are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from reconciler.documents.comparison import Cause
from reconciler.planning.plan import RETIRED, ActionName
from reconciler.reports.plan.usage_words import usage_sentence
from reconciler.reports.plan.view import ActionView
from reconciler.reports.sinks.phrases import cause_sentence

_NOTES: Final = {
    ActionName.CREATE: "permanent: a spec cannot be deleted once created",
    ActionName.ADOPT: "adopt: this repository takes over a spec that it did not manage",
    ActionName.RENAME: "rename: the marker changes to this key",
}


def notes_of(action: ActionView, quoted: Callable[[str], str] = str, strong: str = "") -> list[str]:
    """One sentence each. What is not ours is `quoted` for its sink; `strong` stands around what apply overwrites."""
    if action.retires:
        return ["retire: it no longer has a spec file; its marker will say so, and it stays live, because it cannot be deleted"]
    is_back = any(change.op == "remove" and change.path == RETIRED for change in action.changes)
    sentence = cause_sentence(action.cause, quoted(action.updated_by) if action.updated_by else None, action.updated_at)
    if sentence and action.cause in (Cause.DRIFT, Cause.BOTH):
        sentence += f"; {strong}apply will overwrite it{strong}"
    notes = (
        "back in use: it was retired, and has a spec file again" if is_back else _NOTES.get(action.action),
        "shared: every other attached id stays" if action.is_shared else None,
        sentence,
        usage_sentence(action, quoted),
    )
    return [note for note in notes if note]
