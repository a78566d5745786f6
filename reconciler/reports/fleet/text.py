"""Several targets as text: a table of specs and targets, each change once, and what every target needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from reconciler.errors import Severity, count
from reconciler.reports.fleet.view import Cell, CellState, FleetView, Row, TargetState, TargetView
from reconciler.reports.plan.notes import names_of
from reconciler.reports.plan.text import ActionWriter
from reconciler.reports.problems.text import show_hint, show_problems
from reconciler.reports.problems.view import ProblemView
from reconciler.reports.sinks.text import Part, Style, Text, table, width

_MOST_COLUMNS: Final = 8
"""Maximum number of targets with a column each. With more, a fleet or group has one column."""
_NAMED: Final = 4
"""Maximum number of targets named for one change or problem."""
_WORDS: Final = {state: state.value.replace("_", " ") for state in CellState} | {
    CellState.CREATE: "to create",
    CellState.ATTACH: "to attach",
    CellState.DETACH: "to detach",
    CellState.BOTH: "drift, pending",
    CellState.ABSENT: "-",
    CellState.UNKNOWN: "?",
}
_GRAVITY: Final = {severity: number for number, severity in enumerate(Severity)}
_QUIET: Final = frozenset({CellState.IN_SYNC, CellState.ABSENT, CellState.RETIRED})


@dataclass(frozen=True, slots=True)
class FleetText:
    """How to render: `columns` is the width of a terminal, None elsewhere; `wide` gives every target a column."""

    verbose: bool = False
    color: bool = False
    columns: int | None = None
    wide: bool = False
    summary: bool = False
    """One line for each change, without what it consists of."""


def render_fleet_text(view: FleetView, given: FleetText) -> str:
    """The table, each change with its targets, the problems, and one line with the state of all targets."""
    text = Text(color=given.color)
    rows = [row for row in view.matrix if given.verbose or any(cell.state not in _QUIET for cell in row.cells.values())]
    if rows:
        lines = _table(view, rows, given)
        text.line(Part(lines[0], Style.STRONG))
        for line in lines[1:]:
            text.line(line)
        text.blank()
    if view.report != "status":
        _show_variants(text, view, given)
    _show_problems(text, view)
    _show_failures(text, view)
    text.blank()
    _show_end(text, view, len(view.matrix) - len(rows))
    return text.render()


def _table(view: FleetView, rows: Sequence[Row], given: FleetText) -> list[str]:
    """One column for each target if there are few and they fit, else one for each fleet and group."""
    each = {target.name: (target.name,) for target in view.targets}
    if given.wide or len(each) <= _MOST_COLUMNS:
        lines = _lines(each, rows)
        if given.wide or given.columns is None or max(map(width, lines)) <= given.columns:
            return lines
    return _lines(_grouped(view.targets), rows)


def _grouped(targets: Sequence[TargetView]) -> dict[str, tuple[str, ...]]:
    """The columns: a fleet, a group, or a target that is in none. Each target is in one column."""
    members: dict[str, list[str]] = {}
    for target in targets:
        members.setdefault(target.fleet or (target.groups[-1] if target.groups else target.name), []).append(target.name)
    if len(members) > _MOST_COLUMNS:
        return {"all": tuple(target.name for target in targets)}
    return {name: tuple(names) for name, names in members.items()}


def _lines(columns: Mapping[str, tuple[str, ...]], rows: Sequence[Row]) -> list[str]:
    heads = [name if names == (name,) else f"{name} ({len(names)})" for name, names in columns.items()]
    cells = [(row.key, *(_cell([row.cells[name] for name in names]) for names in columns.values())) for row in rows]
    return table([("SPEC", *heads), *cells])


def _cell(cells: Sequence[Cell]) -> str:
    if len(cells) == 1:
        return _WORDS[cells[0].state]
    counts = Counter(cell.state for cell in cells)
    if len(counts) == 1:
        return _WORDS[cells[0].state]
    return ", ".join(f"{number} {_WORDS[state]}" for state, number in counts.most_common())


def _show_variants(text: Text, view: FleetView, given: FleetText) -> None:
    names = {key: name for plan in view.plans.values() for key, name in names_of(plan).items()}
    writer = ActionWriter(text, given.verbose, names)
    for targets, found in groupby(view.variants, lambda variant: variant.targets):
        _show_targets(text, targets, view)
        for variant in found:
            if given.summary:
                writer.show_line(view.actions[variant.id])
            else:
                text.blank()
                writer.show(view.actions[variant.id])


def _show_targets(text: Text, names: Sequence[str], view: FleetView) -> None:
    """The heading of what holds in these targets alone."""
    text.blank()
    text.line(Part(f"in {_targets(names, len(view.targets))}:", Style.QUIET))


def _targets(names: Sequence[str], of: int) -> str:
    if len(names) == of and of > 1:
        return f"all {of} targets"
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _show_problems(text: Text, view: FleetView) -> None:
    """Each problem once, with the targets that have it."""
    found: dict[ProblemView, list[str]] = {}
    for name, plan in view.plans.items():
        for problem in plan.problems:
            found.setdefault(problem, []).append(name)
    ordered = sorted(found.items(), key=lambda item: (_GRAVITY[item[0].severity], item[1]))
    for (_, names), items in groupby(ordered, lambda item: (item[0].severity, item[1])):
        _show_targets(text, names, view)
        show_problems(text, [problem for problem, _ in items])


def _show_failures(text: Text, view: FleetView) -> None:
    by_reason: dict[tuple[str, str | None], list[str]] = {}
    for target in view.targets:
        if target.why is not None:
            by_reason.setdefault((target.why, target.hint), []).append(target.name)
    for (why, hint), names in by_reason.items():
        text.blank()
        text.line(Part("error", Style.REMOVED), f": {_targets(names, len(view.targets) + 1)} could not be read: {why}")
        if hint:
            show_hint(text, hint, indent=1)


def _show_end(text: Text, view: FleetView, hidden: int) -> None:
    if hidden:
        more = "more " if len(view.matrix) > hidden else ""
        text.line(f"{count(hidden, f'{more}spec')} in sync wherever {'it belongs' if hidden == 1 else 'they belong'}")
    is_plan = view.report == "plan"
    if is_plan and view.summary.creates:
        text.line(
            Part(f"{count(view.summary.creates, 'create')} over all targets, permanent: a spec cannot be deleted", Style.GRAVE)
        )
    text.line(Part(", ".join(_states(view)), Style.STRONG))
    for name in _left_out(view):
        text.line(Part(name, Style.QUIET))
    if is_plan and view.summary.to_do:
        text.line(f"digest {view.digest}")


def _states(view: FleetView) -> Iterator[str]:
    numbers = view.summary
    yield f"{count(numbers.targets, 'target')}: {numbers.in_sync} in sync"
    counts: Iterable[tuple[int, str]] = (
        (numbers.to_do, "to do"),
        (numbers.drifted, "drifted"),
        (numbers.refused, "refused"),
        (numbers.failed, "failed"),
    )
    for number, words in counts:
        if number:
            names = [target.name for target in view.targets if target.state is _STATES[words]]
            yield f"{number} {words} ({_targets(names, numbers.targets + 1)})"


_STATES: Final = {
    "to do": TargetState.TO_DO,
    "drifted": TargetState.DRIFTED,
    "refused": TargetState.REFUSED,
    "failed": TargetState.FAILED,
}


_WHY_LEFT_OUT: Final = {
    "emulator": "emulators: name them with --target",
    "by_name": "`by_name` is set: apply to them with --target",
}


def _left_out(view: FleetView) -> Iterator[str]:
    by_why: dict[str, list[str]] = {}
    for one in view.selection.left_out:
        by_why.setdefault(one.why, []).append(one.target)
    for why, names in by_why.items():
        yield f"left out: {', '.join(names)} ({_WHY_LEFT_OUT.get(why, f'--{why}')})"
