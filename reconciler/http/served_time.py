"""What time it is by the clock of a service, from the `Date` of its answers."""

from __future__ import annotations

from reconciler.http.messages import Answer
from reconciler.http.pause import http_date


class ServedTime:
    """The clock of a service, by that of this machine which only counts seconds. Thread-safe.

    An answer that was kept on its way has an old `Date`, so it is the latest time that counts.
    """

    def __init__(self) -> None:
        self._ahead: float | None = None

    def note(self, answer: Answer, monotonic: float) -> None:
        """An answer that came at this moment (monotonic)."""
        date = http_date(answer.headers.get("date") or "")
        if date is None:
            return
        ahead = date - monotonic
        self._ahead = ahead if self._ahead is None else max(self._ahead, ahead)

    def now(self, monotonic: float) -> float | None:
        """Seconds since the epoch at this moment (monotonic), to the second; None if no answer had a valid `Date`."""
        return None if self._ahead is None else monotonic + self._ahead
