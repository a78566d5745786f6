"""What is in the cache folder."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import msgspec

from reconciler.cache.place import CachePlace, Unusable, open_store
from reconciler.cache.segment import SUFFIX


class CacheFile(msgspec.Struct, frozen=True, order=True):
    """A file of the cache as it was listed. `used_at` is when it was last of use."""

    used_at: float
    path: Path
    size: int


def newest_first(place: CachePlace, log: Callable[[str], object]) -> list[CacheFile]:
    """The files of the cache, whether they can be read or not, the one that was used last first."""
    found: list[CacheFile] = []
    for path in names(place, (SUFFIX,), log):
        with suppress(OSError):
            seen = path.lstat()
            if stat.S_ISREG(seen.st_mode):
                found.append(CacheFile(seen.st_mtime, path, seen.st_size))
    return sorted(found, reverse=True)


def remove(paths: Iterable[Path]) -> None:
    """Remove those that can be."""
    for path in paths:
        with suppress(OSError):
            path.unlink()


def names(place: CachePlace, suffixes: tuple[str, ...], log: Callable[[str], object]) -> list[Path]:
    """The files of the cache; none if the folder cannot be used: then the reason is logged."""
    try:
        return listed(place, suffixes)
    except (OSError, Unusable) as error:
        log(reason_at(place, error))
        return []


def listed(place: CachePlace, suffixes: tuple[str, ...]) -> list[Path]:
    """The files of the cache. Raises Unusable, OSError."""
    folder = open_store(place, makes=False)
    return sorted(path for path in folder.iterdir() if path.suffix in suffixes) if folder is not None else []


def reason_at(place: CachePlace, error: Exception) -> str:
    """What an error says of the folder, which it names."""
    return f"{place.root}: {reason(error)}" if isinstance(error, OSError) else str(error)


def reason(error: Exception) -> str:
    """What an error says."""
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else str(error)
