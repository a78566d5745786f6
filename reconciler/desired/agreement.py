"""Checks across spec files: duplicate keys, two files for one live object, references to unknown keys."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from reconciler.desired.body import stray_references
from reconciler.desired.spec_file import SpecFile, View
from reconciler.desired.specs import DesiredSpec
from reconciler.documents.kinds import Kind
from reconciler.documents.pointer import Segments, format_pointer
from reconciler.documents.semantics import ID_LISTS
from reconciler.errors import Problem, Severity
from reconciler.texts.locate import Positions
from reconciler.texts.reading import MAX_MISTAKES
from reconciler.wording.guesses import did_you_mean, nearest

Keys = Mapping[str, SpecFile]

_MAX_GUESSES: Final = 20
"""Misspelled names per file that get a nearest-key suggestion. With thousands of keys each suggestion takes a tenth of a second."""


def disagreements(files: Sequence[SpecFile], view: View) -> list[Problem]:
    """Every contradiction among these files. The problem is placed in the later file and names both."""
    problems: list[Problem] = []
    placed = _Placed(view)
    for kind in Kind:
        problems += _double_keys([file for file in files if file.kind is kind], placed)
    problems += _double_pins(files, placed)
    sources = [file for file in files if file.kind is Kind.CONNECTION_SPEC and file.key is not None]
    keys = {file.key or "": file for file in sources if file.belongs}
    elsewhere = frozenset(file.key or "" for file in sources if not file.belongs)
    for file in files:
        if file.spec is not None:
            problems += islice(_references_to_nothing(file, file.spec, keys, elsewhere, placed), MAX_MISTAKES)
            problems += islice(_stray_references(file, file.spec, keys, placed), MAX_MISTAKES)
    return problems


class _Placed:
    """Places problems in files. Problems arrive file by file, so only the positions of the last file are cached."""

    __slots__ = ("_of", "_positions", "view")

    def __init__(self, view: View) -> None:
        self.view = view
        self._of: SpecFile | None = None
        self._positions: Positions | None = None

    def in_file(self, file: SpecFile, path: Segments, code: str, message: str, hint: str) -> Problem:
        """An error at a place in the document, envelope included."""
        located = self._located(file)
        line, column = located.of(path) if located else (1, 1)
        return Problem(Severity.ERROR, code, message, self.view.display(file.path), line, column, hint, file.key)

    def in_body(self, file: SpecFile, path: Segments, code: str, message: str, hint: str, severity: Severity) -> Problem:
        """A problem at a place in the body, with the overlay applied."""
        located = self._located(file)
        line, column = file.source.layout.position(located, path) if located else (1, 1)
        return Problem(severity, code, message, self.view.display(file.path), line, column, hint, file.key)

    def _located(self, file: SpecFile) -> Positions | None:
        if self._of is not file:
            self._of, self._positions = file, file.source.positions()
        return self._positions


def _double_keys(files: Sequence[SpecFile], placed: _Placed) -> Iterator[Problem]:
    """Keys that two files of one kind share. Keys are compared case-insensitively because file systems may be case-insensitive."""
    owners: dict[str, SpecFile] = {}
    for file in files:
        if file.key is None:
            continue
        first = owners.setdefault(file.key.casefold(), file)
        if first is not file:
            same = "the key" if first.key == file.key else f"apart from case, the key {first.key!r}"
            message = f"{file.key!r} is also {same} of {placed.view.display(first.path)}"
            yield placed.in_file(file, ("key",), "duplicate-spec", message, "give one of the two another key")
    yield from _former_keys(files, owners, placed)


def _former_keys(files: Sequence[SpecFile], owners: Mapping[str, SpecFile], placed: _Placed) -> Iterator[Problem]:
    heirs: dict[str, SpecFile] = {}
    for file in files:
        for index, former in enumerate(file.former_keys):
            owner = owners.get(former.casefold())
            heir = heirs.setdefault(former.casefold(), file)
            place = ("formerly", str(index))
            if owner is not None and owner is not file:
                owned = f"{former!r} is now the key of {placed.view.display(owner.path)}"
                message = f"{owned}, so it cannot be a former key of this spec"
                hint = "remove it from formerly, or give the other spec another key"
                yield placed.in_file(file, place, "former-key", message, hint)
            elif heir is not file:
                message = f"{former!r} is also a former key of {placed.view.display(heir.path)}"
                yield placed.in_file(file, place, "former-key", message, "keep it only in the file that replaces it")


def _double_pins(files: Sequence[SpecFile], placed: _Placed) -> Iterator[Problem]:
    owners: dict[tuple[str, str], SpecFile] = {}
    for file in files:
        for target, live_id in file.pins:
            first = owners.setdefault((target, live_id), file)
            if first is not file:
                message = f"{placed.view.display(first.path)} is also pinned to {live_id} in target {target}"
                hint = "a live object can have only one file: fix one of the ids"
                yield placed.in_file(file, ("ids", target), "duplicate-pin", message, hint)


def _references_to_nothing(
    file: SpecFile, spec: DesiredSpec, keys: Keys, elsewhere: Container[str], placed: _Placed
) -> Iterator[Problem]:
    if all(reference.key in keys for reference in spec.references):
        return
    body = spec.body
    entries = ((name, index, entry) for name in ID_LISTS for index, entry in enumerate(body.get(name) or ()))
    unknown = ((name, str(index), entry["ref"]) for name, index, entry in entries if isinstance(entry, dict))
    for guesses, (name, index, key) in enumerate(item for item in unknown if item[-1] not in keys):
        if key in elsewhere:
            message = f"{key!r} does not belong to target {placed.view.target!r}: its `only` does not name it"
            hint = "add the target to its `only`, or restrict this spec, too"
            yield placed.in_body(file, (name, index), "unknown-reference", message, hint, Severity.ERROR)
            continue
        if renamed := next((other.key for other in keys.values() if key in other.former_keys), None):
            hint = f"it is now {renamed}"
        else:
            hint = did_you_mean(key[:80], keys) if guesses < _MAX_GUESSES else "use the key of a spec in this folder"
        message = f"no connection spec has the key {key[:80]!r}"
        yield placed.in_body(file, (name, index), "unknown-reference", message, hint, Severity.ERROR)


def _stray_references(file: SpecFile, spec: DesiredSpec, keys: Keys, placed: _Placed) -> Iterator[Problem]:
    """References in places where they have no meaning.

    `{ref: main}` may be an ordinary value, so only references that resemble a key are reported.
    """
    if not file.has_references:
        return
    hint = "references are valid only in sourceConnectionSpecIds and targetConnectionSpecIds of a flow spec"
    guesses = 0
    for path, text in stray_references(spec.kind, spec.body):
        if text in keys:
            message = f"{{ref: {text}}} is not resolved at {format_pointer(path)[:200]}"
            yield placed.in_body(file, path, "misplaced-reference", message, hint, Severity.ERROR)
            continue
        guesses += 1
        if guesses <= _MAX_GUESSES and nearest(text[:80], keys):
            message = f"{{ref: {text[:80]}}} is sent unchanged, at {format_pointer(path)[:200]}"
            yield placed.in_body(file, path, "misplaced-reference", message, hint, Severity.WARNING)
