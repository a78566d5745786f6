"""Mapping sets, applied: a record to a row of the dataset.

Source: OpenAPI of Data Prep (`MappingSet`, `MappingOperation`, `TransformErrorInfo`) and the tutorials, whose mappings have
`sourceAttribute` and `destinationXdmPath`. What a mapping set uses beyond the subset is an error, and never a wrong value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from reconciler.documents.json_text import Document, Json
from reconciler.emulator.dataplane.expressions.computing import CannotCompute, NotInterpreted, NotValid, checked, computed
from reconciler.emulator.dataplane.expressions.paths import Clash, NoPath, put, steps_of, value_of

_TYPES: Final = {
    "ATTRIBUTE": "ATTRIBUTE",
    "text/x.schema-path": "ATTRIBUTE",
    "EXPRESSION": "EXPRESSION",
    "text/x.aep-xl": "EXPRESSION",
}
_STATIC: Final = "STATIC"


@dataclass(frozen=True, slots=True)
class MappingError:
    """What is wrong with one mapping, in general or on one record."""

    source: str
    destination: str
    exception: str
    source_type: str

    def as_json(self) -> Document:
        """A `TransformErrorInfo`."""
        return {
            "source": self.source,
            "destination": self.destination,
            "exception": self.exception,
            "columnName": self.destination,
            "sourceType": self.source_type,
        }


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapped record: `row` is None if a mapping failed on it; `partial` is what the other mappings gave."""

    row: Document | None
    errors: tuple[MappingError, ...] = ()
    partial: Document = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Rule:
    """One mapping in either of the published forms."""

    kind: str
    source: Json
    destination: Json

    def failed(self, why: str) -> MappingError:
        return MappingError(_shown(self.source), _shown(self.destination), why, self.kind)


def mapped(mapping_set: Mapping[str, Json], record: Mapping[str, Json]) -> Mapped:
    """The row that a mapping set makes of a record. A missing attribute is no error: the row lacks the field."""
    row: Document = {}
    errors = [error for rule in _rules(mapping_set) if (error := _applied(rule, record, row)) is not None]
    return Mapped(None if errors else row, tuple(errors), row)


def checked_mappings(mapping_set: Mapping[str, Json]) -> tuple[MappingError | None, ...]:
    """For each mapping, in order, what is wrong with it on any record; None for nothing."""
    return tuple(_problem(rule) for rule in _rules(mapping_set))


def expression_problem(expression: str) -> str | None:
    """Why an expression cannot be computed; None if it can."""
    try:
        checked(expression)
    except (NotValid, NotInterpreted) as error:
        return str(error)
    return None


def _rules(mapping_set: Mapping[str, Json]) -> list[_Rule]:
    mappings = mapping_set.get("mappings")
    return [_rule(one) for one in mappings if isinstance(one, dict)] if isinstance(mappings, list) else []


def _rule(mapping: Document) -> _Rule:
    kind = mapping.get("sourceType", "ATTRIBUTE")
    source = mapping["source"] if "source" in mapping else mapping.get("sourceAttribute")
    destination = mapping["destination"] if "destination" in mapping else mapping.get("destinationXdmPath")
    return _Rule(_TYPES.get(kind, kind) if isinstance(kind, str) else _shown(kind), source, destination)


def _problem(rule: _Rule) -> MappingError | None:
    if not isinstance(rule.destination, str) or not _is_path(rule.destination):
        return rule.failed(f"the destination {_shown(rule.destination)} is not a path of a field")
    if rule.kind == _STATIC:
        return None if rule.source is not None else rule.failed("the source is missing")
    if not isinstance(rule.source, str) or not rule.source.strip():
        return rule.failed("the source is missing")
    if rule.kind == "ATTRIBUTE":
        return None if _is_path(rule.source) else rule.failed(f"{rule.source[:80]} is not a path of an attribute")
    if rule.kind == "EXPRESSION":
        why = expression_problem(rule.source)
        return None if why is None else rule.failed(why)
    return rule.failed(f"the source type {rule.kind} is not interpreted here")


def _applied(rule: _Rule, record: Mapping[str, Json], row: Document) -> MappingError | None:
    problem = _problem(rule)
    if problem is not None:
        return problem
    try:
        value = _value(rule, record)
        if value is not None:
            put(row, rule.destination, value)
    except CannotCompute as error:
        return rule.failed(str(error))
    except Clash:
        return rule.failed(f"the destination {rule.destination[:80]} is below another value")
    return None


def _value(rule: _Rule, record: Mapping[str, Json]) -> Json:
    if rule.kind == _STATIC:
        return rule.source
    return value_of(record, rule.source) if rule.kind == "ATTRIBUTE" else computed(checked(rule.source), record)


def _is_path(text: str) -> bool:
    try:
        steps_of(text)
    except NoPath:
        return False
    return True


def _shown(value: Json) -> str:
    return value[:200] if isinstance(value, str) else "" if value is None else type(value).__name__
