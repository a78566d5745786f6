"""What waits at a gate, as data for the HTML template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.reports.plan.view import PlanView, held_views
from reconciler.reports.plan.waiting import HeldView, WaitView
from reconciler.reports.plan.waiting_text import waiting_words

_REASONS: Final = 100
"""Maximum number of different reasons, and of reasons of one object."""
_NAMED: Final = 50
"""Maximum number of objects named for one reason."""


@dataclass(frozen=True, slots=True)
class HeldPart:
    """One object that waits, and what would be done to it."""

    title: str
    kind: str
    key: str | None
    verb: str


@dataclass(frozen=True, slots=True)
class ReasonsPart:
    """Objects that wait for the same reasons. `more` and `more_reasons` count those left out, and are empty if none are."""

    held: tuple[HeldPart, ...]
    more: str
    reasons: tuple[WaitView, ...]
    more_reasons: str


@dataclass(frozen=True, slots=True)
class WaitingPart:
    """All that waits."""

    counted: str
    groups: tuple[ReasonsPart, ...]
    more: str


def waiting_part(view: PlanView) -> WaitingPart | None:
    """What waits, by reason in the order of the plan; None if nothing does."""
    held = held_views(view)
    if not held:
        return None
    by_reason: dict[tuple[WaitView, ...], list[HeldView]] = {}
    for one in held:
        by_reason.setdefault(one.waits, []).append(one)
    groups = tuple(_group(waits, found) for waits, found in list(by_reason.items())[:_REASONS])
    left = sum(map(len, list(by_reason.values())[_REASONS:]))
    return WaitingPart(
        waiting_words(len(held)), groups, f"… {waiting_words(left)}, too (the JSON report has all)" if left else ""
    )


def _group(waits: Sequence[WaitView], found: Sequence[HeldView]) -> ReasonsPart:
    named = tuple(
        HeldPart(one.name, one.kind.words, one.key if one.key != one.name else None, str(one.action)) for one in found[:_NAMED]
    )
    return ReasonsPart(named, _left_out(len(found) - _NAMED), tuple(waits[:_REASONS]), _left_out(len(waits) - _REASONS))


def _left_out(number: int) -> str:
    return f"… {number} more (the JSON report has all)" if number > 0 else ""
