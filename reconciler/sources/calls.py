"""The calls of a trial, how many there may be, and who sees them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from reconciler.documents.json_text import Document


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a trial goes: requests, and rows that are kept to be shown."""

    pages: int = 25
    rows: int = 3


@dataclass(frozen=True, slots=True)
class Call:
    """One request and its answer in brief. `url` still contains secrets. `status` is None without an answer."""

    number: int
    method: str
    url: str
    status: int | None
    records: int | None
    milliseconds: int
    probe: bool = False
    """Whether this is no request of the spec, but one that shows if the spec reads everything."""


OnCall: TypeAlias = Callable[[Call], None]
OnPage: TypeAlias = Callable[[Call, Sequence[Document]], None]
"""Receives each page that is counted, with all of its records; a trial keeps none of them."""
