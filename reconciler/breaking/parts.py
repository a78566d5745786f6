"""One part of a spec before and after, as the rules receive it, with helpers that several rules share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from reconciler.breaking.effect import Effect, Level, turned
from reconciler.documents.canonical import same
from reconciler.documents.json_text import Document, Json
from reconciler.documents.places import MISSING, Missing, Place, pointer_to
from reconciler.documents.semantics import ListKind, list_kind


@dataclass(frozen=True, slots=True)
class SpecPart:
    """The values at one place of two bodies; MISSING for no value."""

    old_body: Document
    new_body: Document
    place: Place
    before: Json | Missing
    after: Json | Missing

    @property
    def differs(self) -> bool:
        """Whether the two values differ in meaning. A missing section equals an empty one."""
        if len(self.place) == 1 and _is_empty(self.before) and _is_empty(self.after):
            return False
        if self.before is MISSING or self.after is MISSING:
            return self.before is not self.after
        return not same(self.before, self.after, self.place)

    @property
    def is_object(self) -> bool:
        """Whether the value is an object or missing, in both versions."""
        return all(isinstance(value, dict) or _is_empty(value) for value in (self.before, self.after))

    def part(self, name: str) -> SpecPart:
        """The part of an object with this name."""
        before, after = (value.get(name, MISSING) if isinstance(value, dict) else MISSING for value in (self.before, self.after))
        return replace(self, place=(*self.place, name), before=before, after=after)

    def parts(self) -> Iterator[SpecPart]:
        """The parts of an object that differ, those of the previous version first."""
        names = dict.fromkeys(name for value in (self.before, self.after) if isinstance(value, dict) for name in value)
        return (part for name in names if (part := self.part(name)).differs)

    def entries(self) -> Mapping[str, SpecPart] | None:
        """The entries of a list keyed by name, changed or not; None if either version is not such a list."""
        named = [_by_name(value, self.place) for value in (self.before, self.after)]
        before, after = named
        if before is None or after is None:
            return None
        return {
            name: replace(self, place=(*self.place, name), before=before.get(name, MISSING), after=after.get(name, MISSING))
            for name in dict.fromkeys((*before, *after))
        }

    def effect(self, level: Level, code: str, reason: str, hint: str | None = None) -> Effect:
        """An effect at this place."""
        return Effect(level, code, pointer_to(self.old_body, self.place), reason, hint, self.place)


def changed_values(part: SpecPart, depth: int = 3) -> list[str]:
    """The changed values of an object and its nested objects: `queryParams.count: "10" → "20"`."""
    return [f"{'.'.join(names)}: {turned(child.before, child.after)}" for names, child in _changed(part, depth)]


def _changed(part: SpecPart, depth: int) -> Iterator[tuple[tuple[str, ...], SpecPart]]:
    """The innermost parts that differ, each with its path of names."""
    if not (depth and isinstance(part.before, dict) and isinstance(part.after, dict)):
        return
    for child in part.parts():
        inner = list(_changed(child, depth - 1)) or [((), child)]
        yield from (((child.place[-1], *names), found) for names, found in inner)


def _by_name(value: Json | Missing, place: Place) -> dict[str, Json] | None:
    if _is_empty(value):
        return {}
    if not isinstance(value, list) or list_kind(place, value) is not ListKind.NAMED:
        return None
    return {item["name"]: item for item in value}


def _is_empty(value: Json | Missing) -> bool:
    return value is MISSING or value in ([], {})
