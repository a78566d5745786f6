"""The report of `try --all`, read back from its JSON: what a comment or a summary shows of each trial."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

import msgspec
from msgspec import Struct, field

from reconciler.documents.json_text import NotJson, decode
from reconciler.errors import Problem, Severity, UsageError
from reconciler.reports.plan.reading import decode_strictly
from reconciler.reports.problems.view import AnyProblem, NoPlanView, ProblemView
from reconciler.reports.report_reading import read_failure
from reconciler.trying.report import NO_RECORDING

Outcome: TypeAlias = Literal["held", "failed"]
_HINT: Final = "write one with `reconciler try --all --replay --report FILE`"
_KIND: Final = "try-all"


class SavedFinding(Struct, frozen=True):
    """One finding. `call` is the request, from 1."""

    level: Severity
    code: str
    message: str
    hint: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None
    call: int | None = None


class SavedTrial(Struct, frozen=True):
    """One trial. `recorded_at` is the time of the recording that answered; the requests are only counted."""

    key: str
    records: int
    outcome: Outcome
    calls: tuple[msgspec.Raw, ...] = ()
    findings: tuple[SavedFinding, ...] = ()
    recorded_at: str | None = None
    of_stub: bool = False

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The findings, the most severe first."""
        found = sorted(self.findings, key=lambda finding: tuple(Severity).index(finding.level))
        return tuple(
            Problem(one.level, one.code, one.message, one.file, one.line, one.column, one.hint, self.key) for one in found
        )


class NoTrial(Struct, frozen=True):
    """A source without a trial, and why."""

    key: str
    problems: tuple[ProblemView, ...]

    @property
    def is_unrecorded(self) -> bool:
        """Whether the only reason is that there is no recording."""
        return all(problem.code == NO_RECORDING for problem in self.problems)


class SavedTrials(Struct, frozen=True):
    """All trials of one command. `error` is set if it could not read the spec files or its settings, so that nothing was tried."""

    report: Literal["try-all"]
    format_version: Literal[1]
    trials: tuple[SavedTrial, ...]
    not_tried: tuple[NoTrial, ...]
    outcome: Outcome
    interrupted: bool = False
    error: NoPlanView | None = field(default=None)

    @property
    def unrecorded(self) -> tuple[str, ...]:
        """The keys of the sources without a recording."""
        return tuple(one.key for one in self.not_tried if one.is_unrecorded)

    @property
    def unreadable(self) -> tuple[NoTrial, ...]:
        """The sources that could not be tried because of an error."""
        return tuple(one for one in self.not_tried if not one.is_unrecorded)

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to show: no recording, and no error."""
        return not (self.trials or self.unreadable or self.interrupted or self.error)

    @property
    def problems(self) -> tuple[AnyProblem, ...]:
        """The findings of all trials, and why other sources could not be tried; a missing recording is not among them."""
        return tuple(self._problems())

    def _problems(self) -> Iterator[AnyProblem]:
        if self.error:
            yield Problem(Severity.ERROR, self.error.error.code, self.error.error.message, hint=self.error.error.hint)
            yield from self.error.problems
        for one in self.unreadable:
            yield from one.problems
        for trial in self.trials:
            yield from trial.problems


def read_trials(data: bytes, name: str) -> SavedTrials:
    """The trials in a report that `try --all` wrote; `name` is the file's, for messages. Raises UsageError if it is not one."""
    try:
        document = decode(data)
    except NotJson as error:
        raise UsageError(f"{name} is not a report: {error}", hint=_HINT) from None
    if isinstance(document, dict) and document.get("report", "failure") == "failure" and "error" in document:
        return without_trials(read_failure(data, name))
    return decode_strictly(data, SavedTrials, f"{name} is not a report of `try --all`", _HINT)


def without_trials(error: NoPlanView) -> SavedTrials:
    """The trials of a command that ended before it tried anything."""
    return SavedTrials(_KIND, 1, (), (), "failed", error=error)
