"""Strict parsing of records from YAML and JSON: reports all unknown keys and wrong types, each with its place."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar, get_type_hints

import msgspec

from reconciler.errors import Problem, Severity
from reconciler.wording.guesses import did_you_mean

T = TypeVar("T")


def read_record(shape: type[T], data: object, place: str) -> tuple[T | None, list[Problem]]:
    """The dataclass `shape` from a mapping, or None and the problems.

    `place` is the place of the mapping (`faults[2]`); each problem names its own place below that.
    """
    if not isinstance(data, Mapping):
        return None, [wrong(place, "must be a mapping")]
    problems = list(_problems(shape, data, place))
    if problems:
        return None, problems
    return shape(**{name: msgspec.convert(data[name], hint) for name, hint in _hints(shape).items() if name in data}), []


def wrong(place: str, what: str, hint: str | None = None) -> Problem:
    """One problem at a place in the faults file."""
    return Problem(Severity.ERROR, "emulator-file", f"{place} {what}", hint=hint)


def said(problems: Iterable[Problem]) -> str:
    """All problems on one line, each with its hint."""
    return "; ".join(f"{one.message} ({one.hint})" if one.hint else one.message for one in problems)


def _problems(shape: type[Any], data: Mapping[Any, Any], place: str) -> Iterator[Problem]:
    hints = _hints(shape)
    for name, value in data.items():
        if name not in hints:
            yield wrong(f"{place}.{name}", "is not a valid key", did_you_mean(str(name), hints))
            continue
        try:
            msgspec.convert(value, hints[name])
        except msgspec.ValidationError as error:
            message, _, inner = str(error).partition(" - at `$")
            yield wrong(f"{place}.{name}{inner.rstrip('`')}", f"does not fit: {message}")


def _hints(shape: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(shape, include_extras=True)
    return {field.name: hints[field.name] for field in dataclasses.fields(shape)}
