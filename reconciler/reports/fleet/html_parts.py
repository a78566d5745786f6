"""Several targets as data for the HTML template."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.reports.plan.html.page import FilterPart, ProblemsPart
from reconciler.reports.plan.html.specs import SpecPart
from reconciler.reports.plan.notes import Note


@dataclass(frozen=True, slots=True)
class TargetPart:
    """One target; `mark` is the class of what concerns it: `t` and a number, never a name."""

    mark: str
    name: str
    state: str
    words: str
    place: tuple[str, ...]
    wave: int
    after: str
    specs: str
    digest: str


@dataclass(frozen=True, slots=True)
class CellPart:
    """One cell. `mark` is that of its target, empty for several; `anchor` is that of its change, if it has one; `note` explains it."""

    mark: str
    state: str
    words: str
    anchor: str | None
    note: str


@dataclass(frozen=True, slots=True)
class RowPart:
    """One spec, and the states that occur in its cells."""

    kind: str
    key: str
    states: tuple[str, ...]
    is_quiet: bool
    cells: tuple[CellPart, ...]


@dataclass(frozen=True, slots=True)
class InTargets:
    """What concerns some targets: their names, and their marks."""

    targets: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotesPart(InTargets):
    """Notes on a change that hold in these targets only."""

    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class ChangePart(InTargets):
    """One change, and the targets where it is the same. `others` are notes on some of them; `more` counts what is left out."""

    spec: SpecPart
    others: tuple[NotesPart, ...]
    more: str


@dataclass(frozen=True, slots=True)
class SharedProblems(InTargets):
    """Problems that these targets have in common."""

    groups: tuple[ProblemsPart, ...]


@dataclass(frozen=True, slots=True)
class FailurePart(InTargets):
    """Why these targets could not be read; `hint` has its lines."""

    why: str
    hint: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WaitingPart(InTargets):
    """One object that waits at a gate in these targets, and each reason with its hint."""

    what: str
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FleetPage:
    """The data of the template. `left` and `right` are the headings of the two sides of a diff.

    `changed` counts all changes, `left_out` those not shown.
    """

    heading: str
    joined: str
    counted: str
    summary: str
    verdict: str
    permanent: str
    facts: tuple[tuple[str, str], ...]
    targets: tuple[TargetPart, ...]
    target_states: tuple[tuple[str, str, int], ...]
    failures: tuple[FailurePart, ...]
    problems: tuple[SharedProblems, ...]
    waiting: tuple[WaitingPart, ...]
    columns: tuple[tuple[str, str], ...]
    row_states: tuple[tuple[str, str, int], ...]
    rows: tuple[RowPart, ...]
    quiet: int
    filters: tuple[FilterPart, ...]
    changes: tuple[ChangePart, ...]
    changed: str
    left_out: str
    left: str
    right: str

    @property
    def waiting_marks(self) -> tuple[str, ...]:
        """The targets where something waits."""
        return tuple(dict.fromkeys(mark for one in self.waiting for mark in one.marks))
