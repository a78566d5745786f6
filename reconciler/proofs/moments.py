"""Times in proof files and on the command line: ISO 8601 in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from reconciler.documents.shapes import Misfit

_FORM: Final = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:T(?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)(?:Z|\+00:00))?"
)
_HINT: Final = 'write UTC, in quotes: "2024-01-05T00:00:00Z"'


def utc(text: str) -> datetime:
    """The time that this text means; a date alone is its midnight. Raises Misfit unless it is in UTC."""
    found = _FORM.fullmatch(text)
    if not found:
        raise Misfit(f"{text[:40]!r} is not a time in UTC", _HINT)
    try:
        return datetime.fromisoformat(f"{found['day']}T{found['time'] or '00:00'}").replace(tzinfo=UTC)
    except ValueError:
        raise Misfit(f"{text[:40]!r} is not in the calendar", _HINT) from None
