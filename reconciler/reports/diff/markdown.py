"""The difference between two versions of the spec files, as Markdown, for job summaries of pull requests without secrets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from reconciler.errors import count
from reconciler.planning.plan import ActionName
from reconciler.reports.diff.text import WITHOUT_LIVE, changes_of, counted_specs, notes_of
from reconciler.reports.plan.markdown import LIMIT
from reconciler.reports.plan.markdown_changes import Differences
from reconciler.reports.plan.view import ActionView
from reconciler.reports.problems.markdown import problems_section
from reconciler.reports.sinks.markdown import (
    Blocks,
    FileLinks,
    code,
    details,
    file_link,
    left_out,
    names_words,
    no_links,
    size,
    specs_left_out,
    table_row,
    table_section,
)
from reconciler.revisions.spec_diff import SpecChange, SpecDiff, SpecState

_HEADINGS: Final = ("state", "spec", "name", "changes", "file")
_TARGETS: Final = "targets"
_ORDER: Final = (SpecState.REMOVED, SpecState.ADDED, SpecState.RENAMED, SpecState.CHANGED)
_NOTE: Final = 700
"""Bytes reserved for the names of what does not fit."""


def render_diff_markdown(diff: SpecDiff, *, links: FileLinks = no_links, limit: int = LIMIT) -> str:
    """The difference in at most `limit` bytes (2,000 or more). What does not fit is counted, and named if there is room."""
    names = diff.targets or ((diff.target,) if diff.target else ())
    target = f" for {names_words(names)}" if names else ""
    body = Blocks(limit, f"### Spec files{target} since {code(diff.base)}")
    body.add(f"**{counted_specs(diff)}** · {WITHOUT_LIVE}")
    body.add(problems_section("Problems", diff.problems, links, body.room * 2 // 5))
    changes = sorted(diff.specs, key=lambda change: _ORDER.index(change.state))
    body.add(
        table_section(
            "Specs",
            (*_HEADINGS, *([_TARGETS] if diff.targets else [])),
            changes,
            lambda change: _row(change, links),
            specs_left_out("spec", " more"),
            body.room // 2,
        )
    )
    body.add(_folded(changes, body.room))
    return body.render()


def _row(change: SpecChange, links: FileLinks) -> str:
    file = file_link(change.file, change.line, links if change.state is not SpecState.REMOVED else no_links)
    cells = (change.state, f"{change.kind.words} {code(change.key)}", code(change.name), str(len(change.changes)), file)
    return table_row((*cells, names_words(change.targets)) if change.targets else cells)


def _folded(changes: Sequence[SpecChange], room: int) -> str:
    blocks: list[str] = []
    left = room - _NOTE
    for change in changes:
        what = f"{change.state} {change.kind.words} {code(change.key)} · {count(len(change.changes), 'change')}"
        what += f" · in {names_words(change.targets)}" if change.targets else ""
        notes = "\\\n".join(code(note, 200) for note in notes_of(replace(change, targets=())))
        inside = left - size(details(what, notes)) - 4
        if inside < _NOTE:
            break
        block = details(what, notes, Differences({}).block(_as_action(change), inside))
        blocks.append(block)
        left -= size(block) + 2
    rest = changes[len(blocks) :]
    if rest:
        blocks.append(left_out(f"details of {count(len(rest), 'spec')} are left out", [change.key for change in rest], _NOTE - 8))
    return "\n\n".join(blocks)


def _as_action(change: SpecChange) -> ActionView:
    """The change in the form of an action, so that both render alike."""
    return ActionView(
        kind=change.kind,
        key=change.key,
        name=change.name,
        id=None,
        action=ActionName.CREATE if change.state is SpecState.ADDED else ActionName.UPDATE,
        cause=None,
        fingerprint="",
        changes=changes_of(change),
        requests=(),
        updated_at=None,
        updated_by=None,
        file=change.file,
        line=change.line,
    )
