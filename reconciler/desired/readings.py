"""The files of a specs folder for a run over several targets: listed, parsed and compared with git once, whatever the number of targets."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TypeVar, cast

from reconciler.desired.layers import Layers
from reconciler.desired.tree import Listing, SpecTree
from reconciler.texts.json import read_json
from reconciler.texts.reading import Reading
from reconciler.texts.yaml import read_yaml

_T = TypeVar("_T")
FOUND = "found in the cache"
"""The name of the set of the paths that were found there, in `once`."""


class Readings:
    """Parsed files by path, and what else is the same for all targets. Thread-safe. The values are shared, so nobody may change them.

    `run` are the targets of the run with their layers, if they are known: files may be made for all of them at once.
    """

    def __init__(self, run: Iterable[tuple[str, Layers]] = ()) -> None:
        self.run = dict(run)
        self._lock = threading.RLock()
        self._reading = threading.Lock()
        self._parsed: dict[str, tuple[bytes, Reading]] = {}
        self._finding: dict[str, threading.Lock] = {}
        self._found: dict[str, object] = {}
        self._kept: dict[str, object] = {}

    def once(self, what: str, find: Callable[[], _T]) -> _T:
        """What `find` returned when a target of the run first asked for it; `what` names it, and always with the same type."""
        with self._lock:
            finding = self._finding.setdefault(what, threading.Lock())
        with finding:
            if what not in self._found:
                self._found[what] = find()
            return cast("_T", self._found[what])

    def one_at_a_time(self) -> threading.Lock:
        """For a target that reads the files in this process: if several did at once, they would all make the same of them."""
        return self._reading

    def known(self, path: str, shape: type[_T]) -> _T | None:
        """What another target of the run kept of this file, because it is the same for all; None if nothing was kept."""
        kept = self._kept.get(path)
        return kept if isinstance(kept, shape) else None

    def keep(self, path: str, made: object) -> None:
        """Keep what was made of a file for all targets."""
        self._kept[path] = made

    def parsed_in_this_run(self) -> Readings:
        """These, or if something in them came from the cache, others without it, which are the same for all who ask."""
        return self.once("parsed in this run", lambda: Readings(self.run.items())) if self.once(FOUND, set) else self

    def listing(self, tree: SpecTree) -> Listing:
        """The files of the tree, as they were when a target of the run first listed them."""
        return self.once("listing", tree.listing)

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
