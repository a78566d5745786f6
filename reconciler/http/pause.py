"""The pause that the service asks for: one for all workers, until a moment that only moves later."""

from __future__ import annotations

import math
import re
import threading
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

_SECONDS: Final = re.compile(r"\d+(\.\d+)?", re.ASCII)


class Pause:
    """Until when nobody may call. Moments are those of one monotonic clock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until = -math.inf

    def extend(self, until: float) -> None:
        """Nobody calls before `until`; an earlier moment than the one that holds changes nothing."""
        with self._lock:
            self._until = max(self._until, until)

    def left(self, now: float) -> float:
        """Seconds until calls may go on; 0 when they may now."""
        return max(self._until - now, 0.0)


def retry_after(value: str | None, now: float) -> float | None:
    """The seconds that a `Retry-After` asks for, from seconds or from a date (RFC 9110, 10.2.3); `now` is seconds since the epoch.

    None for no header, for nonsense, and for a moment that is not in the future: then the caller's own backoff holds.
    """
    text = (value or "").strip()
    seconds = float(text) if _SECONDS.fullmatch(text) else _seconds_until(text, now)
    return seconds if seconds is not None and 0 < seconds < math.inf else None


def _seconds_until(date: str, now: float) -> float | None:
    try:
        moment = parsedate_to_datetime(date)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
