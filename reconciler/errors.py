"""The errors that users see.

Each class sets the exit code:

    ReconcilerError                 1
    ├── UsageError                  1   the command line is not valid
    ├── SettingsError               1   reconciler.yaml or the environment is not valid
    ├── SpecFileError               1   spec files cannot be read; carries all problems
    ├── ServiceError                1   Flow Service, or the gateway before it, returned an error
    │   ├── SpecNotFound            1   404 for one spec, as far as this credential can see
    │   ├── VersionMismatch         1   412: the spec was changed since the GET
    │   ├── AnswerLost              1   a write may or may not have happened
    │   ├── RefusedForNow           1   a write was refused and may be retried after a check
    │   ├── Unproven                1   reads contradict known state: older or incomplete; nothing was sent
    │   ├── TooLate                 1   a write was delayed until its base was stale; nothing was sent
    │   ├── Unsendable              1   the live body cannot be sent back unchanged; nothing was sent
    │   ├── ServiceUnreachable      1   no connection, or a read was given up
    │   ├── GitHubError             1   GitHub returned an error or could not be reached
    │   └── GitLabError             1   GitLab returned an error or could not be reached
    ├── JournalError                1   the journal cannot be written, so nothing is written
    ├── Refused                     3   a guard refused; nothing was written
    └── Interrupted               130/143   SIGINT or SIGTERM; writes in flight were finished

A `Problem` holds an error or a note as data. Problems are collected and reported together, and are not raised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import Final, Protocol, TypeVar

UNKNOWN_VARIABLE: Final = "unknown-variable"
"""The code of the problem of a variable that targets lack. Its message lists them."""
MOST_TARGETS: Final = 10
"""Targets that a message names."""
E = TypeVar("E", bound="ServiceError")


class ExitCode(IntEnum):
    """The exit codes of the process (README, "Exit codes")."""

    DONE = 0
    WRONG = 1
    DIFFERENT = 2
    REFUSED = 3
    UNFINISHED = 4
    SIGINT = 130
    SIGTERM = 143


class Severity(StrEnum):
    """The severity of a problem: an error blocks the apply; others are only reported."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Problem:
    """One error or note, with its position and the next step.

    `line` and `column` count from 1; `end_line` and `end_column`, if known, are just behind the end of the range. `guard` marks a refusal
    (exit code 3) as opposed to an error in a file (exit code 1). `key` is the spec that the problem is about, if any.
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
    targets: tuple[str, ...] = ()
    """The targets that have it, where several were read and it is known."""

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR

    def for_targets(self, targets: Sequence[str], number: int) -> Problem:
        """The same problem of these targets among a `number` of them. The message names them unless all have it, or it has them already."""
        found = replace(self, targets=tuple(targets))
        if len(targets) == number or self.code == UNKNOWN_VARIABLE:
            return found
        more = f" and {len(targets) - MOST_TARGETS} more" if len(targets) > MOST_TARGETS else ""
        where = f"{'target' if len(targets) == 1 else 'targets'} {', '.join(targets[:MOST_TARGETS])}{more}"
        return replace(found, message=f"{self.message} (in {where})")

    def at(self, file: str, line: int | None = None, column: int | None = None) -> Problem:
        """The same problem with a position."""
        return replace(self, file=file, line=line, column=column)


def by_place(problem: Problem) -> tuple[str, int, int, str, str]:
    """The sort key of problems: file, line, column, code and message."""
    return problem.file or "", problem.line or 0, problem.column or 0, problem.code, problem.message


class _Weighed(Protocol):
    @property
    def is_error(self) -> bool: ...
    @property
    def guard(self) -> bool: ...


def exit_code_of(problems: Sequence[_Weighed]) -> ExitCode:
    """The exit code for these problems: 0 without errors, 1 for errors in files, 3 if only guards refuse."""
    errors = [problem for problem in problems if problem.is_error]
    if not errors:
        return ExitCode.DONE
    return ExitCode.REFUSED if all(problem.guard for problem in errors) else ExitCode.WRONG


class ReconcilerError(Exception):
    """Base class of all errors that users see; `hint` is the next step."""

    exit_code: ExitCode = ExitCode.WRONG
    code: str = "error"

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(ReconcilerError):
    """The command line names something that does not exist, or its arguments contradict each other."""

    code = "usage"


class SettingsError(ReconcilerError):
    """`reconciler.yaml` or the environment is not valid; `problems` has every reason."""

    code = "settings"

    def __init__(self, message: str, *, hint: str | None = None, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message, hint=hint)
        self.problems = tuple(problems)


class SpecFileError(ReconcilerError):
    """Spec files cannot be read; `problems` has every reason."""

    code = "spec-files"

    def __init__(self, message: str, problems: Sequence[Problem]) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class ServiceError(ReconcilerError):
    """An error response: the server's message, its code, the HTTP status and the request id."""

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
        """The same response as an error of this class, optionally with another message or hint."""
        return kind(
            message or self.message,
            status=self.status,
            server_code=self.server_code,
            request_id=self.request_id,
            hint=hint or self.hint,
        )


class SpecNotFound(ServiceError):
    """404 for one spec. An access label may hide an existing spec, so this does not prove that it does not exist."""

    code = "not-found"


class VersionMismatch(ServiceError):
    """412: the version of the object is not the one in `If-Match`."""

    code = "version-mismatch"


class AnswerLost(ServiceError):
    """A write was sent and no usable response came back: it may or may not have happened."""

    code = "answer-lost"


class RefusedForNow(ServiceError):
    """The token was refused, or there were too many requests. The write may be sent again once a read shows that it was not done."""

    code = "refused-for-now"


class Unproven(ServiceError):
    """Reads of an object contradict its known state, so nothing is based on them and no action is reported as done."""

    code = "unproven"


class TooLate(ServiceError):
    """A write was not sent because the GET that it is based on is too old."""

    code = "too-late"


class Unsendable(ServiceError):
    """A write was not sent because the live body cannot be sent back unchanged."""

    code = "unsendable"


class ServiceUnreachable(ServiceError):
    """No connection, or the deadline of a read passed: nothing was written."""

    code = "unreachable"


class GitHubError(ServiceError):
    """An error response of GitHub, or no response: its message and the HTTP status."""

    code = "github"


class GitLabError(ServiceError):
    """An error response of GitLab, or no response: its message and the HTTP status."""

    code = "gitlab"


class JournalError(ReconcilerError):
    """The journal cannot be written. It is the only way to undo an apply, so nothing is written without it."""

    code = "journal"


class Refused(ReconcilerError):
    """A guard refused, and nothing was written."""

    exit_code = ExitCode.REFUSED
    code = "refused"


class Interrupted(ReconcilerError):
    """A signal requested a stop; `exit_code` depends on the signal."""

    code = "interrupted"

    def __init__(self, exit_code: ExitCode) -> None:
        super().__init__("interrupted")
        self.exit_code = exit_code


def count(number: int, one: str, many: str | None = None) -> str:
    """A number and its noun: `1 spec`, `2,000 specs`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
