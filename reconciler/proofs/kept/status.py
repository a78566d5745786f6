"""Whether a content is proved, in one word."""

from __future__ import annotations

from enum import StrEnum


class ProvedStatus(StrEnum):
    """Whether this content is proved: `stale` is a proof of other content, `no` is none that counts."""

    YES = "yes"
    STALE = "stale"
    NO = "no"
