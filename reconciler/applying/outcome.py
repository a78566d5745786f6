"""What an apply did, as plain data that every report renders."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from reconciler.errors import ExitCode, Problem
from reconciler.journal.writing import SentWrite
from reconciler.planning.plan import PlanTarget


class OutcomeName(StrEnum):
    """How one spec ended."""

    CREATED = "created"
    UPDATED = "updated"
    ATTACHED = "attached"
    DETACHED = "detached"
    IN_SYNC = "in_sync"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_CONVERGED = "not_converged"
    SKIPPED = "skipped"

    @property
    def is_good(self) -> bool:
        """Whether the spec is now what the plan says."""
        return self in _GOOD


_GOOD = frozenset({OutcomeName.CREATED, OutcomeName.UPDATED, OutcomeName.ATTACHED, OutcomeName.DETACHED, OutcomeName.IN_SYNC})


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a spec did not end well.

    `status`, `server_code` and `request_id` are the server's. `pointers` are where live still differs; `ignore` are the lines for the
    file that would accept that; `before` is the body from before the write, where it may have to be put back. `is_older` says of one of two
    twins that it is the one to keep.
    """

    code: str
    message: str
    hint: str | None = None
    status: int | None = None
    server_code: str | None = None
    request_id: str | None = None
    pointers: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    before: Document | None = None
    is_older: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """How one spec of the plan ended. `key` is None for a flow spec without a file, `id` where there is none (yet)."""

    kind: Kind
    key: str | None
    name: str
    id: str | None
    outcome: OutcomeName
    requests: tuple[SentWrite, ...] = ()
    error: Failure | None = None
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ApplyReport:
    """How an apply ended. `journal` is the file that has the bodies from before, None when nothing was to be written."""

    target: PlanTarget
    digest: str
    results: tuple[Result, ...]
    problems: tuple[Problem, ...] = ()
    journal: str | None = None
    signal: ExitCode | None = None

    @property
    def converged(self) -> bool:
        """Whether live is now what the plan says, as far as its read-backs show (a signal that came too late to matter does not)."""
        return all(result.outcome.is_good for result in self.results)

    @property
    def exit_code(self) -> ExitCode:
        if self.signal is not None:
            return self.signal
        return ExitCode.DONE if self.converged else ExitCode.UNFINISHED
