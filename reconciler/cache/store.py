"""The cache: values by key, in files of the user's cache folder.

A cache is never needed. What cannot be read, written or trusted is as good as absent, and the only trace is a line of the log. Each run
that has something new writes one file; from time to time the files are merged into one, and what was not used for longest goes. Several
processes may use a folder at once: nobody changes a file, and a file that another process removed is still readable where it is open.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reconciler.cache.place import CachePlace, Unusable, open_store
from reconciler.cache.segment import DRAFT, SUFFIX, Damaged, Draft, Segment

LOGGER: Final = logging.getLogger("reconciler.cache")
_HOUR: Final = 3600.0
_DAY: Final = 24 * _HOUR


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of a cache. What is beyond twice of them is not read either."""

    bytes: int = 512 << 20
    """Of all files together; a merge leaves half of it."""
    files: int = 24
    """From here on files are merged."""
    entries: int = 250_000
    """Entries that are looked up; the index of each takes some 200 bytes of memory."""


_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Size:
    """What is in the folder."""

    files: int = 0
    entries: int = 0
    bytes: int = 0


class Cache:
    """An open cache. Thread-safe. No method raises for what is wrong with the folder or its files."""

    def __init__(
        self,
        place: CachePlace,
        limits: Limits = _LIMITS,
        now: Callable[[], float] = time.time,
        draft: Callable[[Path], Draft] = Draft,
    ) -> None:
        self._place = place
        self._limits = limits
        self._now = now
        self._new_draft = draft
        self._lock = threading.RLock()
        self._segments: list[Segment] | None = None
        self._where: dict[bytes, Segment] = {}
        self._used: dict[bytes, None] = {}
        self._draft: Draft | None = None
        self._is_off = False

    def get(self, key: bytes) -> bytes | None:
        """The value of this key, as it was put; None if there is none."""
        with self._lock:
            self._open()
            segment = self._where.get(key)
            if segment is None:
                return None
            try:
                value = segment.value(key)
            except (OSError, Damaged) as error:
                self._log(f"{segment.path.name}: {_reason(error)}")
                del self._where[key]
                return None
            self._used[key] = None
            return value

    def put(self, key: bytes, value: bytes) -> None:
        """Keep a value. Others can read it after `save`."""
        with self._lock:
            if self._is_off:
                return
            try:
                if self._draft is None:
                    folder = open_store(self._place, makes=True)
                    if folder is None:
                        self._is_off = True
                        return
                    self._draft = self._new_draft(folder)
                if self._draft.size + len(value) <= self._limits.bytes:
                    self._draft.add(key, value)
            except (OSError, Unusable) as error:
                self._give_up(error)

    def save(self) -> None:
        """Make what was put readable for others, and clean up. The cache can be used on."""
        with self._lock:
            self._open()
            try:
                self._touch()
                if self._draft is not None and len(self._draft):
                    merged = self._merged(self._draft) if self._is_due() else []
                    self._draft.finish()
                    self._draft = None
                    _remove(merged)
                    self._reopen()
            except (OSError, Unusable) as error:
                self._give_up(error)

    def close(self) -> None:
        """Forget what was not saved, and close the files."""
        with self._lock:
            if self._draft is not None:
                self._draft.discard()
                self._draft = None
            self._reopen()

    def drop(self) -> None:
        """Remove every file of the cache, and use it no longer."""
        with self._lock:
            self.close()
            self._is_off, self._segments = True, []
            _remove(_files(self._place, (SUFFIX, DRAFT)))

    def _open(self) -> None:
        if self._segments is None:
            self._segments = []
            for segment in _newest_first(self._place, self._limits, self._log):
                if len(self._where) + len(segment.index) > self._limits.entries:
                    segment.close()
                    continue
                self._segments.append(segment)
                for key in segment.index:
                    self._where.setdefault(key, segment)

    def _reopen(self) -> None:
        for segment in self._segments or ():
            segment.close()
        self._segments = None
        self._where.clear()

    def _touch(self) -> None:
        """Note which files were of use: a merge keeps their entries first. At most once an hour."""
        old = {self._where[key] for key in self._used if key in self._where}
        now = self._now()
        for segment in old:
            if now - segment.used_at > _HOUR:
                with suppress(OSError):
                    os.utime(segment.path, (now, now))

    def _is_due(self) -> bool:
        files = self._segments or []
        size = sum(segment.size for segment in files) + (self._draft.size if self._draft else 0)
        return len(files) + 1 > self._limits.files or size > self._limits.bytes

    def _merged(self, draft: Draft) -> list[Path]:
        """Take into the draft what this run used, then what was used lately; the files that are not needed once it is finished."""
        segments = list(self._segments or ())
        for key in self._used:
            if key in self._where and draft.size < self._limits.bytes // 2:
                self._take(draft, key, self._where[key])
        for segment in segments:
            for key in segment.index:
                if draft.size + segment.index[key][1] > self._limits.bytes // 2:
                    break
                self._take(draft, key, segment)
        return [*(segment.path for segment in segments), *self._left_behind()]

    def _left_behind(self) -> Iterator[Path]:
        """What processes that were killed did not finish."""
        for path in _files(self._place, (DRAFT,)):
            with suppress(OSError):
                if self._now() - path.lstat().st_mtime > _DAY:
                    yield path

    def _take(self, draft: Draft, key: bytes, segment: Segment) -> None:
        try:
            draft.add(key, segment.value(key))
        except Damaged as error:
            self._log(f"{segment.path.name}: {_reason(error)}")

    def _give_up(self, error: Exception) -> None:
        """Write no more in this run: a disk that is full now is full in a moment."""
        self._log(_reason(error))
        self._is_off = True
        if self._draft is not None:
            self._draft.discard()
            self._draft = None

    def _log(self, reason: str) -> None:
        LOGGER.info("cache not used: %s", reason)


@contextmanager
def opened(place: CachePlace) -> Iterator[Cache | None]:
    """The cache, for as long as the context is open, and saved at its end unless that is an exception; None if it is off."""
    if place.store is None:
        yield None
        return
    cache = Cache(place)
    try:
        yield cache
        cache.save()
    finally:
        cache.close()


def size_of(place: CachePlace) -> Size:
    """What is in the folder. Damaged files count with their bytes. Raises Unusable, OSError."""
    entries, files, used = 0, 0, 0
    for path in _listed(place, (SUFFIX, DRAFT)):
        with suppress(OSError):
            used += path.lstat().st_size
            files += 1
        with suppress(OSError, Damaged):
            segment = Segment(path)
            entries += len(segment.index)
            segment.close()
    return Size(files, entries, used)


def clear(place: CachePlace) -> Size:
    """Remove every file of the cache; what was removed. Raises Unusable, and OSError if a file cannot be removed."""
    found = size_of(place)
    for path in _listed(place, (SUFFIX, DRAFT)):
        path.unlink(missing_ok=True)
    return found


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        with suppress(OSError):
            path.unlink()


def _newest_first(place: CachePlace, limits: Limits, log: Callable[[str], None]) -> Iterator[Segment]:
    """The files that can be read, the one that was used last first, as far as their number and bytes are within twice the bounds."""
    found: list[tuple[float, Path]] = []
    for path in _files(place, (SUFFIX,)):
        with suppress(OSError):
            found.append((path.lstat().st_mtime, path))
    left = 2 * limits.bytes
    for _, path in sorted(found, reverse=True)[: 2 * limits.files]:
        try:
            segment = Segment(path)
        except (OSError, Damaged) as error:
            log(f"{path.name}: {_reason(error)}")
            continue
        left -= segment.size
        if left < 0:
            segment.close()
            return
        yield segment


def _files(place: CachePlace, suffixes: tuple[str, ...]) -> list[Path]:
    """The files of the cache; none if the folder cannot be used."""
    try:
        return _listed(place, suffixes)
    except (OSError, Unusable) as error:
        LOGGER.info("cache not used: %s", _reason(error))
        return []


def _listed(place: CachePlace, suffixes: tuple[str, ...]) -> list[Path]:
    """The files of the cache. Raises Unusable, OSError."""
    folder = open_store(place, makes=False)
    return sorted(path for path in folder.iterdir() if path.suffix in suffixes) if folder is not None else []


def _reason(error: Exception) -> str:
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else str(error)
