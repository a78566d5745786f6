"""The `property` parameter: filters of a list, or, in its older meaning, the fields to return.

Source: docs, "Sort and filter responses in the Flow Service API". A value is bare or in double quotes, a comma separates alternatives, and
all `property` parameters must match. A path enters array items only with `[]`.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from reconciler.emulator.model import CONNECTION_SPECS, RUNS
from reconciler.emulator.problems import flow_service

_FILTER = re.compile(r'(?P<path>[^=!<>~",]+)(?P<op>[=!<>~]+)(?P<values>.*)', re.DOTALL)
_VALUE = re.compile(r'"(?P<quoted>[^"]*)"|(?P<bare>[^,]+)')
_ORDERS: Mapping[str, Callable[[Any, Any], Any]] = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}
_OPERATORS = ("==", "!=", *_ORDERS)
_STATUSES = ("state", "metrics.statusSummary.status")
_SPEC_FIELDS = ("id", "name", "providerId")
_AS_WRITTEN = re.compile(r"[A-Za-z0-9_. -]*[A-Za-z_-][A-Za-z0-9_. -]*")
"""Strings that JSON can only write with these letters, or with `\\u` escapes."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition: `op` compares the values at `path` with `values`. One match suffices; with `!=`, none may be equal."""

    path: tuple[str, ...]
    op: str
    values: tuple[str, ...]

    def holds(self, body: Mapping[str, Any]) -> bool:
        found = list(_values_at(body, self.path))
        if self.op == "!=":
            return not any(_equal(value, text) for value in found for text in self.values)
        return any(_compare(value, self.op, text) for value in found for text in self.values)

    def is_out_of(self, body: bytes) -> bool:
        """Whether the JSON certainly does not match, as it has none of the strings. False proves nothing."""
        is_sure = self.op == "==" and b"\\u" not in body
        return is_sure and all(_is_only_text(text) and f'"{text}"'.encode() not in body for text in self.values)


@dataclass(frozen=True, slots=True)
class Query:
    """All `property` parameters of a request: every filter must match; `fields` are the fields to return, or None for all."""

    filters: tuple[Filter, ...] = ()
    fields: frozenset[str] | None = None

    @property
    def is_everything(self) -> bool:
        return not self.filters and self.fields is None

    def excludes(self, body: bytes) -> bool:
        """Whether this JSON certainly does not match, which is much faster to see than whether it does."""
        return any(one.is_out_of(body) for one in self.filters)

    def matches(self, body: Mapping[str, Any]) -> bool:
        return all(one.holds(body) for one in self.filters)

    def project(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return {name: value for name, value in body.items() if self.fields is None or name in self.fields}


def parse_query(kind: str, properties: Sequence[str], request_id: str) -> Query:
    """Parse the `property` parameters of a list of this kind.

    Raises `DeclinedError` for operators and fields that the service does not support (1423-400, 1440-400 to 1453-400).
    """
    filters: list[Filter] = []
    fields: set[str] = set()
    for text in properties:
        match = _FILTER.fullmatch(text)
        if match is None:
            fields.update(name.strip() for name in text.split(",") if name.strip())
            continue
        filters.append(_filter(kind, match["path"].strip(), match["op"], match["values"], request_id))
    return Query(tuple(filters), frozenset(fields) or None)


def _filter(kind: str, path: str, op: str, text: str, request_id: str) -> Filter:
    declined = partial(flow_service, request_id=request_id, kind=kind)
    if op == "=" and path.startswith("attributes."):
        op = "=="
    if "~" in op:
        raise declined("1440-400", f"Operator '{op}' not implemented.")
    if op not in _OPERATORS:
        raise declined("1450-400", f"Invalid operator {op} in filter params.")
    if kind == CONNECTION_SPECS and path not in _SPEC_FIELDS and not path.startswith("attributes."):
        message = (
            f"An unhandled field {path} was provided in ConnectionSpecFiltering. Please update the field {path} and try again."
        )
        raise declined("1423-400", message)
    values = tuple(match["quoted"] if match["quoted"] is not None else match["bare"] for match in _VALUE.finditer(text))
    if kind == RUNS and path in _STATUSES:
        values = tuple(map(_plain, values))
    if not values:
        raise declined("1453-400", f"Invalid query value {path}{op} provided in query param.")
    if len(values) > 1 and op not in ("==", "!="):
        raise declined("1443-400", f"Operator '{op}' is not allowed for multiple values.")
    return Filter(tuple(path.split(".")), op, values)


def searchable(run: Mapping[str, Any]) -> Mapping[str, Any]:
    """A run as filters see it: its status without case, and also as `state`, as in the filters `status==Failed` and `state==inProgress`."""
    metrics = run.get("metrics")
    summary = metrics.get("statusSummary") if isinstance(metrics, dict) else None
    if not isinstance(metrics, dict) or not isinstance(summary, dict) or not isinstance(summary.get("status"), str):
        return run
    status = _plain(summary["status"])
    return {**run, "state": status, "metrics": {**metrics, "statusSummary": {**summary, "status": status}}}


def _plain(status: str) -> str:
    return status.replace("_", "").lower()


def _values_at(value: Any, path: tuple[str, ...]) -> Iterator[Any]:
    if not path:
        yield value
        return
    name, members = path[0].removesuffix("[]"), path[0].endswith("[]")
    if not isinstance(value, Mapping) or name not in value:
        return
    inner = value[name]
    if not members:
        yield from _values_at(inner, path[1:])
    elif isinstance(inner, list):
        for item in inner:
            yield from _values_at(item, path[1:])


def _equal(value: Any, text: str) -> bool:
    if isinstance(value, bool):
        return text == ("true" if value else "false")
    if isinstance(value, int | float):
        return _number(text) == value
    return isinstance(value, str) and value == text


def _compare(value: Any, op: str, text: str) -> bool:
    if op == "==":
        return _equal(value, text)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return False
    other = text if isinstance(value, str) else _number(text)
    return other is not None and bool(_ORDERS[op](value, other))


def _is_only_text(text: str) -> bool:
    """Whether only a string equals this value, and is written in one way."""
    return _AS_WRITTEN.fullmatch(text) is not None and text not in ("true", "false") and _number(text) is None


def _number(text: str) -> float | None:
    for number in (int, float):
        with suppress(ValueError):
            return number(text)
    return None
