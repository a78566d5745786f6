"""One fix: as an edit of the text, with everything else left byte for byte, and as a change of the body, to hold the edit against."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

from reconciler.documents.json_text import Json, decode
from reconciler.documents.pointer import Segments
from reconciler.lint.places.placing import FileText, Placed
from reconciler.lint.places.spans import Entry, Span
from reconciler.lint.rule import Add, Fix, Remove, Rename, Replace, Rewrite

_PLAIN: Final = re.compile(r"[A-Za-z$][\w$.]*(?:-[\w$.]+)*(?: [A-Za-z][\w$.-]*)*")
"""A text that YAML takes as it stands, in brackets, too. Should it be a word such as `true`, reading it again tells."""
_LINE_OF_ITEM: Final = re.compile(r"[ \t]*-[ \t]+[^\r\n#]*(?:\r\n|\r|\n|\Z)")


@dataclass(frozen=True, slots=True)
class Edit:
    """Another text in the place of what stands there."""

    span: Span
    text: str


def edit_of(placed: Placed, text: FileText) -> Edit | None:
    """The edit that mends a finding; None where it cannot be made without touching more than the place."""
    entry, parent = placed.entry, placed.parent
    if entry is None or parent is None:
        return None
    match placed.finding.fix:
        case Rename(key) if entry.key:
            return _rewritten(entry.key, key, text)
        case Replace(written) if entry.is_scalar and entry.is_plain:
            return _rewritten(entry.value, written, text)
        case Rewrite(value) if entry.is_scalar and entry.is_plain:
            return Edit(entry.value, value)
        case Remove():
            return _removed(entry, parent, text)
        case Add() as fix:
            return _added(fix, entry, text)
        case _:
            return None


def edited(text: str, edits: list[Edit]) -> str:
    """The text with these edits, none of which touches another."""
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def with_fix(value: Json, path: Segments, fix: Fix) -> Json:
    """A value as it is once the fix is made at this path of it; the value itself where the path leads nowhere."""
    if not path:
        return _fixed(value, fix)
    name, rest = path[0], path[1:]
    if isinstance(value, list):
        changed = [(index, with_fix(item, rest, fix) if str(index) == name else item) for index, item in enumerate(value)]
        return [item for index, item in changed if not (str(index) == name and not rest and isinstance(fix, Remove))]
    if not isinstance(value, dict) or name not in value:
        return value
    if not rest and isinstance(fix, Rename):
        return {(fix.key if key == name else key): item for key, item in value.items()}
    return value | {name: with_fix(value[name], rest, fix)}


def _fixed(value: Json, fix: Fix) -> Json:
    if isinstance(fix, Add) and isinstance(value, dict):
        return value | {fix.key: fix.text}
    if isinstance(fix, Rewrite):
        return decode(fix.value)
    return fix.text if isinstance(fix, Replace) else value


def _rewritten(span: Span, written: str, text: FileText) -> Edit | None:
    """The scalar with another text, in the quotes that it has."""
    raw = text.text[span.start : span.end]
    if "\n" in raw or "\r" in raw:
        return None
    if raw.startswith("'"):
        quoted = written.replace("'", "''")
        return Edit(span, f"'{quoted}'")
    return Edit(
        span, written if _PLAIN.fullmatch(written) and not raw.startswith('"') else json.dumps(written, ensure_ascii=False)
    )


def _removed(entry: Entry, parent: Entry, text: FileText) -> Edit | None:
    """The list without the item: in brackets with the comma before it, else with its line, if nothing but the item stands there."""
    before: Entry | None = None
    for item in parent.children.values():
        if item is entry:
            break
        before = item
    if before is None:
        return None
    if parent.is_flow:
        span = Span(before.value.end, entry.value.end)
        return None if "#" in text.text[span.start : entry.value.start] else Edit(span, "")
    start = text.text.rfind("\n", 0, entry.value.start) + 1
    line = _LINE_OF_ITEM.match(text.text, start)
    return Edit(Span(start, line.end()), "") if line and entry.value.end <= line.end() else None


def _added(fix: Add, entry: Entry, text: FileText) -> Edit | None:
    """A new entry behind another one of the mapping, on a line of its own where that one has one."""
    sibling = entry.children.get(fix.after)
    if sibling is None or sibling.key is None or not sibling.is_scalar:
        return None
    start = text.text.rfind("\n", 0, sibling.key.start) + 1
    before = text.text[start : sibling.key.start]
    written = f"{fix.key}: {fix.text}" if text.may_have_comments else f'"{fix.key}": "{fix.text}"'
    if entry.is_flow:
        glue = ", " if before.strip() else f",\n{before}"
        return Edit(Span(sibling.value.end, sibling.value.end), f"{glue}{written}")
    end = text.text.find("\n", sibling.value.end)
    if before.strip() or end < 0:
        return None
    line_break = "\r\n" if text.text[end - 1] == "\r" else "\n"
    return Edit(Span(end + 1, end + 1), f"{before}{written}{line_break}")
