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


def retry_after(value: str | None, now: float, date: str | None = None) -> float | None:
    """The seconds that a `Retry-After` asks for, from seconds or from a date (RFC 9110, 10.2.3).

    A date is read against `date`, the answer's own: the clocks of the two sides need not agree. Without it `now` counts (seconds since the
    epoch). None for no header, for nonsense, and for a moment that is not in the future: then the caller's own backoff holds.
    """
    text = (value or "").strip()
    if _SECONDS.fullmatch(text):
        seconds: float | None = float(text)
    else:
        until, answered = _moment(text), _moment(date or "")
        seconds = None if until is None else until - (now if answered is None else answered)
    return seconds if seconds is not None and 0 < seconds < math.inf else None


def _moment(date: str) -> float | None:
    """Seconds since the epoch, of a date as headers write it."""
    try:
        moment = parsedate_to_datetime(date)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
