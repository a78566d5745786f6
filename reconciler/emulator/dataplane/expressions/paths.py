r"""Paths of attributes and destinations: names with dots, `[n]` for an item, `\.` for a dot in a name, `${a name}` for any other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, TypeAlias

from reconciler.documents.json_text import Document, Json

Step: TypeAlias = str | int

MAX_STEPS: Final = 50
_MAX_INDEX: Final = 99
_STEP: Final = re.compile(r"(?:\.|^)(?:\$\{(?P<quoted>[^{}]+)\}|(?P<name>(?:[^.\[\]\\{}$]|\\.)+))|\[(?P<index>\d{1,9})\]")


class NoPath(ValueError):
    """The text is not a path of the subset."""


class Clash(ValueError):
    """A destination is below a value that is neither an object nor an array."""


@lru_cache(maxsize=1024)
def steps_of(path: str) -> tuple[Step, ...]:
    """The names and indexes of a path. Raises NoPath."""
    steps: list[Step] = []
    position = 0
    while position < len(path):
        found = _STEP.match(path, position)
        if found is None or len(steps) >= MAX_STEPS:
            raise NoPath(path)
        steps.append(_step(found))
        position = found.end()
    if not steps or isinstance(steps[0], int):
        raise NoPath(path)
    return tuple(steps)


def _step(found: re.Match[str]) -> Step:
    if found["index"] is not None:
        return int(found["index"])
    return found["quoted"] or re.sub(r"\\(.)", r"\1", found["name"])


def value_of(record: Mapping[str, Json], path: str) -> Json:
    """The value at a path; None where it leads nowhere. A whole name with dots wins over nested names. Raises NoPath."""
    if path in record:
        return record[path]
    value: Json = record
    for step in steps_of(path):
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return value


def put(row: Document, path: str, value: Json) -> None:
    """Set the value at a path, making objects and arrays on the way. Raises NoPath and Clash."""
    *inner, last = steps_of(path)
    steps = [*inner, last]
    place: Json = row
    for step, following in zip(inner, steps[1:], strict=True):
        below = _at(place, step)
        if below is None:
            below = [] if isinstance(following, int) else {}
            _set(place, step, below, path)
        place = below
    _set(place, last, value, path)


def _at(place: Json, step: Step) -> Json:
    if isinstance(step, int):
        return place[step] if isinstance(place, list) and step < len(place) else None
    return place.get(step) if isinstance(place, dict) else None


def _set(place: Json, step: Step, value: Json, path: str) -> None:
    if isinstance(step, int) and isinstance(place, list) and step <= _MAX_INDEX:
        place.extend([None] * (step + 1 - len(place)))
        place[step] = value
    elif isinstance(step, str) and isinstance(place, dict):
        place[step] = value
    else:
        raise Clash(path)
