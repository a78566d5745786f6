"""States in which a command may find its cache folder: empty, filled, spoilt, of other files, full, or not to be used at all."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

Patch = tuple[str, str, Any]


@dataclass(frozen=True, slots=True)
class CacheState:
    """How the folder is left for each command.

    `fills` runs every command once before, with the cache in use, with `of_before` on the files of the first commit. `filled_by` are
    patches of those runs, `patches` those of the commands themselves, and `spoil` changes the folder before each command.
    """

    fills: bool = True
    of_before: bool = False
    filled_by: tuple[Patch, ...] = ()
    patches: tuple[Patch, ...] = ()
    spoil: Callable[[Path, random.Random], None] = lambda _folder, _rng: None


def flip(folder: Path, rng: random.Random) -> None:
    """Other bits in some bytes of each file."""
    for file in files_in(folder):
        data = bytearray(file.read_bytes())
        for at in rng.sample(range(len(data)), min(len(data), rng.randint(1, 20))):
            data[at] ^= 1 << rng.randrange(8)
        write_over(file, bytes(data))


def cut(folder: Path, rng: random.Random) -> None:
    """Each file ends too early."""
    for file in files_in(folder):
        data = file.read_bytes()
        write_over(file, data[: rng.randrange(len(data) + 1)])


def swap(folder: Path, rng: random.Random) -> None:
    """Two stretches of each file change places."""
    for file in files_in(folder):
        data = file.read_bytes()
        at, width = rng.randrange(len(data) or 1), rng.randint(1, 64)
        write_over(file, data[:at] + data[at + width : at + 2 * width] + data[at : at + width] + data[at + 2 * width :])


def open_to_others(folder: Path, _rng: random.Random) -> None:
    """Anybody may write there."""
    if folder.exists():
        folder.chmod(0o777)


def a_file(folder: Path, _rng: random.Random) -> None:
    """A file is where the folder should be."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_bytes(b"")


def read_only(folder: Path, _rng: random.Random) -> None:
    """Nobody but root may write there."""
    for one in (*folder.rglob("*"), folder):
        if one.exists():
            one.chmod(0o500 if one.is_dir() else 0o400)


def files_in(folder: Path) -> Iterable[Path]:
    """All files in a cache folder."""
    return sorted(file for file in folder.rglob("*") if file.is_file())


def write_over(file: Path, data: bytes) -> None:
    """Another file in the place of this one, as somebody who may write there leaves it."""
    file.unlink()
    file.write_bytes(data)
    file.chmod(0o600)


def remove(folder: Path) -> None:
    """The folder with all in it, whatever it has become."""
    if folder.is_dir():
        for one in (folder, *folder.rglob("*")):
            one.chmod(0o700)
        shutil.rmtree(folder)
    folder.unlink(missing_ok=True)


FEW_ARE_KEPT: Final[Patch] = ("reconciler.desired.kept", "FEWEST", 1)
"""Files are looked up in the cache, however few there are."""
_NO_SPACE: Final = {"errno": 28}
FULL: Final[tuple[Patch, ...]] = (("reconciler.cache.segment", "Draft.add", _NO_SPACE),)
FULL_AT_THE_END: Final[tuple[Patch, ...]] = (("reconciler.cache.segment", "Draft.finish", _NO_SPACE),)
ANOTHER_VERSION: Final[tuple[Patch, ...]] = (("reconciler.cache.version", "LIBRARIES", ["another"]),)
STATES: Final[dict[str, CacheState]] = {
    "empty cache": CacheState(fills=False),
    "filled cache": CacheState(),
    "cache of the first commit": CacheState(of_before=True),
    "cache of another version": CacheState(filled_by=ANOTHER_VERSION),
    "cache with other bits": CacheState(spoil=flip),
    "cache that is cut": CacheState(spoil=cut),
    "cache that is mixed up": CacheState(spoil=swap),
    "cache that others may write": CacheState(spoil=open_to_others),
    "cache that is read-only": CacheState(spoil=read_only),
    "cache on a full disk": CacheState(fills=False, patches=FULL),
    "cache on a disk that is full at the end": CacheState(fills=False, patches=FULL_AT_THE_END),
    "file for a cache": CacheState(fills=False, spoil=a_file),
}
