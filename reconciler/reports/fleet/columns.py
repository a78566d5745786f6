"""The table of specs and targets: its columns, and the words of its cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from reconciler.reports.fleet.view import Cell, CellState, FleetView, Row, TargetState, TargetView

MOST_COLUMNS: Final = 8
"""Maximum number of targets with a column each. With more, a fleet or group has one column."""
WORDS: Final = {state: state.value.replace("_", " ") for state in CellState} | {
    CellState.CREATE: "to create",
    CellState.ATTACH: "to attach",
    CellState.DETACH: "to detach",
    CellState.BOTH: "drift, pending",
    CellState.ABSENT: "-",
    CellState.UNKNOWN: "?",
}
QUIET: Final = frozenset({CellState.IN_SYNC, CellState.ABSENT, CellState.RETIRED})
"""States that need nothing."""
TARGET_WORDS: Final = {state: state.value.replace("_", " ") for state in TargetState}
_NAMED: Final = 4
"""Maximum number of targets named for one change or problem."""


def each_target(view: FleetView) -> dict[str, tuple[str, ...]]:
    """A column for each target."""
    return {target.name: (target.name,) for target in view.targets}


def grouped(targets: Sequence[TargetView]) -> dict[str, tuple[str, ...]]:
    """The columns: a fleet, a group, or a target that is in none. Each target is in one column."""
    members: dict[str, list[str]] = {}
    for target in targets:
        members.setdefault(target.fleet or (target.groups[-1] if target.groups else target.name), []).append(target.name)
    if len(members) > MOST_COLUMNS:
        return {"all": tuple(target.name for target in targets)}
    return {name: tuple(names) for name, names in members.items()}


def heading(name: str, targets: Sequence[str]) -> str:
    """The heading of a column: the target, or the fleet or group and the number of its targets."""
    return name if tuple(targets) == (name,) else f"{name} ({len(targets)})"


def cells_of(row: Row, columns: Mapping[str, Sequence[str]]) -> list[str]:
    """The words of each cell of the row."""
    return [cell_words([row.cells[name] for name in names]) for names in columns.values()]


def cell_words(cells: Sequence[Cell]) -> str:
    """The state of one cell, or of the cells of several targets: how many have which."""
    counts = Counter(cell.state for cell in cells)
    if len(counts) == 1:
        return WORDS[cells[0].state]
    return ", ".join(f"{number} {WORDS[state]}" for state, number in counts.most_common())


def is_quiet(row: Row) -> bool:
    """Whether the spec needs nothing in any target."""
    return all(cell.state in QUIET for cell in row.cells.values())


def targets_words(names: Sequence[str], of: int) -> str:
    """These targets in a line: by name if they are few; `of` is the number of all."""
    if len(names) == of and of > 1:
        return f"all {of} targets"
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def by_state(targets: Iterable[TargetView]) -> dict[TargetState, list[str]]:
    """The names of the targets in each state that occurs, those in sync first."""
    found: dict[TargetState, list[str]] = {state: [] for state in TargetState}
    for target in targets:
        found[target.state].append(target.name)
    return {state: names for state, names in found.items() if names}
