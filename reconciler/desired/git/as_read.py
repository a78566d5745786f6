"""A specs folder that is the same for a whole command: a comparison with the commit is of the bytes that were read, and of no others."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from reconciler.desired.git.commit_tree import LINK_MODE, Entry
from reconciler.desired.tree import Listing, SpecTree, Unreadable


class TreeAsRead:
    """A tree that remembers its first listing, and the name of the content of each file when it was first read.

    A file with other content than before is unreadable: a file may be looked up, parsed and placed in several readings, and what is
    concluded from one must hold for all. `names` has by path the name that git gives to this content, in a repository with SHA-1 names.
    """

    def __init__(self, tree: SpecTree) -> None:
        self._tree = tree
        self._listing: Listing | None = None
        self.names: dict[str, str] = {}

    def listing(self) -> Listing:
        if self._listing is None:
            self._listing = self._tree.listing()
        return self._listing

    def read(self, path: str) -> bytes:
        data = self._tree.read(path)
        name = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
        if self.names.setdefault(path, name) != name:
            raise Unreadable("unreadable", "this file changed after it was first read", "run the command again")
        return data

    def is_named(self, path: str, entries: Mapping[str, Entry]) -> bool:
        """Whether this file was read, with the content that it has among these entries of a commit. False means only perhaps not."""
        entry = entries.get(path)
        return entry is not None and entry.mode != LINK_MODE and self.names.get(path) == entry.name
