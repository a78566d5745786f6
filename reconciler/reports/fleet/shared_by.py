"""What several targets share, once: problems, reasons of failure and to wait, and notes on changes, each with the targets that have it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import Final, TypeAlias

import msgspec

from reconciler.documents.kinds import Kind
from reconciler.errors import Severity, count
from reconciler.planning.plan import ActionName
from reconciler.reports.fleet.view import Behind, FleetView, Variant
from reconciler.reports.plan.notes import Note
from reconciler.reports.plan.view import ActionView, WaitingView
from reconciler.reports.problems.view import ProblemView

_GRAVITY: Final = {severity: number for number, severity in enumerate(Severity)}


def problems_by_targets(view: FleetView) -> Iterator[tuple[list[str], list[ProblemView]]]:
    """Each problem once, with the targets that have it; errors first."""
    found: dict[ProblemView, list[str]] = {}
    for name, plan in view.plans.items():
        for problem in plan.problems:
            found.setdefault(problem, []).append(name)
    ordered = sorted(found.items(), key=lambda item: (_GRAVITY[item[0].severity], item[1]))
    for (_, names), items in groupby(ordered, lambda item: (item[0].severity, item[1])):
        yield names, [problem for problem, _ in items]


def failures_by_reason(view: FleetView) -> dict[tuple[str, str | None], list[str]]:
    """The targets that could not be read, by reason and hint."""
    found: dict[tuple[str, str | None], list[str]] = {}
    for target in view.targets:
        if target.why is not None:
            found.setdefault((target.why, target.hint), []).append(target.name)
    return found


def waits_by_targets(view: FleetView) -> Iterator[tuple[list[str], list[WaitingView]]]:
    """What waits at a gate for the same reasons, once, with the targets where it does."""
    found: dict[object, tuple[WaitingView, list[str]]] = {}
    for name, plan in view.plans.items():
        for waiting in plan.waiting:
            action = waiting.action
            waits = tuple((wait.on, wait.gate, wait.message, wait.hint) for wait in waiting.waits)
            same = (action.kind, action.key, action.name, action.action, waits)
            found.setdefault(same, (waiting, []))[1].append(name)
    ordered = sorted(found.values(), key=lambda item: item[1])
    for names, items in groupby(ordered, lambda item: item[1]):
        yield names, [waiting for waiting, _ in items]


def creates(view: FleetView) -> list[Variant]:
    """What is created for good, those in most targets first."""
    found = [variant for variant in view.variants if variant.action is ActionName.CREATE]
    return sorted(found, key=lambda variant: -len(variant.targets))


NotesOf: TypeAlias = Callable[[ActionView], list[Note]]
OwnNotes: TypeAlias = tuple[tuple[str, ...], tuple[Note, ...]]
"""Targets, and the notes that hold in these."""
_Same: TypeAlias = tuple[Kind, str | None, str, ActionName]


class ChangeNotes(msgspec.Struct, frozen=True):
    """The notes on one change: those of all its targets, and each other one with the targets that have it.

    `id` is the live id, None if it is not the same in all of them.
    """

    common: tuple[Note, ...]
    others: tuple[OwnNotes, ...]
    id: str | None

    def first(self, most: int) -> tuple[tuple[OwnNotes, ...], str]:
        """At most so many of the lists of notes, and words that count the targets of the others; empty if there are none."""
        left = len({name for names, _ in self.others[most:] for name in names})
        return self.others[:most], f"… and other notes on {count(left, 'target')}" if left else ""


class NotesByTarget:
    """Finds the notes on each change of a view: who changed it there, who uses it there, and how far live is behind there."""

    def __init__(self, view: FleetView, notes: NotesOf) -> None:
        """`notes` gives those of one action, as the sink of the report needs them."""
        self._notes, self._first = notes, view.actions
        self._actions: Mapping[str, Mapping[_Same, ActionView]] = {
            name: {_same(action): action for action in reversed(plan.actions)} for name, plan in view.plans.items()
        }
        self._behind = {
            (row.kind, row.key, name): cell.behind
            for row in view.matrix
            for name, cell in row.cells.items()
            if cell.behind is not None
        }

    def of(self, variant: Variant) -> ChangeNotes:
        """The notes on this change."""
        actions = {name: self._of(variant, name) for name in variant.targets}
        said = {name: self._said(name, action) for name, action in actions.items()}
        first = next(iter(said.values()))
        shared = set(first).intersection(*said.values())
        having: dict[Note, list[str]] = {}
        for name, notes in said.items():
            for note in notes:
                if note not in shared:
                    having.setdefault(note, []).append(name)
        others: dict[tuple[str, ...], list[Note]] = {}
        for note, names in having.items():
            others.setdefault(tuple(names), []).append(note)
        ids = {action.id for action in actions.values()}
        return ChangeNotes(
            common=tuple(note for note in first if note in shared),
            others=tuple((names, tuple(notes)) for names, notes in others.items()),
            id=ids.pop() if len(ids) == 1 else None,
        )

    def _of(self, variant: Variant, target: str) -> ActionView:
        return self._actions.get(target, {}).get(_same(variant)) or self._first[variant.id]

    def _said(self, target: str, action: ActionView) -> list[Note]:
        behind = self._behind.get((action.kind, action.key or "", target))
        return [*self._notes(action), *([Note(behind_words(behind))] if behind is not None else [])]


def behind_words(behind: Behind) -> str:
    """`3 commits behind, since 2026-11-18T09:00:00Z`."""
    return f"{count(behind.commits, 'commit')} behind, since {behind.since}"


def _same(one: ActionView | Variant) -> _Same:
    return one.kind, one.key, one.name, one.action
