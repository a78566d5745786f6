"""One row of the table of checks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What a check came to. `refuse` stops the submission; `warn` also stands for what cannot be known."""

    OK = "ok"
    WARN = "warn"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Check:
    """One check and what it found; `hint` is the next step of a check that did not hold."""

    id: str
    outcome: Outcome
    said: str
    hint: str | None = None


def held(check: str, said: str) -> Check:
    """A check that holds."""
    return Check(check, Outcome.OK, said)


def refused(check: str, said: str, hint: str) -> Check:
    """A check that stops the submission."""
    return Check(check, Outcome.REFUSE, said, hint)


def warned(check: str, said: str, hint: str) -> Check:
    """A check that did not hold, or could not be done, and does not stop the submission."""
    return Check(check, Outcome.WARN, said, hint)
