"""What `prove` reports: a value that every format renders. It contains no secret and no record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from reconciler.documents.json_text import Json
from reconciler.errors import ExitCode, Problem

Outcome: TypeAlias = Literal["proved", "failed", "skipped", "refused", "unknown"]
"""What a step came to. `unknown` is never as good as `proved`."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request to Adobe, and what came of it; `status` is None without an answer."""

    method: str
    path: str
    status: int | None
    request_id: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class StepReport:
    """One step: `id` is that of the journal, such as `connection`; `why` is empty for a step that proved what it should."""

    id: str
    outcome: Outcome
    why: str = ""
    milliseconds: int = 0
    requests: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True)
class WindowCounts:
    """The records of one time range: what `try` read, and what the run did. Times are ISO 8601 in UTC; None is not known."""

    start: str | None
    end: str | None
    tried: int | None = None
    input: int | None = None
    output: int | None = None
    failed: int | None = None
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Records: what `try` read, what the run read, wrote and failed on, and what proof.yaml expects in words. None is not known."""

    tried: int | None = None
    input: int | None = None
    output: int | None = None
    failed: int | None = None
    expected: str | None = None
    pages: int | None = None
    """Pages of records that `try` read, without empty ones."""
    by_window: tuple[WindowCounts, ...] = ()


@dataclass(frozen=True, slots=True)
class SpecProved:
    """The spec that a proof is about. `digests` are of authSpec, sourceSpec and exploreSpec, by section."""

    key: str
    id: str
    name: str
    digests: Mapping[str, str]
    flow_spec: str
    """The name of the flow spec that it is attached to."""
    kind: str = "connectionSpec"


@dataclass(frozen=True, slots=True)
class TargetProved:
    """Where the proof was made."""

    name: str
    host: str
    org_id: str
    sandbox: str
    emulated: bool = False
    """Whether an emulator answered, and not Adobe."""


@dataclass(frozen=True, slots=True)
class LearntRow:
    """A row of the evidence table that Adobe's behavior answered: only `value` explains what was seen."""

    key: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A resource at Adobe that is left or kept, and why."""

    type: str
    id: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class AuthenticationCase:
    """One test of the authentication of events. `wanted` is accepted, refused or either; `sent` is false for one that we cannot send.

    `status` is that of the answer; None without one. `ingested` is whether the event was found in the dataset; None is not known.
    """

    case: str
    wanted: str
    sent: bool = False
    status: int | None = None
    ingested: bool | None = None
    at: str = ""
    trace: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class AuthenticationTable:
    """The tests of the authentication of events. It has no event, no signature and no token."""

    mechanism: str
    cases: tuple[AuthenticationCase, ...]


@dataclass(frozen=True, slots=True)
class ProveReport:
    """One proof of one spec."""

    outcome: Outcome
    target: TargetProved
    run: str
    """The name of this run, such as `20261127T1012-7f3a`."""
    repository: str
    commit: str | None
    spec: SpecProved
    proof_digest: str
    started: str
    """ISO 8601 in UTC, to the second; `ended` likewise."""
    ended: str
    steps: tuple[StepReport, ...]
    counts: Counts = field(default_factory=Counts)
    run_metrics: Mapping[str, Json] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)
    """`flow`, `run`, `adf_run` and `batch`, as far as they are known."""
    learnt: tuple[LearntRow, ...] = ()
    assumed: tuple[tuple[str, str], ...] = ()
    """Rows of the evidence table that the trial relied on, and their values."""
    left: tuple[LeftOver, ...] = ()
    kept: tuple[LeftOver, ...] = ()
    findings: tuple[Problem, ...] = ()
    streaming: bool = False
    authentication: AuthenticationTable | None = None
    """Of a streaming source, if its tests were due."""
    interrupted: bool = False
    written: tuple[str, ...] = ()
    """The files that `--keep` writes, for display."""

    @property
    def exit_code(self) -> ExitCode:
        """0 if it is proved and nothing is left but what cannot be deleted, 3 if it was refused and nothing is left, else 4."""
        if self.outcome == "refused" and not self.left:
            return ExitCode.REFUSED
        return ExitCode.DONE if self.outcome == "proved" and not self.left else ExitCode.UNFINISHED


@dataclass(frozen=True, slots=True)
class NotProved:
    """A spec of which no proof was begun, and why."""

    key: str
    problems: tuple[Problem, ...]
    exit_code: ExitCode


@dataclass(frozen=True, slots=True)
class ProveAllReport:
    """The proofs of several specs, one after the other, in the order asked for."""

    results: tuple[ProveReport | NotProved, ...]
    interrupted: bool = False

    @property
    def exit_code(self) -> ExitCode:
        """4 if a spec is not proved or something is left; else 1 for an error, 3 for a refusal, and 0."""
        codes = {result.exit_code for result in self.results}
        if self.interrupted:
            return ExitCode.UNFINISHED
        order = (ExitCode.UNFINISHED, ExitCode.WRONG, ExitCode.REFUSED)
        return next((code for code in order if code in codes), ExitCode.DONE)
