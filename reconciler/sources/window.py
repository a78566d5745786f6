"""The time range that a run requests, and the ways in which it is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Mode(StrEnum):
    """The kind of run, which decides what is sent for `scheduleParams`."""

    BACKFILL = "backfill"
    """The first run: everything up to the end."""
    INCREMENTAL = "incremental"
    """A later run: from the start to the end."""
    PREVIEW = "preview"
    """A preview of the first page."""


@dataclass(frozen=True, slots=True)
class Window:
    """A time range in UTC. `start` is None for a backfill; both are None if no time is sent."""

    mode: Mode
    start: datetime | None = None
    end: datetime | None = None
