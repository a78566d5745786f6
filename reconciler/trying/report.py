"""What `try` reports: a value that every format renders. It contains no secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from reconciler.documents.json_text import Json
from reconciler.errors import ExitCode, Problem, Severity
from reconciler.proofs.kept.engine_file import EngineAnswer
from reconciler.sources.evidence import Level

Origin: TypeAlias = Literal["live", "cassette", "stub"]
"""Who answered."""

NO_RECORDING: Final = "no-recording"
"""The code of the problem that a source has no cassette to replay."""


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
    is_probe: bool = False
    """Whether no run makes this request: it shows whether there are more records."""
    curl: str | None = None
    """A command that sends the same request, with secrets as variables of the environment; None unless asked for."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding with its position in the spec file or proof.yaml; `call` is the request, from 1."""

    problem: Problem
    call: int | None = None


@dataclass(frozen=True, slots=True)
class Assumed:
    """A row of the evidence table that the trial relied on. `changes_outcome` is None if none was tried, or one could not be."""

    key: str
    value: str
    level: Level
    text: str
    changes_outcome: bool | None = None
    alternatives: tuple[tuple[str, str], ...] = ()
    """Each other value, and what would happen with it."""
    answered: EngineAnswer | None = None
    """The proof that showed this value; None if nobody knows, or another value is assumed."""


@dataclass(frozen=True, slots=True)
class WindowCount:
    """How many records a time range has; None if that could not be counted. Times are ISO 8601 in UTC, or None."""

    start: str | None
    end: str | None
    mode: str
    records: int | None
    is_least: bool = False
    """Whether there are more records than were counted."""


@dataclass(frozen=True, slots=True)
class TryReport:
    """One trial of one spec."""

    key: str
    auth: str | None
    """The `name` of the entry of `authSpec`."""
    origin: Origin
    window: str
    """The time range of the trial in words, such as `backfill to 2026-11-27T00:00:00Z`; empty without a schedule."""
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
    of_stub: bool = False
    """Whether the recording is of a stub."""
    interrupted: bool = False
    unanswered: bool = False
    """Whether the third party could not be reached at all."""
    more_calls: int | None = None
    """Requests sent beyond those of the trial, to try windows and alternatives; None if none were tried."""
    is_dry: bool = False
    """Whether nothing was sent: the only request is the one that would be sent first."""
    written: tuple[str, ...] = ()
    """The files that `--record` writes, for display."""

    @property
    def held(self) -> bool:
        """Whether the spec did what it should."""
        return not self.interrupted and not any(item.problem.severity is Severity.ERROR for item in self.findings)

    @property
    def exit_code(self) -> ExitCode:
        """0 if it held, 1 if the third party could not be reached, else 4."""
        if self.held:
            return ExitCode.DONE
        return ExitCode.WRONG if self.unanswered else ExitCode.UNFINISHED


@dataclass(frozen=True, slots=True)
class NotTried:
    """A spec without a trial, and why: an error, or that there is no recording of it."""

    key: str
    problems: tuple[Problem, ...]
    exit_code: ExitCode


@dataclass(frozen=True, slots=True)
class TryAllReport:
    """The trials of several specs, by key."""

    origin: Origin
    results: tuple[TryReport | NotTried, ...]
    interrupted: bool = False

    @property
    def held(self) -> bool:
        """Whether every spec that was tried did what it should, and none could not be tried because of an error."""
        return not self.interrupted and self.exit_code is ExitCode.DONE

    @property
    def exit_code(self) -> ExitCode:
        """4 if a spec does not do what it should; else 1 for an error, 3 for a refusal, and 0."""
        codes = {result.exit_code for result in self.results}
        order = (ExitCode.UNFINISHED, ExitCode.WRONG, ExitCode.REFUSED)
        return next((code for code in order if code in codes), ExitCode.DONE)
