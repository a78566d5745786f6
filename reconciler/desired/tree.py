"""Sources of spec files: a folder on disk, or (in `commit_tree`) the same folder in a commit."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import msgspec

from reconciler.desired.files import PROOFS, SPEC_FOLDERS
from reconciler.disk import Unfit, read_most
from reconciler.errors import Problem, Severity
from reconciler.texts.reading import MAX_BYTES

_READ_FOLDERS: Final = SPEC_FOLDERS | {PROOFS}


class Unreadable(Exception):
    """A file that cannot or must not be read; `problem` gives the reason, without a position."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.problem = Problem(Severity.ERROR, code, message, hint=hint)


_LINKED_FOLDER: Final = Unreadable(
    "link", "this link points to a folder, and links to folders are not followed", "replace the link with the files"
).problem


class Listing(msgspec.Struct, frozen=True):
    """The content of a tree: sorted file paths, and the paths that could not be read with the reason."""

    paths: tuple[str, ...]
    problems: tuple[tuple[str, Problem], ...] = ()
    """Path and problem."""
    links: frozenset[str] = frozenset()
    """Those of the paths that are links."""


class SpecTree(Protocol):
    """A folder of spec files. Paths are relative to it, in POSIX form."""

    def listing(self) -> Listing:
        """All files except hidden ones."""

    def read(self, path: str) -> bytes:
        """The bytes of one file. Raises Unreadable."""


@dataclass(frozen=True, slots=True)
class GivenFiles:
    """A tree of files in memory, by path."""

    files: Mapping[str, bytes]

    def listing(self) -> Listing:
        return Listing(tuple(sorted(self.files)))

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise Unreadable("unreadable", "there is no such file", "name another")
        return self.files[path]


class WorkingTree(msgspec.Struct, frozen=True):
    """The specs folder on disk. Only regular files are read, and links that leave the folder are not followed."""

    root: Path

    def listing(self) -> Listing:
        paths: list[str] = []
        problems: list[tuple[str, Problem]] = []
        links: list[str] = []
        folders = [""]
        while folders:
            folder = folders.pop()
            try:
                for entry in self._entries(folder):
                    path = f"{folder}/{entry.name}" if folder else entry.name
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(path)
                    elif not entry.is_symlink():
                        paths.append(path)
                    elif not entry.is_dir():
                        links.append(path)
                    elif path.partition("/")[0] in _READ_FOLDERS:
                        problems.append((path, _LINKED_FOLDER))
            except OSError as error:
                problems.append((folder or ".", _unreadable(error, "folder").problem))
        in_order = tuple(sorted(problems, key=lambda problem: problem[0]))
        return Listing(tuple(sorted([*paths, *links])), in_order, frozenset(links))

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        if not folder and not self.root.is_dir():
            return []
        with os.scandir(self._place(folder)) as entries:
            return [entry for entry in entries if not entry.name.startswith(".")]

    def _place(self, path: str) -> str:
        """The path as a string: with ten thousand files, a `Path` of each takes longer than to read it."""
        return os.path.join(self.root, path)  # noqa: PTH118

    def read(self, path: str) -> bytes:
        try:
            return _read_regular(self._place(path))
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise _unreadable(error) from None
        try:
            return _read_regular(self._linked(path))
        except OSError as error:
            raise _unreadable(error) from None

    def _linked(self, path: str) -> Path:
        root = self.root.resolve()
        linked = Path(os.path.realpath(self.root / path, strict=True))
        if not linked.is_relative_to(root):
            raise Unreadable("link", "this link points outside the specs folder", "replace the link with the file")
        return linked


def _read_regular(file: Path | str) -> bytes:
    try:
        return read_most(file, MAX_BYTES + 1, follow=False)
    except Unfit as error:
        if error.errno == errno.ELOOP:
            raise
        raise Unreadable(
            "not-a-file", "this must be a regular file, not a device, pipe or folder", "remove it, or give it another name"
        ) from None


def _unreadable(error: OSError, what: str = "file") -> Unreadable:
    reason = error.strerror or type(error).__name__
    return Unreadable("unreadable", f"cannot read this {what}: {reason}", "check that it exists and is readable")
