"""Mending what has one right answer, in the text of a spec file.

A change is only kept when the file then says, for every target, exactly what it said before but for what was mended, and has all of its
comments.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.json_text import Document, Json, decode, encode_sorted
from reconciler.documents.pointer import Segments
from reconciler.lint.places.placing import FileText, Placed
from reconciler.lint.registry import RULES
from reconciler.lint.rule import Add, Fix, Remove, Rename, Replace, Rewrite
from reconciler.lint.run import FileLint, Levels, lint_file
from reconciler.lint.subject import subject_of, value_at
from reconciler.texts.in_place.rewrite import CannotChange, rewrite
from reconciler.texts.locate import Syntax, nodes_of, read_text
from reconciler.texts.nodes import Shape
from reconciler.texts.reading import text_of

SpecsOf: TypeAlias = Callable[[bytes], Sequence[DesiredSpec]]
"""What a file with these bytes says, for each target; nothing where it is in error for one."""

_MAX_TRIES: Final = 200
"""Of mends in one file."""
_COMMENT: Final = re.compile(r"(?<!\S)#[^\r\n]*")


@dataclass(frozen=True, slots=True)
class Mended:
    """A file after all that could be mended was."""

    data: bytes
    codes: tuple[str, ...] = ()
    """The rule of each mend, in the order that they were made in."""


@dataclass(frozen=True, slots=True)
class _Mend:
    """A fix at one path of the body, wherever in the file that path stands: in the body, and in overlays."""

    code: str
    path: Segments
    fix: Fix


def mend(data: bytes, specs_of: SpecsOf, levels: Levels) -> Mended:
    """The file with everything mended that has one right answer; the same bytes where there is nothing."""
    codes: list[str] = []
    refused: set[_Mend] = set()
    specs = specs_of(data)
    for _ in range(_MAX_TRIES):
        file = lint_file(specs, levels) if specs else None
        due = next((mend for mend in _mends(file) if mend not in refused), None)
        if file is None or file.text is None or due is None:
            break
        attempt = _with_mend(data, due, file, file.text)
        after = specs_of(attempt)
        syntax = file.text.layout.syntax
        if _as_wanted(specs, after, due) and _comments(attempt, syntax) == _comments(data, syntax):
            data, specs = attempt, after
            codes.append(due.code)
        else:
            refused.add(due)
    return Mended(data, tuple(codes))


def _mends(file: FileLint | None) -> Sequence[_Mend]:
    found = (_mend_of(placed) for placed in (file.placed if file else ()))
    return [mend for mend in found if mend]


def _mend_of(placed: Placed) -> _Mend | None:
    fix = placed.finding.fix
    return _Mend(placed.problem.code, placed.finding.path, fix) if fix else None


def _with_mend(data: bytes, due: _Mend, file: FileLint, text: FileText) -> bytes:
    """The file with this mend made where it is due; the same bytes where it cannot be without touching more than the place."""
    syntax = text.layout.syntax
    document: Document = read_text(data, syntax).value
    for placed in file.placed:
        if _mend_of(placed) == due and _may_change(placed, text):
            _make(due.fix, document, placed.path or ())
    try:
        return rewrite(data, syntax, document)
    except CannotChange:
        return data


def _may_change(placed: Placed, text: FileText) -> bool:
    """Whether the change touches nothing but a key, a string in one line that no anchor or alias is at, or an item without a comment."""
    if placed.entry is None or placed.path is None:
        return False
    node, name = placed.entry.node, placed.entry.name
    match placed.finding.fix:
        case Replace() | Rewrite():
            return node.shape is Shape.SCALAR and node.inner == node.start and _in_one_line(text.text[node.start : node.end])
        case Rename():
            return name is not None and _in_one_line(text.text[name.start : name.end])
        case Remove():
            *path, index = placed.path
            *_, parent, before = text.root.way((*path, str(int(index) - 1)), through_aliases=True)
            is_flow = (parent.node.meant or parent.node).flow
            return not is_flow or "#" not in text.text[before.end : node.start]
        case _:
            return True


def _in_one_line(raw: str) -> bool:
    return "\n" not in raw and "\r" not in raw


def _make(fix: Fix, document: Document, path: Segments) -> None:
    """Make the fix at this path of a document, which has it; with it changes what is the same by an alias."""
    name, parent, there = path[-1], value_at(document, path[:-1]), value_at(document, path)
    place = int(name) if isinstance(parent, list) else name
    match fix:
        case Rename(key):
            _put(parent, [(key if old == name else old, item) for old, item in parent.items()])
        case Add(after, key, text):
            _put(there, [entry for old, item in there.items() for entry in ((old, item), (key, text))[: 1 + (old == after)]])
        case Remove():
            del parent[place]
        case Replace(text):
            parent[place] = text
        case Rewrite(written):
            parent[place] = decode(written)


def _put(mapping: Document, entries: Sequence[tuple[str, Json]]) -> None:
    mapping.clear()
    mapping.update(entries)


def _comments(data: bytes, syntax: Syntax) -> list[str]:
    """All comments of a file, in their order."""
    text = str(text_of(data))
    leaves = nodes_of(text, syntax).leaves()
    outside = (text[end:start] for (_, end), (start, _) in pairwise([(0, 0), *leaves, (len(text), 0)]))
    return [comment for part in outside for comment in _COMMENT.findall(part)]


def _as_wanted(before: Sequence[DesiredSpec], after: Sequence[DesiredSpec], due: _Mend) -> bool:
    """Whether each target's body is what it was, but for the mend where it was due."""
    if len(before) != len(after):
        return False
    return all(encode_sorted(_wanted(old, due)) == encode_sorted(new.body) for old, new in zip(before, after, strict=True))


def _wanted(spec: DesiredSpec, due: _Mend) -> Document:
    subject = subject_of(spec)
    if any((finding.path, finding.fix) == (due.path, due.fix) for finding in RULES[due.code].check(subject)):
        _make(due.fix, subject.body, due.path)
    return subject.body
