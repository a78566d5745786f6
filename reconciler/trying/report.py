"""What `try` reports: a value that every format renders. It contains no secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from reconciler.documents.json_text import Json
from reconciler.errors import Problem, Severity
from reconciler.sources.evidence import Level

Origin: TypeAlias = Literal["live", "cassette", "stub"]
"""Who answered."""


@dataclass(frozen=True, slots=True)
class ShownCall:
    """One request as it is shown: secrets are `${NAME}`. `status` and `records` are None without an answer."""

    number: int
    method: str
    url: str
    status: int | None
    records: int | None
    milliseconds: int
    headers: tuple[tuple[str, str], ...] = ()
    body: Json = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding with its position in the spec file or proof.yaml; `call` is the request, from 1."""

    problem: Problem
    call: int | None = None


@dataclass(frozen=True, slots=True)
class Assumed:
    """A row of the evidence table that the trial relied on. `changes_outcome` is None if no alternative was tried."""

    key: str
    value: str
    level: Level
    text: str
    changes_outcome: bool | None = None
    alternatives: tuple[tuple[str, str], ...] = ()
    """Each other value, and what would happen with it."""


@dataclass(frozen=True, slots=True)
class WindowCount:
    """How many records a time range has; None if that could not be counted. Times are ISO 8601 in UTC, or None."""

    start: str | None
    end: str | None
    mode: str
    records: int | None


@dataclass(frozen=True, slots=True)
class TryReport:
    """One trial of one spec."""

    key: str
    auth: str | None
    """The `name` of the entry of `authSpec`."""
    origin: Origin
    window: str
    """The time range of the trial in words, such as `backfill to 2026-11-27T00:00:00Z`."""
    calls: tuple[ShownCall, ...]
    records: int
    stop_reason: str
    stop_evidence: str | None
    rows: tuple[Json, ...]
    findings: tuple[Placed, ...]
    assumed: tuple[Assumed, ...]
    windows: tuple[WindowCount, ...] = ()
    recorded_at: str | None = None
    """The date of the recording, for a replay."""
    interrupted: bool = False

    @property
    def held(self) -> bool:
        """Whether the spec did what it should."""
        return not self.interrupted and not any(item.problem.severity is Severity.ERROR for item in self.findings)
