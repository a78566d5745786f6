"""Several targets as text: a table of specs and targets, each change once, and what every target needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

import msgspec
from msgspec.structs import replace

from reconciler.errors import count
from reconciler.reports.fleet.columns import (
    MOST_COLUMNS,
    TARGET_WORDS,
    by_state,
    cells_of,
    each_target,
    grouped,
    heading,
    is_quiet,
    quiet_words,
    targets_words,
    unread_targets,
)
from reconciler.reports.fleet.shared_by import (
    ChangeNotes,
    NotesByTarget,
    failures_by_reason,
    problems_by_targets,
    waits_by_targets,
)
from reconciler.reports.fleet.view import FleetView, Row, TargetState
from reconciler.reports.plan.notes import Note, names_of, notes_of
from reconciler.reports.plan.text import ActionWriter
from reconciler.reports.plan.waiting_text import show_waiting
from reconciler.reports.problems.text import show_first_problems, show_hint, show_problems
from reconciler.reports.sinks.text import Part, Style, Text, table, width
from reconciler.settings.choosing import LeftOut

_OTHERS: Final = 8
"""Maximum number of lists of notes on one change that hold in some of its targets only, unless verbose."""


class FleetText(msgspec.Struct, frozen=True):
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
    unread = unread_targets(view)
    rows = [row for row in view.matrix if given.verbose or not is_quiet(row, unread)]
    if rows:
        lines = _table(view, rows, given)
        text.line(Part(lines[0], Style.STRONG))
        for line in lines[1:]:
            text.line(line)
        text.blank()
    if view.report != "status":
        _show_variants(text, view, given)
        _show_waiting(text, view)
    _show_problems(text, view, given)
    _show_failures(text, view)
    text.blank()
    _show_end(text, view, len(view.matrix) - len(rows))
    return text.render()


def _table(view: FleetView, rows: Sequence[Row], given: FleetText) -> list[str]:
    """One column for each target if there are few and they fit, maybe without how far each is behind; else one for each fleet and group."""
    each, fits = each_target(view), given.columns if given.columns is not None and not given.wide else None
    if given.wide or len(each) <= MOST_COLUMNS:
        for behind in (True, False):
            lines = _lines(each, rows, behind=behind)
            if fits is None or max(map(width, lines)) <= fits:
                return lines
    return _lines(grouped(view.targets), rows)


def _lines(columns: Mapping[str, tuple[str, ...]], rows: Sequence[Row], *, behind: bool = False) -> list[str]:
    heads = [heading(name, names) for name, names in columns.items()]
    return table([("SPEC", *heads), *((row.key, *cells_of(row, columns, behind=behind)) for row in rows)])


def _show_variants(text: Text, view: FleetView, given: FleetText) -> None:
    names = {key: name for plan in view.plans.values() for key, name in names_of(plan).items()}
    writer, notes = ActionWriter(text, given.verbose, names), NotesByTarget(view, notes_of)
    for targets, found in groupby(view.variants, lambda variant: variant.targets):
        _show_targets(text, targets, view)
        for variant in found:
            if given.summary:
                writer.show_line(view.actions[variant.id])
            else:
                text.blank()
                said = notes.of(variant)
                writer.show(replace(view.actions[variant.id], id=said.id), (*said.common, *_others(said, given)))


def _others(said: ChangeNotes, given: FleetText) -> Iterator[Note]:
    """What holds in some targets only, with their names."""
    shown, more = said.first(len(said.others) if given.verbose else _OTHERS)
    for names, notes in shown:
        where = targets_words(names, len(names) + 1)
        yield from (Note(f"{where}: {note.words}", note.is_grave) for note in notes)
    if more:
        yield Note(f"{more} (-v shows them)")


def _show_targets(text: Text, names: Sequence[str], view: FleetView) -> None:
    """The heading of what holds in these targets alone."""
    text.blank()
    text.line(Part(f"in {targets_words(names, len(view.targets))}:", Style.QUIET))


def _show_waiting(text: Text, view: FleetView) -> None:
    for names, waiting in waits_by_targets(view):
        _show_targets(text, names, view)
        show_waiting(text, waiting)


def _show_problems(text: Text, view: FleetView, given: FleetText) -> None:
    show = show_first_problems if given.summary and not given.verbose else show_problems
    for names, problems in problems_by_targets(view):
        _show_targets(text, names, view)
        show(text, problems)


def _show_failures(text: Text, view: FleetView) -> None:
    for (why, hint), names in failures_by_reason(view).items():
        text.blank()
        text.line(Part("error", Style.REMOVED), f": {targets_words(names, len(view.targets) + 1)} could not be read: {why}")
        if hint:
            show_hint(text, hint, indent=1)


def _show_end(text: Text, view: FleetView, hidden: int) -> None:
    if hidden:
        text.line(quiet_words(view, hidden))
    is_plan = view.report == "plan"
    if is_plan and view.summary.creates:
        text.line(
            Part(f"{count(view.summary.creates, 'create')} over all targets, permanent: a spec cannot be deleted", Style.GRAVE)
        )
    text.line(Part(", ".join(states_words(view)), Style.STRONG))
    for name in left_out_words(view.selection.left_out):
        text.line(Part(name, Style.QUIET))
    if is_plan and view.summary.to_do:
        text.line(f"digest {view.digest}")


_WHY_LEFT_OUT: Final = {
    "emulator": "emulators: name them with --target",
    "by_name": "`by_name` is set: apply to them with --target",
    "same_sandbox": "the same sandbox as a target before",
}


def left_out_words(left_out: Iterable[LeftOut]) -> Iterator[str]:
    """One line for each reason, with the targets that were left out."""
    by_why: dict[str, list[str]] = {}
    for one in left_out:
        by_why.setdefault(one.why, []).append(one.target)
    for why, names in by_why.items():
        yield f"left out: {', '.join(names)} ({_WHY_LEFT_OUT.get(why, f'--{why}')})"


def states_words(view: FleetView) -> Iterator[str]:
    """How many targets are in which state, and which."""
    found = by_state(view.targets)
    in_sync = len(found.pop(TargetState.IN_SYNC, ()))
    yield f"{count(len(view.targets), 'target')}: {in_sync} in sync"
    for state, names in found.items():
        yield f"{len(names)} {TARGET_WORDS[state]} ({targets_words(names, len(view.targets) + 1)})"
