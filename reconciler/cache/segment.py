"""One file of the cache: entries, written once and never changed.

    magic, 8 bytes
    the values, one after the other
    an index: for each entry its key, the offset and length of its value, and its checksum
    a footer: the number of entries, the offset of the index, the checksum of the index

A file is written under another name and then renamed, so a reader finds it whole or not at all. Nothing in it is trusted: the index is
checked as a whole when the file is opened, and each value with its key when it is read.
"""

from __future__ import annotations

import hashlib
import os
import stat
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from reconciler.disk import open_regular

KEY_BYTES: Final = 32
"""The size of a key, a SHA-256."""
MAX_SEGMENT: Final = 1 << 30
"""Bytes of a file; a larger one is not read."""
SUFFIX: Final = ".seg"
DRAFT: Final = ".draft"
_MAGIC: Final = b"reconc1\n"
_SUM_BYTES: Final = 16
_ENTRY: Final = struct.Struct(f"<{KEY_BYTES}sQI{_SUM_BYTES}s")
_FOOTER: Final = struct.Struct(f"<IQ{_SUM_BYTES}s")


class Damaged(Exception):
    """The file, or an entry in it, is not what was written."""


def checksum(key: bytes, value: bytes) -> bytes:
    """The checksum of an entry. Key and value are in it, so a value under another key does not pass."""
    return hashlib.sha256(key + value).digest()[:_SUM_BYTES]


class Segment:
    """An open file of the cache. Raises OSError or Damaged."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = open_regular(path, MAX_SEGMENT, follow=False)
        try:
            found = os.fstat(self._file.fileno())
            _check(found)
            self.size = found.st_size
            self.used_at = found.st_mtime
            self.index = _index_of(self._file, self.size)
        except BaseException:
            self._file.close()
            raise

    def value(self, key: bytes) -> bytes:
        """The value of this key, which is in the index. Raises Damaged if it is not what was written."""
        offset, length, written = self.index[key]
        self._file.seek(offset)
        value = self._file.read(length)
        if len(value) != length or checksum(key, value) != written:
            raise Damaged("an entry does not match its checksum")
        return value

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _check(found: os.stat_result) -> None:
    if hasattr(os, "geteuid") and (found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o022):
        raise Damaged("other users can write to it")


def _index_of(file: BinaryIO, size: int) -> dict[bytes, tuple[int, int, bytes]]:
    if size < len(_MAGIC) + _FOOTER.size or file.read(len(_MAGIC)) != _MAGIC:
        raise Damaged("it is not a file of this cache")
    file.seek(size - _FOOTER.size)
    footer = file.read(_FOOTER.size)
    if len(footer) != _FOOTER.size:
        raise Damaged("it is cut off")
    number, at, written = _FOOTER.unpack(footer)
    if at + number * _ENTRY.size + _FOOTER.size != size:
        raise Damaged("its index is not where the footer says")
    file.seek(at)
    data = file.read(number * _ENTRY.size)
    if len(data) != number * _ENTRY.size or checksum(b"", data) != written:
        raise Damaged("its index does not match its checksum")
    return {
        key: (offset, length, value_sum)
        for key, offset, length, value_sum in _ENTRY.iter_unpack(data)
        if len(_MAGIC) <= offset and offset + length <= at
    }


class Draft:
    """A file of the cache in the making. Values go to the disk as they come, so that memory holds only the index. Raises OSError."""

    def __init__(self, folder: Path) -> None:
        self._name = os.urandom(12).hex()
        self._folder = folder
        self._path = folder / f"{self._name}{DRAFT}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        self._file = os.fdopen(os.open(self._path, flags, 0o600), "wb")
        self._index: dict[bytes, bytes] = {}
        self._at = self._file.write(_MAGIC)

    def __len__(self) -> int:
        return len(self._index)

    @property
    def size(self) -> int:
        """Bytes of the values so far."""
        return self._at

    def add(self, key: bytes, value: bytes) -> None:
        """Add an entry, unless there is one with its key."""
        if key not in self._index:
            self._file.write(value)
            self._index[key] = _ENTRY.pack(key, self._at, len(value), checksum(key, value))
            self._at += len(value)

    def keys(self) -> Iterator[bytes]:
        """The keys so far."""
        return iter(self._index)

    def finish(self) -> Path:
        """Give the file its name; readers can find it from now on."""
        index = b"".join(self._index.values())
        self._file.write(index + _FOOTER.pack(len(self._index), self._at, checksum(b"", index)))
        self._file.close()
        path = self._folder / f"{self._name}{SUFFIX}"
        self._path.replace(path)
        return path

    def discard(self) -> None:
        """Remove what was written."""
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._path.unlink()
