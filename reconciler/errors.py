"""What can go wrong, as the user is told it.

Every exception that a user may meet is one of these, and its class owns the exit code:

    ReconcilerError                 1
    ├── UsageError                  1   the command line does not fit
    ├── SettingsError               1   reconciler.yaml or the environment does not fit
    ├── SpecFileError               1   spec files cannot be read; carries every Problem found
    ├── ServiceError                1   Flow Service, or what stands before it, said no
    │   ├── SpecNotFound            1   this id is not there, as far as this credential can see
    │   ├── VersionMismatch         1   412: somebody else wrote since the GET
    │   ├── AnswerLost              1   a write may or may not have happened
    │   ├── RefusedForNow           1   a create was turned away in a way that another try may not meet; look before it is sent again
    │   ├── Unproven                1   what is read cannot be relied on: older, or less, than what was known; nothing was sent on it
    │   ├── TooLate                 1   a write was held up until what it was made from had grown old; nothing was sent
    │   ├── ServiceUnreachable      1   nothing was sent, or a read was given up
    │   └── GitHubError             1   GitHub said no, or could not be reached
    ├── JournalError                1   the journal cannot be written, so nothing may be
    ├── Refused                     3   a guard said no; nothing was written
    └── Interrupted               130/143   SIGINT or SIGTERM; what was in flight is finished

A `Problem` is the same thing as data: found in numbers, reported together, and never raised alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import Protocol, TypeVar

E = TypeVar("E", bound="ServiceError")


class ExitCode(IntEnum):
    """What the process ends with (README, "Exit codes")."""

    DONE = 0
    WRONG = 1
    DIFFERENT = 2
    REFUSED = 3
    UNFINISHED = 4
    SIGINT = 130
    SIGTERM = 143


class Severity(StrEnum):
    """How much a problem weighs: an error refuses the apply, the others are told."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong or worth knowing, with its place and the next step.

    `line` and `column` count from 1; `end_line` and `end_column`, where they are known, are just behind what the problem is about.
    `guard` marks an error that is a refusal (exit code 3) and not a mistake in a file (exit code 1). `key` is the spec it is about,
    where there is one.
    """

    severity: Severity
    code: str
    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    hint: str | None = None
    key: str | None = None
    guard: bool = False
    end_line: int | None = None
    end_column: int | None = None

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR

    def at(self, file: str, line: int | None = None, column: int | None = None) -> Problem:
        """The same problem, placed."""
        return replace(self, file=file, line=line, column=column)


def by_place(problem: Problem) -> tuple[str, int, int, str, str]:
    """What problems are sorted by: file, line, column, code and message."""
    return problem.file or "", problem.line or 0, problem.column or 0, problem.code, problem.message


class _Weighed(Protocol):
    @property
    def is_error(self) -> bool: ...
    @property
    def guard(self) -> bool: ...


def exit_code_of(problems: Sequence[_Weighed]) -> ExitCode:
    """0 without an error, 1 when a file is wrong, 3 when only guards object."""
    errors = [problem for problem in problems if problem.is_error]
    if not errors:
        return ExitCode.DONE
    return ExitCode.REFUSED if all(problem.guard for problem in errors) else ExitCode.WRONG


class ReconcilerError(Exception):
    """The base of all errors that the user is told; `hint` is the next step."""

    exit_code: ExitCode = ExitCode.WRONG
    code: str = "error"

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(ReconcilerError):
    """The command line names something that does not exist or does not fit together."""

    code = "usage"


class SettingsError(ReconcilerError):
    """`reconciler.yaml` or the environment cannot be used; `problems` has each reason."""

    code = "settings"

    def __init__(self, message: str, *, hint: str | None = None, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message, hint=hint)
        self.problems = tuple(problems)


class SpecFileError(ReconcilerError):
    """Spec files cannot be read; `problems` has every reason, not the first."""

    code = "spec-files"

    def __init__(self, message: str, problems: Sequence[Problem]) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class ServiceError(ReconcilerError):
    """An answer that is an error: the server's own words, its code, the HTTP status and the request id."""

    code = "service"

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        server_code: str | None = None,
        request_id: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.server_code = server_code
        self.request_id = request_id

    def said_as(self, kind: type[E], message: str | None = None, hint: str | None = None) -> E:
        """The same answer as an error of this kind, with another message or hint where one is given."""
        return kind(
            message or self.message,
            status=self.status,
            server_code=self.server_code,
            request_id=self.request_id,
            hint=hint or self.hint,
        )


class SpecNotFound(ServiceError):
    """404 for one spec. It may also be hidden by an access label: absence is not proof that it does not exist."""

    code = "not-found"


class VersionMismatch(ServiceError):
    """412: the object has another version than `If-Match` named."""

    code = "version-mismatch"


class AnswerLost(ServiceError):
    """A write went out and no usable answer came back: it may or may not have happened."""

    code = "answer-lost"


class RefusedForNow(ServiceError):
    """A token that was refused, or too many requests: a write may go out again, once a look says that it was not done."""

    code = "refused-for-now"


class Unproven(ServiceError):
    """Readings of an object contradict what was known of it, so nothing is built on them, and nothing is called done."""

    code = "unproven"


class TooLate(ServiceError):
    """A write was not sent, because the GET that it was made from is too old."""

    code = "too-late"


class Unsendable(ServiceError):
    """A write was not sent, because what live holds cannot be sent back as it is."""

    code = "unsendable"


class ServiceUnreachable(ServiceError):
    """No connection, or the deadline of a read ran out: nothing was written."""

    code = "unreachable"


class GitHubError(ServiceError):
    """An answer of GitHub that is an error, or none at all: its own words, and the HTTP status."""

    code = "github"


class JournalError(ReconcilerError):
    """The journal cannot be written. It is the only undo, so nothing is written without it."""

    code = "journal"


class Refused(ReconcilerError):
    """A guard said no, and nothing was written."""

    exit_code = ExitCode.REFUSED
    code = "refused"


class Interrupted(ReconcilerError):
    """A signal asked to stop; `exit_code` says which."""

    code = "interrupted"

    def __init__(self, exit_code: ExitCode) -> None:
        super().__init__("interrupted")
        self.exit_code = exit_code


def count(number: int, one: str, many: str | None = None) -> str:
    """A number and its noun: `1 spec`, `2,000 specs`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
