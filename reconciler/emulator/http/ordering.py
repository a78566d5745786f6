"""The `orderby` parameter of connections, source and target connections, flows and runs.

Source: docs, "Sort and filter responses in the Flow Service API": `name` or `+name` is ascending, `-name` descending. An unencoded plus
arrives as a space.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from operator import itemgetter
from typing import Any

import msgspec

from reconciler.emulator.problems import flow_service

_ORDER = re.compile(r"(?P<sign>[+ -]?)(?P<path>[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*)", re.ASCII)

Entry = tuple[int, bytes]
Rank = tuple[int, float, str]


def ordered(entries: Iterable[Entry], orderby: str, kind: str, request_id: str) -> list[Entry]:
    """The entries in that order, renumbered from 1; entries without the field come last. Raises `DeclinedError` (1432-400)."""
    match = _ORDER.fullmatch(orderby)
    if match is None:
        message = f"The orderby parameter {orderby} is invalid. Please provide a valid field to order by and try again."
        raise flow_service("1432-400", message, request_id=request_id, kind=kind)
    path = match["path"].split(".")
    ranked = [(_rank(body, path), body) for _, body in entries]
    lacking = [body for rank, body in ranked if rank is None]
    having = [(rank, body) for rank, body in ranked if rank is not None]
    having.sort(key=itemgetter(0), reverse=match["sign"] == "-")
    return list(enumerate([*(body for _, body in having), *lacking], start=1))


def _rank(body: bytes, path: list[str]) -> Rank | None:
    """The sort key: numbers before strings; None if the value cannot be compared."""
    value: Any = msgspec.json.decode(body)
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, str):
        return (1, 0, value)
    return (0, value, "") if isinstance(value, int | float) else None
