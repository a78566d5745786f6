"""Evidence that a spec was tried: the outcome of a recorded trial, replayed for exactly the content that is written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TriedOutcome(StrEnum):
    """Whether there is a trial of this content, and how it ended."""

    HELD = "held"
    FAILED = "failed"
    NOT_TRIED = "not_tried"


@dataclass(frozen=True, slots=True)
class Tried:
    """The evidence for one spec.

    `records` and `calls` are counts, and `recorded_at` is the time of the recording (ISO 8601); None without a trial of this content.
    `reason` is the first finding of a failed trial, why there is no trial of this content, or what a trial that held left out;
    None if there is nothing to say.
    """

    outcome: TriedOutcome
    records: int | None = None
    calls: int | None = None
    recorded_at: str | None = None
    reason: str | None = None
    stub: bool = False
    """Whether a provider file answered when this was recorded, and not the third party."""


NEVER_TRIED = Tried(TriedOutcome.NOT_TRIED)
"""The evidence for a spec without a recording."""
