"""The memory of a process and of all that it starts, looked at while they run. Linux only: elsewhere it sees nothing."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_SECONDS: Final = 0.05
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_MEBIBYTE: Final = 1 << 20
_PROC: Final = Path("/proc")


class Peak:
    """The largest sum of resident memory that was seen, in MiB."""

    def __init__(self) -> None:
        self.mebibytes = 0.0

    def look(self, pid: int) -> None:
        """Count the process and its descendants as they are now."""
        pages = sum(_resident_pages(one) for one in _family(pid))
        self.mebibytes = max(self.mebibytes, pages * _PAGE / _MEBIBYTE)


@contextmanager
def peak_of(pid: int) -> Iterator[Peak]:
    """The peak of this process and its descendants, for as long as the context is open; a short peak may be missed."""
    peak, ended = Peak(), threading.Event()

    def watch() -> None:
        while not ended.wait(_SECONDS):
            peak.look(pid)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()


def _family(pid: int) -> list[int]:
    """The process and its descendants, but for those that have not begun their own program yet: their memory is that of their parent."""
    found = [pid]
    for one in found:
        try:
            for tasks in (_PROC / str(one) / "task").glob("*/children"):
                found += [child for child in map(int, tasks.read_text().split()) if _command(child) != _command(one)]
        except OSError:  # it has ended, or a thread of it has
            continue
    return found


def _command(pid: int) -> bytes:
    return (_PROC / str(pid) / "cmdline").read_bytes()


def _resident_pages(pid: int) -> int:
    try:
        return int((_PROC / str(pid) / "statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
