"""A specs folder that remembers what was read of it: a comparison with the commit is then of those bytes, and reads no file twice."""

from __future__ import annotations

import hashlib

from reconciler.desired.tree import Listing, SpecTree


class TreeAsRead:
    """A tree that remembers its first listing, and the name of the content of each file when it was first read.

    `names` has by path the name that git gives to this content, in a repository with SHA-1 names.
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
        if path not in self.names:
            self.names[path] = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
        return data
