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
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec

from reconciler.cache.listing import CacheFile, listed, names, newest_first, reason, reason_at, remove
from reconciler.cache.place import CachePlace, Unusable, open_store
from reconciler.cache.segment import DRAFT, SUFFIX, Damaged, Draft, Segment

_LOGGER: Final = logging.getLogger("reconciler.cache")
_HOUR: Final = 3600.0
_DAY: Final = 24 * _HOUR


class Limits(msgspec.Struct, frozen=True):
    """The bounds of a cache. What is beyond twice of them is not read either."""

    bytes: int = 512 << 20
    """Of all files together; a merge leaves half of it."""
    files: int = 24
    """From here on files are merged."""
    entries: int = 250_000
    """Entries that are looked up; the index of each takes some 200 bytes of memory."""


_LIMITS: Final = Limits()


class Size(msgspec.Struct, frozen=True):
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
        self._files: list[CacheFile] = []
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
                self._log(f"{segment.path.name}: {reason(error)}")
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
                if self._draft.size + len(value) <= self._limits.bytes and len(self._draft) < self._limits.entries:
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
                    self._reopen()
                    remove([*merged, *self._left_behind()])
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
            remove(names(self._place, (SUFFIX, DRAFT), self._log))

    def _open(self) -> None:
        if self._segments is None:
            self._segments, self._files = [], newest_first(self._place, self._switch_off)
            for segment in _readable(self._files, self._limits, self._log):
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
        size = sum(file.size for file in self._files) + (self._draft.size if self._draft else 0)
        return len(self._files) + 1 > self._limits.files or size > self._limits.bytes

    def _merged(self, draft: Draft) -> list[Path]:
        """Take into the draft what this run used, then what was used lately; the files that are not needed once it is finished."""
        size, number = self._limits.bytes // 2, self._limits.entries
        for key in self._used:
            if key in self._where and draft.size < size and len(draft) < number:
                self._take(draft, key, self._where[key])
        for segment in self._segments or ():
            for key in segment.index:
                if draft.size + segment.index[key][1] > size or len(draft) >= number // 2:
                    break
                self._take(draft, key, segment)
        return [file.path for file in self._files]

    def _left_behind(self) -> Iterator[Path]:
        """What processes that were killed did not finish."""
        for path in names(self._place, (DRAFT,), self._log):
            with suppress(OSError):
                if self._now() - path.lstat().st_mtime > _DAY:
                    yield path

    def _take(self, draft: Draft, key: bytes, segment: Segment) -> None:
        try:
            value = segment.value(key)
        except (OSError, Damaged) as error:
            self._log(f"{segment.path.name}: {reason(error)}")
            return
        draft.add(key, value)

    def _give_up(self, error: Exception) -> None:
        """Write no more in this run: a disk that is full now is full in a moment."""
        self._log(reason_at(self._place, error))
        self._is_off = True
        if self._draft is not None:
            self._draft.discard()
            self._draft = None

    def _switch_off(self, why: str) -> None:
        """Neither read nor write in a folder that cannot be used; say so once."""
        if not self._is_off:
            self._log(why)
            self._is_off = True

    def _log(self, why: str) -> None:
        _LOGGER.info("cache not used: %s", why)


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
    for path in listed(place, (SUFFIX, DRAFT)):
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
    for path in listed(place, (SUFFIX, DRAFT)):
        path.unlink(missing_ok=True)
    return found


def _readable(files: list[CacheFile], limits: Limits, log: Callable[[str], None]) -> Iterator[Segment]:
    """Those that can be read, as far as their number and bytes are within twice the bounds."""
    left = 2 * limits.bytes
    for file in files[: 2 * limits.files]:
        try:
            segment = Segment(file.path)
        except (OSError, Damaged) as error:
            log(f"{file.path.name}: {reason(error)}")
            continue
        left -= segment.size
        if left < 0:
            segment.close()
            return
        yield segment
