"""Waits of a proof: for runs, with progress, until a time limit or a signal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reconciler.http.clock import Clock, Stop
from reconciler.observing.progress import Progress

_PATIENT_AFTER: Final = 60.0
_PATIENCE: Final = 3
"""After a minute, the times between two looks are three times as long."""
_PIECE: Final = 1.0
"""Seconds of a wait after which a signal is looked for."""


class Interruption(Exception):
    """A signal asked for the end of a proof. What was made is cleaned up."""


def in_words(seconds: float) -> str:
    """A duration for display: `12s`, `1m 20s`, `2h 5m`."""
    minutes, rest = divmod(int(seconds), 60)
    hours, over = divmod(minutes, 60)
    if hours:
        return f"{hours}h {over}m" if over else f"{hours}h"
    return f"{minutes}m {rest}s" if minutes else f"{rest}s"


@dataclass(slots=True)
class Waits:
    """The clock of a proof. `poll` is in seconds. Every wait ends with Interruption once `stop` is set."""

    clock: Clock
    poll: float
    stop: Stop
    progress: Progress
    began: float = 0.0
    where: str = ""
    """The current step, for display."""
    _last_line: float = -1.0
    """The minute of the wait in which a line was last written."""

    def __post_init__(self) -> None:
        self.began = self.clock.monotonic()

    def at(self, where: str) -> None:
        """A step begins. Raises Interruption."""
        self.check()
        self.where = where
        self.progress.step(f"{where}, {in_words(self.clock.monotonic() - self.began)}")

    def check(self) -> None:
        """Raises Interruption if a signal arrived."""
        if self.stop.is_set():
            raise Interruption

    def pause(self, seconds: float) -> None:
        """Wait. Raises Interruption."""
        self._sleep(seconds)

    def looks(self, what: str, limit: float) -> Iterator[None]:
        """Yields for each look, then waits, until `limit` seconds have passed. The first look is at once, the last one at the limit."""
        began, self._last_line = self.clock.monotonic(), -1.0
        while True:
            self.check()
            yield
            waited = self.clock.monotonic() - began
            if waited >= limit:
                return
            self._show(what, waited)
            pause = self.poll if waited < _PATIENT_AFTER else self.poll * _PATIENCE
            self._sleep(min(max(pause, 0.01), limit - waited))

    def wait_for(self, what: str, seconds: float) -> None:
        """Wait this long. Raises Interruption."""
        for _ in self.looks(what, seconds):
            pass

    def _show(self, what: str, waited: float) -> None:
        """A line of a log at first and every minute; on a terminal, each look is shown."""
        minute = waited // 60
        prefix = "waiting for " if minute > self._last_line else "still waiting for "
        self._last_line = minute
        elapsed = in_words(self.clock.monotonic() - self.began)
        self.progress.step(f"{prefix}{what} ({elapsed}), {self.where}")  # a narrow terminal cuts off the end

    def _sleep(self, seconds: float) -> None:
        end = self.clock.monotonic() + seconds
        while (left := end - self.clock.monotonic()) > 0:
            self.check()
            self.clock.sleep(min(left, _PIECE))
