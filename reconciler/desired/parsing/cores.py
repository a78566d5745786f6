"""How many processors this process may use."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

FEWEST: Final = 400
"""Fewer files are read in less time than workers need to start."""
_FILES_OF_ONE: Final = 150
"""Files for which it takes a further worker."""
_MOST_WORKERS: Final = 4
"""Each needs the memory of an interpreter."""
_QUOTA: Final = Path("/sys/fs/cgroup/cpu.max")


def cores(quota: Path = _QUOTA) -> int:
    """Processors of this process: those of its affinity, and no more than the quota of its container. At least 1."""
    affinity = getattr(os, "sched_getaffinity", None)
    usable = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
    return max(1, min(usable, _quota(quota) or usable))


def workers_for(files: int, usable: Callable[[], int] = cores) -> int:
    """How many workers read this number of files faster than this process does alone; 1 if none do. `usable` are the processors."""
    return min(usable(), files // _FILES_OF_ONE, _MOST_WORKERS) if files >= FEWEST else 1


def _quota(file: Path) -> int | None:
    """The quota of a container in whole processors, at least 1; None without one."""
    try:
        allowed, period = file.read_text("ascii").split()
        return max(1, int(allowed) // int(period))
    except (OSError, ValueError, ZeroDivisionError):
        return None
