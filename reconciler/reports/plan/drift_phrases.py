"""Words of drift reports: how many specs differ from live, as far as the cause is known, and what to do about it."""

from __future__ import annotations

from typing import Final

from reconciler.documents.comparison import Cause
from reconciler.errors import count
from reconciler.reports.plan.view import ActionView, PlanView

_DRIFTED: Final = frozenset({Cause.DRIFT, Cause.BOTH})
_IMPORTED: Final = frozenset({Cause.DRIFT, Cause.UNCONFIRMED})
"""What `import --drift` takes over; it leaves in the file what the repository may have changed."""


def difference_words(view: PlanView) -> str:
    """The number of specs with each kind of cause. `view` has actions."""
    causes = [action.cause for action in view.actions]
    drifted = sum(cause in _DRIFTED for cause in causes)
    unconfirmed = causes.count(Cause.UNCONFIRMED)
    unknown = len(causes) - drifted - unconfirmed
    counts = (
        (drifted, f"{count(drifted, 'spec')} drifted"),
        (unknown, f"{count(unknown, 'spec differs', 'specs differ')}, cause unknown"),
        (unconfirmed, f"{count(unconfirmed, 'spec')} unconfirmed"),
    )
    return "; ".join(words for number, words in counts if number)


def is_imported(action: ActionView) -> bool:
    """Whether `import --drift` takes over anything of it."""
    return any(change.cause in _IMPORTED for change in action.changes)


def left_out_words(view: PlanView) -> str:
    """A note on what `import --drift` leaves out, in parentheses; empty if that is nothing or everything."""
    imported = [is_imported(action) for action in view.actions]
    mixed = any(imported) and not all(imported)
    return " (`import --drift` does not take over what has an unknown cause)" if mixed else ""


def undo_words(view: PlanView) -> str:
    """What an apply does to these differences."""
    return "undo the drift" if any(action.cause in _DRIFTED for action in view.actions) else "overwrite them"
