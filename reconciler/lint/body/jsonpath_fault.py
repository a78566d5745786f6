"""What is wrong with a JSONPath."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and the path without it. Characters count from 1."""

    reason: str
    """What is wrong, and where in the path: "the [ of character 7 is not closed"."""
    step: str
    """What to do about it, for paths that nothing can be proposed for."""
    instead: str | None = None
    """The path with this one thing put right; other things may still be wrong with it. None where more than one thing may be meant."""
