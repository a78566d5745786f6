"""Finds credentials in documents of any size: all of them, in all of their forms, in one pass that makes no copy of the document.

A long form is found by its pieces: of each `_STRIDE` bytes of the document, the first are looked up. A short form is found by parts of it.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Self, TypeAlias

import msgspec

from reconciler.http.secrets.written_forms import PLAIN, aligned_base64

PIECE: Final = 12
"""Bytes of a long form that are looked up together."""
_STRIDE: Final = 32
"""A document is searched at each multiple of this step, so `_LONG` consecutive characters of a form are always found; in escapes, also
`PLAIN` + 1 characters of the credential are needed."""
_HEAD: Final = 8
"""Bytes of a piece that are compared as one number, before the whole piece is."""
_LONG: Final = PIECE + _STRIDE - 1
_BESIDE: Final = 6
"""Half of what the shortest part that tells a credential has more than a piece: so far before or behind a piece, there is another one."""
_NEEDLE: Final = 16
_JWT: Final = re.compile(r"ey[0-9A-Za-z_-]+\.(?=[0-9A-Za-z_-]+\.[0-9A-Za-z_-]*$)", re.ASCII)
"""The header of a JSON Web Token, which all tokens of one issuer share: not a secret."""
_ESCAPED: Final = re.compile(rb"\\u00([2-7][0-9a-fA-F])")
_ESCAPE: Final = b"\\u00"
_ESCAPES: Final = ("%%%02x", "%%%02X", "\\u%04x", "\\u%04X", "\\x%02x", "&#%d;", "&#x%x;")
_BEGINS: Final = b"%\\&"
"""What an escape begins with."""
_COMMON: Final = b"etaicmnorulpsdyhg_1b42f0398576xv-SAjBTPwkNCOIRqEFGHWVzLDKUMYJQXZ"
"""From common to rare in documents; all others are rarer."""
_RARITY: Final = {letter: -place for place, letter in enumerate(_COMMON)}
_PER_STOP: Final = 1024
"""Bytes of a document for each place that is worth a look of its own."""

_Document: TypeAlias = bytes | bytearray


class DocumentSearch(msgspec.Struct, frozen=True):
    """What to look for in documents. `with_credential` returns another one that looks for one more."""

    _pieces: frozenset[bytes] = frozenset()
    _heads: frozenset[int] = frozenset()
    _needles: frozenset[bytes] = frozenset()
    _escaped: frozenset[bytes] = frozenset()
    """Pieces of forms in which each character is escaped: they hold too few characters to tell a credential from other text."""
    _telling: Mapping[int, frozenset[bytes]] = msgspec.field(default_factory=dict)
    """By length: the parts of those forms that hold enough of them."""

    def with_credential(self, value: str) -> Self:
        """The search for this credential too, in each of the forms that it may have in a document."""
        raw = _JWT.sub("", value).encode()
        plain, escaped = tuple(_plain_forms(raw)), tuple(_escaped_forms(raw))
        whole = tuple("".join(form).encode() for form in escaped)
        pieces, in_escapes = _pieces(plain), _pieces(whole)
        heads = frozenset(int.from_bytes(piece[:_HEAD], sys.byteorder) for piece in pieces | in_escapes)
        needles = frozenset(needle for form in plain + whole for needle in _needles(form))
        telling: defaultdict[int, set[bytes]] = defaultdict(set)
        for part in (part for form in escaped for part in _telling_parts(form)):
            telling[len(part)].add(part)
        return type(self)(
            self._pieces | pieces,
            self._heads | heads,
            self._needles | needles,
            self._escaped | in_escapes,
            {length: self._telling.get(length, frozenset()) | telling[length] for length in self._telling.keys() | telling},
        )

    def finds(self, content: _Document) -> bool:
        """Whether a document repeats a credential or a large part of one, as plain text or in a common encoding."""
        if not self._heads and not self._needles:
            return False
        if self._holds(content):
            return True
        return _contains(content, _ESCAPE, 0) and self._holds(
            _ESCAPED.sub(lambda found: bytes.fromhex(found[1].decode()), content)
        )

    def _holds(self, content: _Document) -> bool:
        whole = len(content) - len(content) % _STRIDE
        if self._holds_head(content, whole) and any(self._holds_at(content, at) for at in range(0, whole, _STRIDE)):
            return True
        return self._holds_at(content, whole) or any(_contains(content, needle, _rarest(needle)) for needle in self._needles)

    def _holds_head(self, content: _Document, whole: int) -> bool:
        """Whether a whole step begins as a piece does. Numbers are compared much faster than slices."""
        return whole > 0 and not self._heads.isdisjoint(memoryview(content)[:whole].cast("Q")[:: _STRIDE // _HEAD])

    def _holds_at(self, content: _Document, at: int) -> bool:
        piece = bytes(content[at : at + PIECE])
        return piece in self._pieces or (piece in self._escaped and self._tells(content, at))

    def _tells(self, content: _Document, at: int) -> bool:
        """Whether a piece of an escaped form stands amid enough of that form."""
        if not any(bytes(content[beside : beside + PIECE]) in self._escaped for beside in (max(at - _BESIDE, 0), at + _BESIDE)):
            return False
        near = range(max(at - max(self._telling), 0), min(at + PIECE, len(content)))
        starts = [start for start in near if content[start] in _BEGINS]
        return any(bytes(content[start : start + length]) in parts for length, parts in self._telling.items() for start in starts)


def _plain_forms(raw: bytes) -> Iterator[bytes]:
    """The forms in which few bytes hold much of a credential, case-sensitive."""
    yield from (raw, raw[::-1], raw.hex().encode(), raw.hex().upper().encode())
    for encoded in aligned_base64(raw):
        yield from (encoded.encode(), encoded.replace("+", "-").replace("/", "_").encode())


def _escaped_forms(raw: bytes) -> Iterator[list[str]]:
    """The forms in which each character is escaped, character by character."""
    return ([pattern % code for code in raw] for pattern in _ESCAPES)


def _telling_parts(form: list[str]) -> Iterator[bytes]:
    return ("".join(form[at : at + PLAIN]).encode() for at in range(len(form) - PLAIN + 1))


def _pieces(forms: Iterable[bytes]) -> frozenset[bytes]:
    """The pieces of the long ones of these forms."""
    long = (form for form in forms if len(form) >= _LONG)
    return frozenset(form[at : at + PIECE] for form in long for at in range(len(form) - PIECE + 1))


def _needles(form: bytes) -> Iterator[bytes]:
    """Search strings for a form that is too short for stepwise search: parts of it that overlap by half and cover its end."""
    if PLAIN <= len(form) < _LONG:
        last = max(len(form) - _NEEDLE, 0)
        yield from (form[start : start + _NEEDLE] for start in {*range(0, last, _NEEDLE // 2), last})


def _rarest(needle: bytes) -> int:
    """The position of the byte that is rarest in documents."""
    return min(range(len(needle)), key=lambda at: _RARITY.get(needle[at], -len(_COMMON)))


def _contains(content: _Document, needle: bytes, rare: int) -> bool:
    """Whether the needle occurs. Goes from one of its byte at `rare` to the next, which is fast while there are few."""
    letter, at = needle[rare : rare + 1], -1
    for _ in range(len(content) // _PER_STOP):
        at = content.find(letter, at + 1)
        if at < 0:
            return False
        if at >= rare and content.startswith(needle, at - rare):
            return True
    return needle in content
