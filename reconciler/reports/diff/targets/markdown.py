"""What separates targets, as Markdown."""

from __future__ import annotations

from typing import Final, NamedTuple

from reconciler.documents.places import MISSING
from reconciler.errors import count
from reconciler.reports.diff.targets.words import counted, names_words, notes_of, origin_words
from reconciler.reports.diff.text import WITHOUT_LIVE
from reconciler.reports.plan.markdown import LIMIT
from reconciler.reports.problems.markdown import problems_section
from reconciler.reports.sinks.markdown import (
    POINTER,
    Blocks,
    FileLinks,
    bounded,
    code,
    details,
    file_link,
    left_out,
    no_links,
    size,
    table,
    table_row,
)
from reconciler.reports.sinks.values import compact
from reconciler.revisions.targets.values import SpecInTargets, TargetDiff, TargetValue

_HEADINGS: Final = ("path", "targets", "value", "from")
_NOTE: Final = 700
"""Bytes reserved for the names of what does not fit."""
_SPEC: Final = 12_000
"""Maximum number of bytes of one spec, so that none uses the whole budget."""
_VALUE: Final = 160
"""Maximum number of characters of a value."""


class _Line(NamedTuple):
    path: str
    value: TargetValue


def render_target_diff_markdown(diff: TargetDiff, *, links: FileLinks = no_links, limit: int = LIMIT) -> str:
    """The differences in at most `limit` bytes (2,000 or more). What does not fit is counted, and named if there is room."""
    body = Blocks(limit, f"### Spec files of {code(names_words(diff.targets), POINTER)}")
    body.add(f"**{counted(diff)}** · {WITHOUT_LIVE}")
    body.add(problems_section("Problems", diff.problems, links, body.room * 2 // 5))
    blocks: list[str] = []
    room = body.room - _NOTE
    for spec in diff.specs:
        block = _folded(spec, links, min(room, _SPEC))
        if not block:
            break
        blocks.append(block)
        room -= size(block) + 2
    rest = diff.specs[len(blocks) :]
    body.add("\n\n".join(blocks))
    if rest:
        names = [spec.key for spec in rest]
        body.add(left_out(f"{count(len(rest), 'more spec')} {'differs' if len(rest) == 1 else 'differ'}", names, body.room - 8))
    return body.render()


def _folded(spec: SpecInTargets, links: FileLinks, room: int) -> str:
    """One spec; empty if there is no room for it."""
    what = f"{spec.kind.words} {code(spec.key)} · {count(len(spec.differences), 'difference')}"
    notes = "\\\n".join([file_link(spec.file, None, links), *(code(note, POINTER) for note in notes_of(spec))])
    lines = [_Line(one.path, value) for one in spec.differences for value in one.values]
    left = room - size(details(what, notes)) - size(table(_HEADINGS, ())) - 8
    if left < _NOTE:
        return ""
    rows, more = bounded(lines, _row, lambda rest, _room: f"… and {count(len(rest), 'more line')}", left)
    return details(what, notes, table(_HEADINGS, rows) if rows else "", more)


def _row(line: _Line) -> str:
    value = "(nothing)" if line.value.value is MISSING else code(compact(line.value.value), _VALUE)
    cells = (code(line.path, POINTER), code(names_words(line.value.targets)), value, code(origin_words(line.value), POINTER))
    return table_row(cells)
