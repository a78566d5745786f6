"""The specs folder as of a commit."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

import msgspec

from reconciler.desired.git.blobs import Blobs
from reconciler.desired.git.command import Git
from reconciler.desired.tree import Listing, Unreadable

LINK_MODE: Final = "120000"
_SUBMODULE_MODE: Final = "160000"
_NAMES: Final = {LINK_MODE: "a link", _SUBMODULE_MODE: "a submodule"}
_MAX_LINKS: Final = 8


class UnreadableTree(Exception):
    """The content of a commit's folder cannot be determined; the message gives the reason."""


class Entry(msgspec.Struct, frozen=True):
    """A file of a commit: its mode and its object name."""

    mode: str
    name: str


class CommitTree(msgspec.Struct, frozen=True):
    """The folder as of a commit; contents are read through the given blobs."""

    entries: Mapping[str, Entry]
    blobs: Blobs

    @classmethod
    def of(cls, git: Git, commit: str, prefix: str, blobs: Blobs) -> CommitTree:
        """The folder `prefix` (relative to the repository's root, empty for the root) in this commit; empty if it does not exist there.

        Raises UnreadableTree if objects are missing or if the path is not a folder.
        """
        place = prefix.rstrip("/")
        entries = cls.everything(git, commit, place)
        if place in entries:
            raise UnreadableTree(f"{place} is {_NAMES.get(entries[place].mode, 'a file')} in that commit, not a folder")
        return cls({path.removeprefix(prefix): entry for path, entry in entries.items() if entry.mode != _SUBMODULE_MODE}, blobs)

    @staticmethod
    def everything(git: Git, commit: str, below: str = "") -> Mapping[str, Entry]:
        """All files of a commit, or those of one folder, by path relative to the root. Raises UnreadableTree."""
        answer = git.ask("ls-tree", "-r", "-z", "--full-tree", commit, *(("--", below) if below else ()))
        if not answer.ok:
            reason = "its folders are missing from this clone, or unreadable" if answer.code is not None else answer.error
            raise UnreadableTree(reason if answer.error else "git did not respond")
        entries: dict[str, Entry] = {}
        for record in answer.output.split(b"\0"):
            head, _, path = record.partition(b"\t")
            if not path:
                continue
            mode, kind, name = head.decode("ascii").split()
            if kind in {"blob", "commit"}:
                entries[path.decode("utf-8", "surrogateescape")] = Entry(mode, name)
        return entries

    def listing(self) -> Listing:
        shown = (path for path in self.entries if not any(part.startswith(".") for part in PurePosixPath(path).parts))
        return Listing(tuple(sorted(shown)))

    def read(self, path: str) -> bytes:
        entry = self._followed(path)
        data = self.blobs.read(entry.name)
        if data is None:
            raise Unreadable("unreadable", "this file's content is not in the local history", "fetch the whole history")
        return data

    def _followed(self, path: str) -> Entry:
        for _ in range(_MAX_LINKS):
            entry = self.entries.get(path)
            if entry is None:
                raise Unreadable(
                    "link", "this link does not point to a file in the specs folder", "replace the link with the file"
                )
            if entry.mode != LINK_MODE:
                return entry
            leads_to = (self.blobs.read(entry.name) or b"").decode("utf-8", "surrogateescape")
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), leads_to))
        raise Unreadable("link", "these links form a loop", "replace the link with the file")


class CommitFiles(msgspec.Struct, frozen=True):
    """Single files of a folder in a commit, read without listing the folder. Symbolic links are not followed."""

    commit: str
    prefix: str
    """Relative to the repository's root, with a trailing slash; empty for the root."""
    blobs: Blobs
    names: Mapping[str, Entry] = msgspec.field(default_factory=dict)
    """The entries of the folder by path, as far as they are known: git reads a file by its object's name without looking for it."""

    def listing(self) -> Listing:
        return Listing(())

    def read(self, path: str) -> bytes:
        entry = self.names.get(path)
        data = self.blobs.read(entry.name) if entry else self.blobs.read_at(self.commit, self.prefix + path)
        if data is None:
            raise Unreadable("unreadable", "this file is not in that commit's local history", "fetch the whole history")
        return data
