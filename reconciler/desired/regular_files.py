"""Small files that somebody else may have put there: read only if they are regular, and only as far as they may reach."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

_FLAGS: Final = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
"""Not blocking, because opening a pipe would wait for its other end."""


def read_small(file: Path, limit: int) -> bytes | None:
    """The content of a regular file of at most `limit` bytes; None for everything else. Never raises, and never waits."""
    try:
        descriptor = os.open(file, _FLAGS)
    except (OSError, ValueError):
        return None
    try:
        is_small = stat.S_ISREG((found := os.fstat(descriptor)).st_mode) and found.st_size <= limit
        return _read(descriptor, limit) if is_small else None
    except OSError:
        return None
    finally:
        os.close(descriptor)


def _read(descriptor: int, limit: int) -> bytes | None:
    parts: list[bytes] = []
    left = limit + 1
    while left and (part := os.read(descriptor, left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts) if left else None
