"""Which pages in a folder people have edited: those that are not as the last `submit` wrote them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final

from reconciler.documents.json_text import NotJson, decode, encode_readable

RECORD: Final = ".pages.json"
"""The file beside SUBMISSION.md that has the digests of the pages as they were written. It is not part of a submission."""
MOST_BYTES: Final = 100_000


def record_of(pages: Mapping[str, bytes]) -> bytes:
    """The record of these pages, by path."""
    return f"{encode_readable({path: _digest(data) for path, data in sorted(pages.items())})}\n".encode()


def is_edited(record: bytes | None, path: str, data: bytes) -> bool:
    """Whether this page is another than the one that was written. Without a record that can be read, it counts as edited."""
    try:
        digests = decode(record or b"{}")
    except NotJson:
        return True
    return not isinstance(digests, dict) or digests.get(path) != _digest(data)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
