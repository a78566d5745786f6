"""Fix findings with a single correct answer, in the text of a spec file.

A fix is kept only if the body for every target is then unchanged except for the fix, and all comments are unchanged.
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
from reconciler.texts.locate import nodes_of, read_text
from reconciler.texts.nodes import Node, Shape
from reconciler.texts.reading import text_of

SpecsOf: TypeAlias = Callable[[bytes], Sequence[DesiredSpec]]
"""Returns the spec of a file with these bytes for each target; none if it has an error for any of them."""

_MAX_TRIES: Final = 200
"""Maximum number of attempted fixes in one file."""
_COMMENT: Final = re.compile(r"(?<!\S)#[^\r\n]*")


@dataclass(frozen=True, slots=True)
class FixedFile:
    """A file after all possible fixes."""

    data: bytes
    codes: tuple[str, ...] = ()
    """The rule of each fix, in the order of the fixes."""


@dataclass(frozen=True, slots=True)
class _Due:
    """A fix at one path of the body, for every place in the file with that path: in `spec` and in overlays."""

    code: str
    path: Segments
    fix: Fix


def fix_file(data: bytes, specs_of: SpecsOf, levels: Levels) -> FixedFile:
    """The file with all such findings fixed; the same bytes if there are none."""
    codes: list[str] = []
    refused: set[_Due] = set()
    specs = specs_of(data)
    for _ in range(_MAX_TRIES):
        file = lint_file(specs, levels) if specs else None
        due = next((due for due in _all_due(file) if due not in refused), None)
        if file is None or file.text is None or due is None:
            break
        attempt = _with_fix(data, due, file, file.text)
        after = specs_of(attempt)
        if _as_wanted(specs, after, due) and _has_comments_of(attempt, file.text):
            data, specs = attempt, after
            codes.append(due.code)
        else:
            refused.add(due)
    return FixedFile(data, tuple(codes))


def _all_due(file: FileLint | None) -> Sequence[_Due]:
    found = (_due_of(placed) for placed in (file.placed if file else ()))
    return [due for due in found if due]


def _due_of(placed: Placed) -> _Due | None:
    fix = placed.finding.fix
    return _Due(placed.problem.code, placed.finding.path, fix) if fix else None


def _with_fix(data: bytes, due: _Due, file: FileLint, text: FileText) -> bytes:
    """The file with this fix; the same bytes if the fix would change anything else."""
    syntax = text.layout.syntax
    document: Document = read_text(data, syntax).value
    for placed in file.placed:
        if _due_of(placed) == due and _may_change(placed, text):
            _make(due.fix, document, placed.path or ())
    try:
        return rewrite(data, syntax, document)
    except CannotChange:
        return data


def _may_change(placed: Placed, text: FileText) -> bool:
    """Whether the fix touches only a key, a one-line string without anchor or alias, or an item without a comment before it."""
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
    """Make the fix at this existing path of the document; values shared through an alias change with it."""
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


def _has_comments_of(data: bytes, before: FileText) -> bool:
    """Whether the file still has the same comments in the same order as `before`."""
    text = str(text_of(data))
    return _comments(text, nodes_of(text, before.layout.syntax)) == _comments(before.text, before.root)


def _comments(text: str, root: Node) -> list[str]:
    outside = (text[end:start] for (_, end), (start, _) in pairwise([(0, 0), *root.leaves(), (len(text), 0)]))
    return [comment for part in outside for comment in _COMMENT.findall(part)]


def _as_wanted(before: Sequence[DesiredSpec], after: Sequence[DesiredSpec], due: _Due) -> bool:
    """Whether the body of each target is unchanged except for the fix."""
    if len(before) != len(after):
        return False
    return all(encode_sorted(_wanted(old, due)) == encode_sorted(new.body) for old, new in zip(before, after, strict=True))


def _wanted(spec: DesiredSpec, due: _Due) -> Document:
    subject = subject_of(spec)
    if any((finding.path, finding.fix) == (due.path, due.fix) for finding in RULES[due.code].check(subject)):
        _make(due.fix, subject.body, due.path)
    return subject.body
