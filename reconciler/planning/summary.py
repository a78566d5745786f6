"""The counts of a plan."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of specs; `attach` and `detach` count ids. A spec counts as breaking or as risky, not as both."""

    create: int = 0
    update: int = 0
    attach: int = 0
    detach: int = 0
    in_sync: int = 0
    orphan: int = 0
    drift: int = 0
    pending: int = 0
    both: int = 0
    ahead: int = 0
    error: int = 0
    breaking: int = 0
    risky: int = 0
