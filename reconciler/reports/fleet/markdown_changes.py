"""The changes of several targets as Markdown: each once, with its targets and with what holds in some of them only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from reconciler.reports.fleet.shared_by import NotesByTarget, OwnNotes
from reconciler.reports.fleet.view import FleetView, Variant
from reconciler.reports.plan.markdown_changes import Differences, one_folded
from reconciler.reports.plan.markdown_specs import by_importance
from reconciler.reports.plan.notes import names_of, notes_of
from reconciler.reports.sinks.markdown import NOTE, code, names_words, size, specs_left_out

_OTHERS: Final = 5
"""Maximum number of lists of notes on one change that hold in some of its targets only."""


def changes_section(view: FleetView, room: int) -> str:
    """Each change once, folded, most important first, as far as they fit; the others are named and counted."""
    by_action = {id(action): variant for variant in view.variants if (action := view.actions.get(variant.id)) is not None}
    variants = [by_action[id(action)] for action in by_importance([view.actions[variant.id] for variant in by_action.values()])]
    changes = _Changes.of(view)
    head = "#### Planned changes" if view.report == "apply" else "#### Changes"
    reserved = min(NOTE, room // 3)
    left = room - size(head) - 2 - reserved
    blocks: list[str] = []
    for variant in variants:
        block = changes.block(variant, left)
        if not block:
            break
        blocks.append(block)
        left -= size(block) + 2
    if rest := variants[len(blocks) :]:
        blocks.append(specs_left_out("change", " omitted")(rest, reserved - 4))
    return "\n\n".join([head, *blocks]) if blocks else ""


def where_words(names: Sequence[str], of: int) -> str:
    """These targets, within a few hundred bytes."""
    return f"all {of:,} targets" if len(names) == of and of > 1 else names_words(names)


@dataclass(frozen=True, slots=True)
class _Changes:
    """Renders the changes of one view."""

    view: FleetView
    differences: Differences
    notes: NotesByTarget

    @classmethod
    def of(cls, view: FleetView) -> _Changes:
        names = {key: name for plan in view.plans.values() for key, name in names_of(plan).items()}
        differences = Differences(names, to_live=view.report == "drift")
        return cls(view, differences, NotesByTarget(view, lambda action: notes_of(action, code, "**")))

    def block(self, variant: Variant, room: int) -> str:
        """One change, folded, within this many bytes; empty if there is no room for it."""
        said = self.notes.of(variant)
        return one_folded(
            replace(self.view.actions[variant.id], id=said.id),
            self.differences,
            room,
            where=f" · {where_words(variant.targets, len(self.view.targets))}",
            notes=[*(note.words for note in said.common), *_others(*said.first(_OTHERS))],
        )


def _others(shown: Sequence[OwnNotes], more: str) -> Iterator[str]:
    for names, notes in shown:
        yield f"in {names_words(names)}: {' · '.join(note.words for note in notes)}"
    if more:
        yield more
