"""The view of problems and errors: their shape in JSON, both written and read back."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct, convert

from reconciler.errors import Problem, ReconcilerError, Severity


class ProblemView(Struct, frozen=True, forbid_unknown_fields=True):
    """One problem, without its end position. `guard` is set for a refusal, as opposed to a mistake in a file."""

    severity: Severity
    code: str
    message: str
    file: str | None
    line: int | None
    column: int | None
    hint: str | None
    key: str | None
    guard: bool

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


class TargetProblemView(ProblemView, frozen=True, forbid_unknown_fields=True):
    """One problem of several targets. `targets` are those that have it."""

    targets: tuple[str, ...]


AnyProblem: TypeAlias = Problem | ProblemView


class ErrorView(Struct, frozen=True, forbid_unknown_fields=True):
    """The error of a command: its code, message, and next step."""

    code: str
    message: str
    hint: str | None


class NoPlanView(Struct, frozen=True, forbid_unknown_fields=True):
    """The report of a command that could not make a plan."""

    error: ErrorView
    problems: tuple[ProblemView, ...]


class ValidationView(Struct, frozen=True, forbid_unknown_fields=True):
    """The problems of the spec files, by file, line and column."""

    problems: tuple[ProblemView, ...]

    @property
    def errors(self) -> tuple[ProblemView, ...]:
        return tuple(problem for problem in self.problems if problem.is_error)


def problem_view(problem: AnyProblem) -> ProblemView:
    """The view of a problem."""
    return convert(problem, ProblemView, from_attributes=True)


def error_view(error: ReconcilerError) -> ErrorView:
    """The view of an error."""
    return ErrorView(error.code, error.message, error.hint)


def problems_of(error: ReconcilerError) -> tuple[Problem, ...]:
    """All problems of an error; empty if the error has none besides itself."""
    return tuple(getattr(error, "problems", ()))
