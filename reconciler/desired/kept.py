"""Spec files as an earlier run read them, found by their content.

The key is the SHA-256 of everything that decides what is read: the code, the bytes of the file, its path, and of the settings what the
file can depend on. So an entry is never out of date: a file that changed has another key. A file that is the same for all targets has one
entry, any other has one for each target.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from typing import Final

import msgspec

from reconciler.cache.store import Cache
from reconciler.cache.version import reader_version
from reconciler.desired.files import Form
from reconciler.desired.layers import Layers
from reconciler.desired.packing import NotPacked, pack, unpack
from reconciler.desired.readings import FOUND
from reconciler.desired.spec_file import SpecFile, View
from reconciler.desired.tree import SpecTree, Unreadable
from reconciler.documents.json_text import Json, encode_sorted

FEWEST: Final = 16
"""With fewer files than that, they are parsed in the time that a look into the cache takes."""


class _Content(msgspec.Struct, frozen=True):
    """The bytes of a file as they were when they were looked up."""

    key: bytes
    checksum: int


class KeptFiles:
    """The files of one specs folder for one target. `found` are the paths of those that were not parsed in this run.

    Targets that share readings share `found`.
    """

    def __init__(self, cache: Cache, view: View) -> None:
        self._cache = cache
        self._view = view
        self.found: set[str] = view.readings.once(FOUND, set) if view.readings is not None else set()
        self._contents: dict[str, _Content] = {}
        self._for_all = self._for_target = b""

    def known(self, tree: SpecTree, wanted: Mapping[str, Form]) -> dict[str, SpecFile]:
        """Those of these files that an earlier run read, by path. The others have to be read, also those whose bytes cannot be read."""
        files: dict[str, SpecFile] = {}
        if len(wanted) < FEWEST or (version := reader_version()) is None:
            return files
        view, layers = self._view, self._view.layers
        others = {name: _told(one) for name, one in layers.others.items()}
        self._for_all = _digest(version, [view.display_prefix, sorted(view.targets), sorted(layers.names)])
        self._for_target = _digest(version, [view.target, *_told(layers), others])
        for path, form in wanted.items():
            if (file := self._known(tree, path, form)) is not None:
                files[path] = file
        return files

    def _known(self, tree: SpecTree, path: str, form: Form) -> SpecFile | None:
        readings = self._view.readings
        if readings is not None and (shared := readings.known(path, SpecFile)) is not None:
            return shared
        try:
            content = self._content(tree, path)
        except Unreadable:
            return None
        for is_for_all in (True, False):
            key = content.key if is_for_all else self._of_target(content)
            file = self._found(key, content, tree, path, form)
            if file is not None and file.is_for_all is is_for_all:
                self.found.add(path)
                if readings is not None and is_for_all:
                    readings.keep(path, file)
                return file
        self._contents[path] = content
        return None

    def keep(self, file: SpecFile) -> None:
        """Keep a file that was not known. One that changed after it was looked up is not kept."""
        content = self._contents.get(file.path)
        if content is None or content.checksum != file.source.checksum:
            return
        try:
            self._cache.put(content.key if file.is_for_all else self._of_target(content), pack(file))
        except NotPacked:
            return

    def _content(self, tree: SpecTree, path: str) -> _Content:
        readings = self._view.readings
        if readings is None:
            return self._read(tree, path)
        return readings.once(f"content {path}", lambda: self._read(tree, path))

    def _read(self, tree: SpecTree, path: str) -> _Content:
        data = tree.read(path)
        name = path.encode("utf-8", "surrogateescape")
        digest = hashlib.sha256(self._for_all + len(name).to_bytes(8) + name)
        digest.update(data)
        return _Content(digest.digest(), zlib.crc32(data))

    def _of_target(self, content: _Content) -> bytes:
        return hashlib.sha256(self._for_target + content.key).digest()

    def _found(self, key: bytes, content: _Content, tree: SpecTree, path: str, form: Form) -> SpecFile | None:
        value = self._cache.get(key)
        try:
            file = None if value is None else unpack(value, tree, path, form, self._view)
        except NotPacked:
            return None
        return file if file is not None and file.source.checksum == content.checksum else None


def _told(layers: Layers) -> list[Json]:
    return [list(layers.order), dict(layers.variables)]


def _digest(version: bytes, value: Json) -> bytes:
    return hashlib.sha256(version + encode_sorted(value)).digest()
