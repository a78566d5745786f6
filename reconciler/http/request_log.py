"""The log of requests: counted, kept for reports, and one line each for `-v`."""

from __future__ import annotations

import logging
import threading
from collections import deque
from typing import Final

from reconciler.http.messages import Answer, Outcome, Request, RequestRecord

LOGGER: Final = logging.getLogger("reconciler.http")
"""One line per try, at INFO: method, path, status, milliseconds, request id. Never a header, query or body."""


class RequestLog:
    """The last `kept` tries of all calls, in the order in which they ended; all of them without it. Thread-safe."""

    def __init__(self, kept: int | None = None) -> None:
        self._lock = threading.Lock()
        self._records: deque[RequestRecord] = deque(maxlen=kept)

    @property
    def records(self) -> tuple[RequestRecord, ...]:
        with self._lock:
            return tuple(self._records)

    def add(self, request: Request, outcome: Outcome, seconds: float) -> None:
        """Record one try and its duration in seconds, and log it."""
        status, request_id = (outcome.status, outcome.request_id) if isinstance(outcome, Answer) else (None, request.request_id)
        record = RequestRecord(request.method, request.path, status, request_id, round(seconds * 1000))
        with self._lock:
            self._records.append(record)
        what = status if isinstance(outcome, Answer) else f"no response ({outcome.reason})"
        LOGGER.info("%s %s %s %d ms %s", record.method, record.path, what, record.milliseconds, record.request_id)
