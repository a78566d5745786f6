"""The table of specs and targets: its columns, and the words of its cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import UNSET

from reconciler.errors import count
from reconciler.planning.gate import GateName
from reconciler.reports.fleet.view import Cell, CellState, FleetView, Row, TargetState, TargetView
from reconciler.wording.moments import left_words

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


def cells_of(row: Row, columns: Mapping[str, Sequence[str]], *, behind: bool = False) -> list[str]:
    """The words of each cell of the row; with `behind`, also how many commits live is behind, where a column has one target."""
    return [_words([row.cells[name] for name in names], behind=behind) for names in columns.values()]


def _words(cells: Sequence[Cell], *, behind: bool) -> str:
    lag = cells[0].behind if behind and len(cells) == 1 else None
    return f"{cell_words(cells)}, {lag.commits} behind" if lag is not None else cell_words(cells)


def cell_words(cells: Sequence[Cell]) -> str:
    """The state of one cell, or of the cells of several targets: how many have which."""
    counts = Counter(cell.state for cell in cells)
    if len(cells) == 1:
        return _one(cells[0])
    if len(counts) == 1:
        words = {_one(cell) for cell in cells}
        return words.pop() if len(words) == 1 else WORDS[cells[0].state]
    return ", ".join(f"{number} {WORDS[state]}" for state, number in counts.most_common())


def unread_targets(view: FleetView) -> frozenset[str]:
    """The targets that could not be read, which every report names with the reason."""
    return frozenset(target.name for target in view.targets if target.why is not None and target.report is None)


def _one(cell: Cell) -> str:
    """The state; of what waits, also for how long, or for which target or gate if time alone does not end it."""
    if cell.state is not CellState.WAITING or cell.gate is None or not cell.gate.waits:
        return WORDS[cell.state]
    lasting = [wait for wait in cell.gate.waits if wait.left is UNSET]
    if not lasting:
        return f"waiting {left_words(max(wait.left for wait in cell.gate.waits if wait.left is not UNSET))}"
    return f"waiting {lasting[0].on if lasting[0].gate is GateName.SAME else lasting[0].gate}"


def is_quiet(row: Row, unread: frozenset[str]) -> bool:
    """Whether the spec needs nothing in any target that could be read."""
    states = [cell.state for name, cell in row.cells.items() if name not in unread or cell.state is not CellState.UNKNOWN]
    return bool(states) and all(state in QUIET for state in states)


def quiet_words(view: FleetView, quiet: int) -> str:
    """How many specs need nothing: `7 more specs in sync wherever they belong`."""
    what = count(quiet, "more spec" if len(view.matrix) > quiet else "spec")
    if unread_targets(view):
        return f"{what} in sync in every target that could be read"
    return f"{what} in sync wherever {'it belongs' if quiet == 1 else 'they belong'}"


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
