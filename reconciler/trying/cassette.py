"""A recording of a trial, as a value: the requests and answers of one spec."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from reconciler.errors import ReconcilerError
from reconciler.sources.messages import Answer, Request

FORMAT_VERSION: Final = 1
KIND: Final = "Cassette"
MAX_BYTES: Final = 1_000_000
MAX_CALLS: Final = 1_000
PRIVATE_HEADERS: Final = frozenset({"authorization", "proxy-authorization", "cookie"})
"""Headers whose values are made from secrets, which a replay does not have."""
MOMENT: Final = "%Y-%m-%dT%H:%M:%SZ"
"""How `recorded_at` is written: UTC, to the second."""


class Unrecordable(ReconcilerError):
    """What was seen cannot be kept as a recording, and nothing was written."""

    code = "record"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer. Until it is redacted it contains secrets and personal data."""

    request: Request = field(repr=False)
    answer: Answer = field(repr=False)


@dataclass(frozen=True, slots=True)
class Cassette:
    """One recording. `recorded_at` is in UTC, to the second: a replay takes it as the present, so that time ranges are the same."""

    key: str
    spec_digest: str
    """The digest of the parts of the spec that decide what is read, as they were when this was recorded."""
    recorded_at: datetime
    calls: tuple[Exchange, ...] = field(repr=False)
    redacted: bool = True
    pages: int | None = None
    """The limit of requests that ended the trial, so that a replay ends there, too; None if the spec ended it."""
    stub: bool = False
    """Whether a provider file answered, and not the third party."""

    @property
    def most_requests(self) -> int:
        """How many requests a replay makes at most: more than were recorded, so that a request too many is noticed."""
        return self.pages or len(self.calls) + 1


def url_of(address: str, query: Sequence[tuple[str, str]]) -> str:
    """The URL of an address and decoded query parameters."""
    return f"{address}?{urlencode(query)}" if query else address
