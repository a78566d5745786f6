"""The result of an apply, as plain data for the reports."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from reconciler.errors import ExitCode, Problem
from reconciler.journal.writing import SentWrite
from reconciler.planning.gating.held import Held
from reconciler.planning.plan import PlanTarget


class OutcomeName(StrEnum):
    """The outcome of one spec."""

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
        """Whether live now matches the plan."""
        return self in _GOOD

    @property
    def words(self) -> str:
        """The outcome, for use in a sentence."""
        return self.replace("_", " ")


_GOOD = frozenset({OutcomeName.CREATED, OutcomeName.UPDATED, OutcomeName.ATTACHED, OutcomeName.DETACHED, OutcomeName.IN_SYNC})


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a spec failed.

    `status`, `server_code` and `request_id` come from the service. `pointers` are the places where live still differs; `ignore` are the
    lines for the file that would accept that; `before` is the previous live body, if it may have to be restored. `is_older` marks the
    duplicate to keep.
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
    """The result of one spec of the plan. `key` is None for a flow spec without a file, `id` if there is none (yet)."""

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
    """The result of an apply. `journal` is its journal file; None if there was nothing to write. `waiting` was held back at a gate."""

    target: PlanTarget
    digest: str
    results: tuple[Result, ...]
    problems: tuple[Problem, ...] = ()
    journal: str | None = None
    signal: ExitCode | None = None
    waiting: tuple[Held, ...] = ()

    @property
    def converged(self) -> bool:
        """Whether live matches the plan according to the read-backs; a signal that came too late does not matter.

        What waits at a gate has no part in it.
        """
        return all(result.outcome.is_good for result in self.results)

    @property
    def exit_code(self) -> ExitCode:
        if self.signal is not None:
            return self.signal
        return ExitCode.DONE if self.converged else ExitCode.UNFINISHED
