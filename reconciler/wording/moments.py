"""Points in time, in reports and markers: ISO 8601 in UTC, to the second."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(seconds: float) -> str:
    """Seconds since the epoch as `2026-01-31T12:00:00Z`; a time outside of the calendar as a number of seconds."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return f"{seconds:.0f} s after 1970"


def seconds_at(written: str) -> float | None:
    """The seconds since the epoch of a time in that form; None for anything else."""
    try:
        return datetime.strptime(written, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        return None


def span_words(seconds: float) -> str:
    """A span of time in its largest units, rounded down: `3d`, `19h`, `5m`, `40s`, `1d 4h`."""
    whole = int(seconds)
    units = [("d", whole // 86_400), ("h", whole // 3_600 % 24), ("m", whole // 60 % 60), ("s", whole % 60)]
    first = next((index for index, (_, number) in enumerate(units) if number), len(units) - 1)
    named = [f"{number}{unit}" for unit, number in units[first : first + 2] if number]
    return " ".join(named) or "0s"


def left_words(seconds: int) -> str:
    """A span of time that is left, in its largest unit, rounded up: `40m`, `5h`, `3d`; hours up to two days."""
    for unit, size, most in (("m", 60, 60), ("h", 3_600, 48)):
        if (number := -(-seconds // size)) <= most:
            return f"{number}{unit}"
    return f"{-(-seconds // 86_400)}d"


def moment_of_service(milliseconds: int | None) -> str:
    """A time from the service, in milliseconds since the epoch, in the same form; None is `an unknown time`."""
    return "an unknown time" if milliseconds is None else moment(milliseconds // 1000)
