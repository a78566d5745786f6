"""The files of a specs folder as parsed, for a run over several targets: bytes are parsed once, whatever the number of targets."""

from __future__ import annotations

import threading

from reconciler.desired.tree import SpecTree
from reconciler.texts.json import read_json
from reconciler.texts.reading import Reading
from reconciler.texts.yaml import read_yaml


class Readings:
    """Parsed files by path. Thread-safe. The values are shared, so nobody may change them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parsed: dict[str, tuple[bytes, Reading]] = {}

    def of(self, tree: SpecTree, path: str, *, is_json: bool) -> tuple[bytes, Reading]:
        """The bytes of a file and what they say, as they were when a target of the run first read them.

        Raises Unreadable if its bytes cannot be read.
        """
        with self._lock:
            if path not in self._parsed:
                self._parsed[path] = parsed(tree.read(path), is_json=is_json)
            return self._parsed[path]


def parsed(data: bytes, *, is_json: bool) -> tuple[bytes, Reading]:
    """These bytes and what they say."""
    return data, read_json(data) if is_json else read_yaml(data)
