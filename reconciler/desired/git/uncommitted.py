"""Spec files that differ from the checked-out commit.

File contents are compared, not git's index: an apply sends the contents. Line endings are ignored, because git may convert them and they
do not change the meaning of a spec.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from reconciler.desired.files import SETTINGS_FILES, Form, form_of
from reconciler.desired.git.as_read import TreeAsRead
from reconciler.desired.git.blobs import Blobs
from reconciler.desired.git.commit_tree import LINK_MODE, Entry
from reconciler.desired.tree import Unreadable, WorkingTree

_SPECS: Final = frozenset({Form.ENVELOPE, Form.ARTIFACT})
_SHA1_LENGTH: Final = 40


class Uncommitted(msgspec.Struct, frozen=True):
    """Paths relative to the specs folder: spec files with uncommitted content, and files that are deleted but still committed.

    `why_not` says why this is unknown. `settings` is whether reconciler.yaml differs too; of its content only `retired` causes writes.
    """

    changed: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    why_not: str | None = None
    settings: bool = False

    def __bool__(self) -> bool:
        return bool(self.changed or self.gone or self.why_not)

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(self.changed | self.gone))


NOTHING: Final = Uncommitted()


def compare_with_commit(
    specs_dir: Path, committed: Mapping[str, Entry], blobs: Blobs, seen: TreeAsRead | None = None
) -> Uncommitted:
    """The spec files of this folder that differ from the files of a commit. What was `seen` of the folder is not read again."""
    tree = TreeAsRead(WorkingTree(specs_dir)) if seen is None else seen
    here = {path for path in tree.listing().paths if form_of(path) in _SPECS}
    there = {path for path in committed if form_of(path) in _SPECS}
    comparison = _Comparison(specs_dir, committed, blobs, tree)
    changed = {path for path in here if not comparison.is_committed(path)}
    settings = [path for path in sorted(SETTINGS_FILES) if (specs_dir / path).exists()]
    settings_differ = any(not comparison.is_committed(path) for path in settings)
    return Uncommitted(frozenset(changed), frozenset(there - here), settings=settings_differ)


class _Comparison(msgspec.Struct, frozen=True):
    specs_dir: Path
    committed: Mapping[str, Entry]
    blobs: Blobs
    tree: TreeAsRead

    def is_committed(self, path: str) -> bool:
        """Whether a file matches the commit; for a link, whether both the link and its target do."""
        try:
            if path not in self.tree.listing().links:
                return self.tree.is_named(path, self.committed) or self._has(path, self.tree.read(path))
            file, root = self.specs_dir / path, os.path.realpath(self.specs_dir)
            leads_to = os.path.relpath(os.path.realpath(file), root)
            entry = self.committed.get(path)
            if entry is None or entry.mode != LINK_MODE or _name_of(os.fsencode(file.readlink()), entry) != entry.name:
                return False
            return self._has(leads_to, self.tree.read(path))
        except (OSError, Unreadable):
            return False

    def _has(self, path: str, data: bytes) -> bool:
        entry = self.committed.get(path)
        if entry is None or entry.mode == LINK_MODE:
            return False
        if _name_of(data, entry) == entry.name:
            return True
        if b"\r\n" in data:
            return _name_of(_with_line_feeds(data), entry) == entry.name
        then = self.blobs.read(entry.name)
        return then is not None and b"\r\n" in then and _with_line_feeds(then) == data


def _with_line_feeds(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n")


def _name_of(data: bytes, entry: Entry) -> str:
    """The object name that git gives to this content, in the object format of that entry."""
    algorithm = hashlib.sha1 if len(entry.name) == _SHA1_LENGTH else hashlib.sha256
    return algorithm(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
