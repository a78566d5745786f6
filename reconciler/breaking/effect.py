"""Effects: what a change of a spec does to the connections and flows that use it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from reconciler.documents.json_text import Json, encode
from reconciler.documents.places import MISSING, Missing, Place

_LONGEST_NAME: Final = 80
"""Maximum number of characters of a name in a message."""
_LONGEST_VALUE: Final = 60
"""Maximum number of characters of a value in a message."""


class Level(StrEnum):
    """The severity of a change for existing connections and flows."""

    SAFE = "safe"
    """Everything that was accepted is still accepted, and flows run as before."""
    RISKY = "risky"
    """Behavior may differ, or the spec alone cannot show the effect."""
    BREAKING = "breaking"
    """Existing connections or flows are rejected, or lack a required value."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect. `path` is a JSON Pointer into the previous body, and `place` the same location without positions.

    If the location is only in the new body, `path` ends with names. `reason` is one sentence without its full stop; `hint` is the next
    step, if there is one.
    """

    level: Level
    code: str
    path: str
    reason: str
    hint: str | None = None
    place: Place = ()


_RANKS: Final = {level: rank for rank, level in enumerate(Level)}


class Weighed(Protocol):
    """Anything with a level."""

    @property
    def level(self) -> Level: ...


WeighedT = TypeVar("WeighedT", bound=Weighed)


def by_weight(found: Iterable[WeighedT]) -> tuple[WeighedT, ...]:
    """Breaking effects first, then risky, then safe; the order within a level is kept."""
    return tuple(sorted(found, key=lambda item: -_RANKS[item.level]))


def breaking_only(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """The breaking effects."""
    return tuple(effect for effect in effects if effect.level is Level.BREAKING)


def worst(effects: Iterable[Weighed]) -> Level:
    """The most severe level; safe for no effects."""
    return max((effect.level for effect in effects), key=_RANKS.__getitem__, default=Level.SAFE)


def quoted(name: object) -> str:
    """A name for a message, truncated if it is too long."""
    text = str(name)
    return repr(text if len(text) <= _LONGEST_NAME else f"{text[:_LONGEST_NAME]}…")


def shown(value: Json | Missing) -> str:
    """A value for a message, as JSON, truncated if it is too long."""
    if value is MISSING:
        return "nothing"
    text = encode(value).decode()
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def turned(before: Json | Missing, after: Json | Missing) -> str:
    """The previous and the new value, in short."""
    return f"{shown(before)} → {shown(after)}"
