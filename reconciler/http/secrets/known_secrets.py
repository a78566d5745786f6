"""The credentials of this run. No part of a response that repeats one of them is shown or kept.

Each credential is added before it is first sent, so a response cannot contain one that is not known here.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from reconciler.http.secrets.documents import PIECE, DocumentSearch
from reconciler.http.secrets.written_forms import PLAIN, readings, squeezed, written_forms

_SHORTEST: Final = 4
"""A shorter credential would match almost any string, so it is not searched for."""
_KEPT: Final = 256
"""How many short strings without a credential are remembered: most headers are those of the response before."""
_SHORT: Final = 128
_LONG_WORDS: Final = 24


class KnownSecrets:
    """Credentials to search for in responses. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: frozenset[str] = frozenset()
        self._whole: frozenset[str] = frozenset()
        self._parts: Mapping[int, frozenset[str]] = {}
        self._documents = DocumentSearch()
        self._clean: dict[str, None] = {}
        """Strings without any of the credentials so far. Another one begins with a new dict: what was searched before it proves nothing."""

    def add(self, value: str, *, in_documents: bool = True) -> None:
        """Add a credential. Without `in_documents`, documents are not searched for it: live objects contain client ids.

        Nor are they searched for a credential that consists of words, which are common in documents and which no issuer generates.
        """
        if len(value) < _SHORTEST:
            return
        with self._lock:
            if value in self._values:
                return
            parts: dict[int, set[str]] = defaultdict(set)
            for form, length in written_forms(value):
                parts[length].update(form[start : start + length] for start in range(len(form) - length + 1))
            self._parts = {
                length: frozenset(parts[length]) | self._parts.get(length, frozenset()) for length in parts.keys() | self._parts
            }
            whole = {squeezed(value)} if _SHORTEST <= len(squeezed(value)) < PLAIN else set()
            self._whole |= whole | {value}
            if in_documents and _is_random(value):
                self._documents = self._documents.with_credential(value)
            self._values |= {value}
            self._clean = {}

    def are_in(self, text: str) -> bool:
        """Whether a string may repeat a credential or a part of it, in any form. Intended for short human-readable strings."""
        clean = self._clean  # before the search: strings of a search without the newest credential are put where nobody looks
        if not self._values or text in clean:
            return False
        if any(self._in_reading(reading) for reading in readings(text)):
            return True
        if len(clean) >= _KEPT:
            clean.clear()
        if len(text) <= _SHORT:
            clean[text] = None
        return False

    def are_in_document(self, content: bytes | bytearray) -> bool:
        """Whether a document of any size repeats a credential or a large part of one, as plain text or in a common encoding."""
        return self._documents.finds(content)

    def _in_reading(self, reading: str) -> bool:
        text = squeezed(reading)
        if any(value in reading or value in text for value in self._whole):
            return True
        return any(
            text[start : start + length] in parts
            for length, parts in self._parts.items()
            for start in range(len(text) - length + 1)
        )


def _is_random(value: str) -> bool:
    """Whether a credential is random enough not to occur in a string by chance."""
    return len(value) >= _LONG_WORDS or (len(value) >= PIECE and any(letter.isdigit() for letter in value))
