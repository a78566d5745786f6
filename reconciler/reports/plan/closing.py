"""The end of a plan, next to where it is confirmed: what apply would write, where, and what cannot be undone."""

from __future__ import annotations

from collections import Counter
from typing import Final

from reconciler.documents.comparison import Cause
from reconciler.planning.plan import ActionName
from reconciler.reports.plan.view import ActionView, PlanView
from reconciler.reports.sinks.text import Part, Style, Text

_NAMED: Final = 8
"""Maximum number of permanent creates named; the others are counted."""
_OVERWRITTEN: Final = (Cause.DRIFT, Cause.BOTH)
_WHOLE: Final = 75
"""Columns that a line with the whole digest takes."""
_PREFIX: Final = 16
_WRITES: Final = (ActionName.UPDATE, ActionName.ADOPT, ActionName.RENAME)


def digest_for(digest: str, columns: int | None) -> str:
    """The digest for a terminal of this width: whole where its line fits, else its first digits, which `--expect` accepts."""
    return digest if columns is None or columns >= _WHOLE else digest[:_PREFIX]


def show_closing(text: Text, view: PlanView) -> None:
    """Add the permanent creates, then the writes and the target."""
    show_permanent(text, view)
    text.line(Part(writes_in(view), Style.STRONG))


def show_permanent(text: Text, view: PlanView) -> None:
    """Add a line that names the creates; nothing without one."""
    created = [action.key or action.name for action in view.actions if action.action is ActionName.CREATE]
    if created:
        more = f" and {len(created) - _NAMED:,} more" if len(created) > _NAMED else ""
        text.line(Part(f"permanent, cannot be deleted once created: {', '.join(created[:_NAMED])}{more}", Style.GRAVE))


def writes_in(view: PlanView, verb: str | None = None) -> str:
    """`Create 10 (permanent), attach 2 · prod · sandbox prod`. `verb` replaces that of updates."""
    said = ", ".join(_writes(view, verb)) or "nothing to do"
    return f"{said[0].upper()}{said[1:]} · {view.target.name} · sandbox {view.target.sandbox}"


def _writes(view: PlanView, verb: str | None) -> list[str]:
    numbers = Counter(action.action for action in view.actions if not action.retires)
    retired = sum(action.retires for action in view.actions)
    written = [action for action in view.actions if action.action in _WRITES and not action.retires]
    created = numbers[ActionName.CREATE]
    said = [f"create {created:,} (permanent)"] if created else []
    for name in _WRITES:
        own = [action for action in written if action.action is name]
        said += [f"{verb or name} {len(own):,}{_aside(own)}"] if own else []
    counts = (("attach", view.summary.attach), ("detach", view.summary.detach), ("retire", retired))
    return [*said, *(f"{word} {number:,}" for word, number in counts if number)]


def _aside(actions: list[ActionView]) -> str:
    """What is grave about these: how many break what uses them, and how many overwrite a change made in Flow Service."""
    breaking = sum(action.level == "breaking" for action in actions)
    drift = sum(action.cause in _OVERWRITTEN for action in actions)
    said = [f"{number:,} {word}" for number, word in ((breaking, "breaking"), (drift, "overwriting drift")) if number]
    return f" ({', '.join(said)})" if said else ""
