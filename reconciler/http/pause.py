"""The pause that the service requests, shared by all workers. It can only be extended."""

from __future__ import annotations

import math
import re
import threading
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

_SECONDS: Final = re.compile(r"\d+(\.\d+)?", re.ASCII)


class Pause:
    """The moment until which no call may be made, in monotonic time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until = -math.inf

    def extend(self, until: float) -> None:
        """Pause all calls until `until`; a moment earlier than the current one has no effect."""
        with self._lock:
            self._until = max(self._until, until)

    def left(self, now: float) -> float:
        """Seconds until calls may continue; 0 if they may now."""
        return max(self._until - now, 0.0)


class Pace:
    """What limits the calls of one client at one host: the pause that the host requests, and how many calls run at once.

    Targets that share a client share its pace. Without `at_once`, their number is not limited here.
    """

    def __init__(self, at_once: int | None = None) -> None:
        self.pause = Pause()
        self.slot: AbstractContextManager[object] = nullcontext() if at_once is None else threading.BoundedSemaphore(at_once)
        self._at_once = at_once
        self._sessions = set[int]()

    def begin(self, session: object) -> None:
        """Count this session among those that share the calls at once."""
        self._sessions.add(id(session))

    def end(self, session: object) -> None:
        """Count it no longer."""
        self._sessions.discard(id(session))

    def share(self, wanted: int) -> int:
        """How many of these calls a session makes at once: its part of what all sessions may. More threads would only wait."""
        return wanted if self._at_once is None else max(1, min(wanted, self._at_once // max(1, len(self._sessions))))


def retry_after(value: str | None, now: float, date: str | None = None) -> float | None:
    """The seconds that a `Retry-After` requests, from seconds or from a date (RFC 9110, 10.2.3).

    A date is compared with `date`, the response's own date, because the clocks may differ; without it, with `now` (seconds since the
    epoch). None if the header is missing, invalid, or not in the future; the caller's own backoff applies then.
    """
    text = (value or "").strip()
    if _SECONDS.fullmatch(text):
        seconds: float | None = float(text)
    else:
        until, answered = http_date(text), http_date(date or "")
        seconds = None if until is None else until - (now if answered is None else answered)
    return seconds if seconds is not None and 0 < seconds < math.inf else None


def http_date(date: str) -> float | None:
    """Seconds since the epoch, from a date in HTTP format; None for anything else."""
    try:
        moment = parsedate_to_datetime(date)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
