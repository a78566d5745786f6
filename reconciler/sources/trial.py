"""The loop of a trial: request, answer, records, next request, until the spec or a limit ends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from reconciler.documents.json_text import Json
from reconciler.sources.findings import Finding


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


OnPage: TypeAlias = Callable[[Call, tuple[Json, ...]], None]
"""Receives each call as it is answered, with all records of its page before `explodeEntityPath`; a trial does not keep them."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Why the trial ended, and the row of the evidence table that decided it, if one did."""

    reason: str
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """What one trial did and found."""

    calls: tuple[Call, ...]
    records: int
    """Records before `explodeEntityPath`."""
    rows: tuple[Json, ...]
    """The first rows, as the mapping sees them."""
    stop: Stop
    findings: tuple[Finding, ...]
    used: dict[str, str]
    """The rows of the evidence table that the trial relied on, with their values."""
