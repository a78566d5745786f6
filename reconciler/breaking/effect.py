"""Effects: what a change of a spec does to the connections and flows that use it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from reconciler.documents.json_text import Json, encode
from reconciler.documents.places import MISSING, Missing, Place

_LONGEST_NAME: Final = 80
"""Characters that are shown of a name."""
_LONGEST_VALUE: Final = 60
"""Characters that are shown of a value."""


class Level(StrEnum):
    """How much a change matters to connections and flows that exist already."""

    SAFE = "safe"
    """What was accepted is accepted, and what ran runs as before."""
    RISKY = "risky"
    """It may act otherwise, or nobody can tell from the spec alone."""
    BREAKING = "breaking"
    """What is held by connections or flows is refused, or lacks something."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect. `path` is a JSON Pointer into the body from before, as in changes, and `place` the same spot without positions.

    What is only in the body from after is named by place at the end of the path. `reason` is one sentence without its full stop, `hint`
    the next step where there is one.
    """

    level: Level
    code: str
    path: str
    reason: str
    hint: str | None = None
    place: Place = ()


class Weighed(Protocol):
    """What has a level."""

    @property
    def level(self) -> Level: ...


WeighedT = TypeVar("WeighedT", bound=Weighed)


def by_weight(found: Iterable[WeighedT]) -> tuple[WeighedT, ...]:
    """What breaks first, then what is risky, each level in the order that it has."""
    return tuple(sorted(found, key=lambda item: -list(Level).index(item.level)))


def breaking_only(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """The effects that break something."""
    return tuple(effect for effect in effects if effect.level is Level.BREAKING)


def worst(effects: Iterable[Weighed]) -> Level:
    """The level of what weighs most; safe for none."""
    return max((effect.level for effect in effects), key=list(Level).index, default=Level.SAFE)


def quoted(name: object) -> str:
    """A name in a sentence, cut where it is beyond all measure."""
    text = str(name)
    return repr(text if len(text) <= _LONGEST_NAME else f"{text[:_LONGEST_NAME]}…")


def shown(value: Json | Missing) -> str:
    """A value in a sentence, as JSON, cut where it is long."""
    if value is MISSING:
        return "nothing"
    text = encode(value).decode()
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def turned(before: Json | Missing, after: Json | Missing) -> str:
    """What a value was and is, in short."""
    return f"{shown(before)} → {shown(after)}"
