"""Small files that somebody else may have put there: read only if they are regular, and only as far as they may reach."""

from __future__ import annotations

from pathlib import Path

from reconciler.disk import read_regular


def read_small(file: Path, limit: int) -> bytes | None:
    """The content of a regular file of at most `limit` bytes; None for everything else. Never raises, and never waits."""
    try:
        return read_regular(file, limit)
    except (OSError, ValueError):
        return None
