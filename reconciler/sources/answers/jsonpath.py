"""The values at the paths of a spec: the subset of JSONPath that names one place in an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from reconciler.documents.json_text import Json
from reconciler.sources.evidence import Assumptions

Step: TypeAlias = str | int
"""The name of a member, or the index of an item."""

_MAX_LENGTH: Final = 2_000
_NAME: Final = r"[^\s.\[\]'\"*?@$(),:]+"
_FIRST: Final = re.compile(rf"\$|(?P<name>{_NAME})")
_STEP: Final = re.compile(
    rf"\.(?P<name>{_NAME})|\[\s*(?:'(?P<single>(?:[^'\\]|\\['\\])*)'|\"(?P<double>(?:[^\"\\]|\\[\"\\])*)\"|(?P<index>\d{{1,9}}))\s*\]"
)
_ESCAPED: Final = re.compile(r"\\(.)")


class Missing(Enum):
    """The value of a path that leads nowhere; null is a value."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING


class Complex(ValueError):
    """A path outside the subset: it is not valid, or may match more than one place."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as paths see it: its headers, in lower case, and its decoded body."""

    headers: Mapping[str, str]
    body: Json | Missing = MISSING


def parse(path: str) -> tuple[Step, ...]:
    """The steps of a path: `$`, `$.a.b`, `a.b`, `$['a b']`, `$.a[0]`. Raises Complex for anything else."""
    text = path.strip()
    start = _FIRST.match(text) if len(text) <= _MAX_LENGTH else None
    if start is None:
        raise Complex(path)
    steps: list[Step] = [start["name"]] if start["name"] else []
    position = start.end()
    while position < len(text):
        found = _STEP.match(text, position)
        if found is None:
            raise Complex(path)
        steps.append(_step(found))
        position = found.end()
    return tuple(steps)


def _step(found: re.Match[str]) -> Step:
    if found["index"] is not None:
        return int(found["index"])
    if found["name"] is not None:
        return found["name"]
    quoted = found["single"] if found["single"] is not None else found["double"]
    return _ESCAPED.sub(r"\1", quoted)


def follow(document: Json | Missing, steps: tuple[Step, ...]) -> Json | Missing:
    """The value behind these steps, or MISSING."""
    value = document
    for step in steps:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else MISSING
        else:
            value = value.get(step, MISSING) if isinstance(value, dict) else MISSING
    return value


def at(document: Json, path: str) -> Json | Missing:
    """The value at this path, or MISSING. Raises Complex for a path outside the subset."""
    return follow(document, parse(path))


def steps_of(path: str, assumed: Assumptions) -> tuple[Step, ...]:
    """The steps of a path of the spec, which may lack its `$`. Raises Complex."""
    steps = parse(path)
    if not path.lstrip().startswith("$"):
        assumed.of("path.without-dollar")
    return steps


def look_up(expression: str, reply: Reply, assumed: Assumptions) -> Json | Missing:
    """The value of `headers.NAME` (any case), or of a path into the body. Raises Complex."""
    text = expression.strip()
    if text[:8].lower() == "headers.":
        return reply.headers.get(text[8:].strip().lower(), MISSING)
    return follow(reply.body, steps_of(text, assumed))
