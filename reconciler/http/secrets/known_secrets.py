"""The credentials of this run. No part of a response that repeats one of them is shown or kept.

Each credential is added before it is first sent, so a response cannot contain one that is not known here.
"""

from __future__ import annotations

import re
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.http.secrets.written_forms import PLAIN, aligned_base64, readings, squeezed, written_forms

_SHORTEST: Final = 4
"""A shorter credential would match almost any string, so it is not searched for."""
_PIECE: Final = 12
_STRIDE: Final = 32
"""A document is searched at each multiple of this step, so `_LONG` consecutive characters of a form are always found."""
_HEAD: Final = 8
"""Bytes of a piece that are compared as one number, before the whole piece is."""
_LONG: Final = _PIECE + _STRIDE - 1
_NEEDLE: Final = 16
_KEPT: Final = 256
"""How many short strings without a credential are remembered: most headers are those of the response before."""
_SHORT: Final = 128
_LONG_WORDS: Final = 24
_JWT: Final = re.compile(r"ey[0-9A-Za-z_-]+\.(?=[0-9A-Za-z_-]+\.[0-9A-Za-z_-]*$)", re.ASCII)
"""The header of a JSON Web Token, which all tokens of one issuer share: not a secret."""
_ESCAPED: Final = re.compile(rb"\\u00([2-7][0-9a-fA-F])")


class KnownSecrets:
    """Credentials to search for in responses. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: frozenset[str] = frozenset()
        self._whole: frozenset[str] = frozenset()
        self._parts: Mapping[int, frozenset[str]] = {}
        self._pieces: frozenset[bytes] = frozenset()
        self._heads: frozenset[int] = frozenset()
        self._needles: frozenset[bytes] = frozenset()
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
                forms = tuple(_forms_in_documents(value))
                long = (form for form in forms if len(form) >= _LONG)
                self._pieces |= {form[at : at + _PIECE] for form in long for at in range(len(form) - _PIECE + 1)}
                self._heads = frozenset(int.from_bytes(piece[:_HEAD], sys.byteorder) for piece in self._pieces)
                self._needles |= frozenset(needle for form in forms if PLAIN <= len(form) < _LONG for needle in _needles(form))
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
        if not self._pieces and not self._needles:
            return False
        if self._document_holds(bytes(content)):
            return True
        return b"\\u00" in content and self._document_holds(_ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), content))

    def _document_holds(self, content: bytes) -> bool:
        if not self._heads.isdisjoint(_heads_at_steps(content)) and self._holds_piece(content):
            return True
        last = len(content) - len(content) % _STRIDE
        return content[last : last + _PIECE] in self._pieces or any(needle in content for needle in self._needles)

    def _holds_piece(self, content: bytes) -> bool:
        starts = range(0, len(content) - _PIECE + 1, _STRIDE)
        return any(content[start : start + _PIECE] in self._pieces for start in starts)

    def _in_reading(self, reading: str) -> bool:
        text = squeezed(reading)
        if any(value in reading or value in text for value in self._whole):
            return True
        return any(
            text[start : start + length] in parts
            for length, parts in self._parts.items()
            for start in range(len(text) - length + 1)
        )


def _heads_at_steps(content: bytes) -> list[int]:
    """The first bytes of each whole step of a document, as numbers, which are compared much faster than slices."""
    whole = len(content) - len(content) % _STRIDE
    return memoryview(content)[:whole].cast("Q")[:: _STRIDE // _HEAD].tolist() if whole else []


def _is_random(value: str) -> bool:
    """Whether a credential is random enough not to occur in a string by chance."""
    return len(value) >= _LONG_WORDS or (len(value) >= _PIECE and any(letter.isdigit() for letter in value))


def _forms_in_documents(value: str) -> Iterator[bytes]:
    """The forms that a credential may have in a document, case-sensitive."""
    raw = _JWT.sub("", value).encode()
    yield from (raw, raw[::-1], raw.hex().encode(), raw.hex().upper().encode())
    for encoded in aligned_base64(raw):
        yield from (encoded.encode(), encoded.replace("+", "-").replace("/", "_").encode())
    for pattern in ("%%%02x", "%%%02X", "\\u%04x", "\\u%04X", "\\x%02x", "&#%d;", "&#x%x;"):
        yield "".join(pattern % code for code in raw).encode()


def _needles(form: bytes) -> Iterator[bytes]:
    """Search strings for a form that is too short for stepwise search: parts of it that overlap by half and cover its end."""
    last = max(len(form) - _NEEDLE, 0)
    return (form[start : start + _NEEDLE] for start in {*range(0, last, _NEEDLE // 2), last})
