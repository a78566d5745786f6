"""The view of problems and errors: their shape in JSON, both written and read back."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct, convert

from reconciler.errors import Problem, ReconcilerError, Severity


class ProblemView(Struct, frozen=True, forbid_unknown_fields=True):
    """One problem, without where it ends; `guard` says that it is a refusal, and not a mistake in a file."""

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


AnyProblem: TypeAlias = Problem | ProblemView


class ErrorView(Struct, frozen=True, forbid_unknown_fields=True):
    """What ended a command: its code, in words, and the next step."""

    code: str
    message: str
    hint: str | None


class NoPlanView(Struct, frozen=True, forbid_unknown_fields=True):
    """What stands in the place of a report when no plan could be made."""

    error: ErrorView
    problems: tuple[ProblemView, ...]


def problem_view(problem: AnyProblem) -> ProblemView:
    """What reports know of a problem."""
    return convert(problem, ProblemView, from_attributes=True)


def error_view(error: ReconcilerError) -> ErrorView:
    """What reports know of an error."""
    return ErrorView(error.code, error.message, error.hint)


def problems_of(error: ReconcilerError) -> tuple[Problem, ...]:
    """Everything that an error has found; empty for one that is its own only reason."""
    return tuple(getattr(error, "problems", ()))
