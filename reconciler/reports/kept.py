"""What became of a comment, a note or an issue that is kept up to date on a code host."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Done(StrEnum):
    """What was done to it."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    CLOSED = "closed"
    NOTHING = "nothing to do"


@dataclass(frozen=True, slots=True)
class Written:
    """The result: what was done, the URL, and the author according to the code host."""

    done: Done
    url: str | None = None
    author: str | None = None


def same_text(body: object, wanted: str) -> bool:
    """Compare texts regardless of line endings and trailing space, which a code host may change."""
    return isinstance(body, str) and body.replace("\r\n", "\n").rstrip() == wanted.rstrip()
