"""When a flow runs, and the time range that each run requests.

Source: docs, "Create a dataflow": `scheduleParams` has `startTime` in epoch seconds, `frequency`, `interval` and `backfill`, which is true
by default. No page says which time range a first run requests; the evidence table decides what is sent of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from reconciler.sources.window import Mode, Window

ONCE: Final = "once"
SECONDS: Final[Mapping[str, int]] = {"minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_MILLISECONDS_FROM: Final = 100_000_000_000
_SMALLEST: Final = {"minute": 15}
_MOST_MISSED: Final = 100
"""Runs that are made up for, if the service did not run for some time."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The schedule of a flow: epoch seconds of its first run, and seconds between runs; None for one run."""

    start: float
    step: float | None
    backfill: bool = True

    def next_after(self, last: float | None, now: float) -> float | None:
        """The time of the run after the one at `last` (None: of the first); None if there is none.

        If more than 100 runs were missed by `now`, they are skipped: the last of them requests their whole time.
        """
        if last is None:
            following = self.start
        elif self.step is None:
            return None
        else:
            following = last + self.step
        missed = 0 if self.step is None else int(max(now - following, 0) // self.step)
        return following + missed * (self.step or 0) if missed > _MOST_MISSED else following

    def window(self, due: float, last: float | None) -> Window:
        """The time range of the run at `due`, after one at `last`."""
        if last is not None:
            return Window(Mode.INCREMENTAL, moment(last), moment(due))
        if self.step is not None and not self.backfill:
            return Window(Mode.INCREMENTAL, moment(due - self.step), moment(due))
        return Window(Mode.BACKFILL, None, moment(due))


def schedule_of(flow: Mapping[str, Any]) -> Schedule | None:
    """The schedule of a flow; None for a flow without one, or with one that cannot be read."""
    params = flow.get("scheduleParams")
    if not isinstance(params, dict):
        return None
    start = seconds_of(params.get("startTime"))
    frequency = params.get("frequency")
    if start is None or not isinstance(frequency, str):
        return None
    if frequency.lower() == ONCE:
        return Schedule(start, None)
    unit = SECONDS.get(frequency.lower())
    interval = seconds_of(params.get("interval", _SMALLEST.get(frequency.lower(), 1)))
    if unit is None or not interval:
        return None
    return Schedule(start, unit * interval, str(params.get("backfill", True)).lower() != "false")


def seconds_of(value: object) -> float | None:
    """Epoch seconds from a number, also one in a string or in milliseconds; None for anything else, and for times after 9999."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdecimal():
        value = int(value.strip()[:20])
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _MILLISECONDS_FROM * 2000:
        return None
    return value / 1000 if value >= _MILLISECONDS_FROM else float(value)


def moment(seconds: float) -> datetime:
    """Epoch seconds as a time in UTC."""
    return datetime.fromtimestamp(max(seconds, 0.0), UTC)
