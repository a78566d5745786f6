"""Mending what has one right answer, in the text of a spec file.

An edit is only kept when the file then says, for every target, exactly what it said before but for what was mended.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.json_text import Document, encode_sorted
from reconciler.documents.pointer import Segments
from reconciler.lint.fixing.edits import edit_of, edited, with_fix
from reconciler.lint.places.placing import FileText, Placed
from reconciler.lint.registry import RULES
from reconciler.lint.rule import Fix
from reconciler.lint.run import FileLint, Levels, lint_file
from reconciler.lint.subject import subject_of

SpecsOf: TypeAlias = Callable[[bytes], Sequence[DesiredSpec]]
"""What a file with these bytes says, for each target; nothing where it is in error for one."""

_MAX_TRIES: Final = 200
"""Of mends in one file."""


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
        if _as_wanted(specs, after, due):
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
    edits = [edit_of(placed, text) for placed in file.placed if _mend_of(placed) == due]
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    return mark + edited(text.text, [edit for edit in edits if edit]).encode()


def _as_wanted(before: Sequence[DesiredSpec], after: Sequence[DesiredSpec], due: _Mend) -> bool:
    """Whether each target's body is what it was, but for the mend where it was due."""
    if len(before) != len(after):
        return False
    return all(encode_sorted(_wanted(old, due)) == encode_sorted(new.body) for old, new in zip(before, after, strict=True))


def _wanted(spec: DesiredSpec, due: _Mend) -> Document:
    subject = subject_of(spec)
    is_due = any((finding.path, finding.fix) == (due.path, due.fix) for finding in RULES[due.code].check(subject))
    body: Document = with_fix(subject.body, due.path, due.fix) if is_due else subject.body
    return body
