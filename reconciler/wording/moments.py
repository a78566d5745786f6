"""Points in time, in reports and markers: ISO 8601 in UTC, to the second."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(seconds: float) -> str:
    """Seconds since the epoch as `2026-01-31T12:00:00Z`; a time outside of the calendar as a number of seconds."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return f"{seconds:.0f} s after 1970"


def moment_of_service(milliseconds: int | None) -> str:
    """A time from the service, in milliseconds since the epoch, in the same form; None is `an unknown time`."""
    return "an unknown time" if milliseconds is None else moment(milliseconds // 1000)
