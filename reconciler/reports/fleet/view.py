"""The view of several targets: the shape of the JSON."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from reconciler.documents.comparison import Cause
from reconciler.documents.kinds import Kind
from reconciler.planning.plan import ActionName
from reconciler.reports.plan.view import ActionView, ChangeView, PlanView
from reconciler.reports.plan.waiting import WaitView
from reconciler.settings.choosing import Chosen, LeftOut
from reconciler.settings.selection import Selection


class CellState(StrEnum):
    """The state of one spec in one target."""

    IN_SYNC = "in_sync"
    CREATE = "create"
    PENDING = "pending"
    DRIFT = "drift"
    BOTH = "both"
    DIFFERS = "differs"
    """Nothing shows which side changed."""
    ATTACH = "attach"
    DETACH = "detach"
    ORPHAN = "orphan"
    RETIRED = "retired"
    AHEAD = "ahead"
    ERROR = "error"
    ABSENT = "absent"
    """The spec does not belong to the target."""
    UNKNOWN = "unknown"
    """The target could not be read."""
    WAITING = "waiting"
    """A gate does not let it go on yet."""
    APPLIED = "applied"
    """Written by this run, and read back."""
    FAILED = "failed"
    """This run could not write it, or does not know whether it did."""
    BLOCKED = "blocked"
    """A target that it comes after did not succeed in this run."""
    NOT_STARTED = "not_started"
    """This run ended before it came to the target."""


class TargetState(StrEnum):
    """The state of one target."""

    IN_SYNC = "in_sync"
    TO_DO = "to_do"
    DRIFTED = "drifted"
    REFUSED = "refused"
    FAILED = "failed"
    WAITING = "waiting"
    """What there is to do waits at a gate, and nothing else is to do."""
    APPLIED = "applied"
    BLOCKED = "blocked"
    NOT_STARTED = "not_started"


class GateView(Struct, frozen=True):
    """What the gate says of one spec."""

    ready: bool
    waits: tuple[WaitView, ...] = ()
    skipped: tuple[WaitView, ...] = ()


class Behind(Struct, frozen=True):
    """How far live is behind the checkout: commits that touched the spec's file, and when the first of them was made (ISO 8601)."""

    commits: int
    since: str


class Cell(Struct, frozen=True):
    """One spec in one target. `variant` is what the plan does to it there; `commit` is the one that its marker names."""

    state: CellState
    id: str | None = None
    variant: str | None = None
    commit: str | None = None
    behind: Behind | None = None
    """None if it is not behind, or if its commit is not in the clone."""
    gate: GateView | None = None
    """None for a target without `after`."""


class Row(Struct, frozen=True):
    """One spec, and its cell in each target."""

    kind: Kind
    key: str
    cells: Mapping[str, Cell]


class Variant(Struct, frozen=True):
    """One spec, one action and one list of changes, and the targets where it is the same."""

    id: str
    kind: Kind
    key: str | None
    name: str
    action: ActionName
    cause: Cause | None
    changes: tuple[ChangeView, ...]
    targets: tuple[str, ...]


class TargetView(Struct, frozen=True):
    """One target. `why` is the reason if it could not be read; `report` is the report of this target alone."""

    name: str
    host: str | None
    org_id: str | None
    sandbox: str | None
    groups: tuple[str, ...]
    fleet: str | None
    environment: str
    after: tuple[str, ...]
    """The targets that it waits for, each fleet as its targets."""
    wave: int
    state: TargetState
    exit_code: int
    digest: str | None
    seconds: float
    why: str | None
    hint: str | None
    report: dict[str, Any] | None


class FleetSummary(Struct, frozen=True):
    """Numbers of targets by state, and of permanent creates over all."""

    targets: int
    in_sync: int
    to_do: int
    drifted: int
    refused: int
    failed: int
    waiting: int
    applied: int
    blocked: int
    not_started: int
    creates: int


class SelectionView(Struct, frozen=True):
    """The targets as the command line chose them."""

    all: bool
    targets: tuple[str, ...]
    groups: tuple[str, ...]
    excluded: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


def selection_view(selection: Selection, chosen: Chosen) -> SelectionView:
    """The options that chose the targets, and what was left out."""
    return SelectionView(
        all=selection.everything,
        targets=selection.targets,
        groups=selection.groups,
        excluded=selection.excluded,
        left_out=chosen.left_out,
    )


class FleetView(Struct, frozen=True):
    """The data of a report over several targets. `plans` are the plans behind it, which are not part of the JSON."""

    report: str
    repository: str
    commit: str | None
    digest: str
    selection: SelectionView
    summary: FleetSummary
    targets: tuple[TargetView, ...]
    matrix: tuple[Row, ...]
    variants: tuple[Variant, ...]
    actions: Mapping[str, ActionView]
    """By variant, the action in its first target."""
    plans: Mapping[str, PlanView]
    """By target, what its report is made from."""
