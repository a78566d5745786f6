"""Finds a secret in a text, in every form in which it is usually written, without reading the whole text once for each form.

A form is looked for as it is, which is fast, and with escapes only where an escape is that could be a part of it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from reconciler.http.secrets.spellings import LONGEST_ESCAPE, escapable, escapes_in, spelling
from reconciler.http.secrets.written_forms import aligned_base64

WORDLIKE: Final = 8
"""A shorter value counts only as a whole word, and in its own case."""
_PART: Final = 8
"""Characters at the beginning or end of a long value that are recognized without the rest."""
_LONG: Final = 12
_CORE: Final = 48
"""Characters of a form that are searched for; the rest is compared from there."""
_BASE64: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-=")
_HEX: Final = frozenset("0123456789abcdefABCDEF")
_WIDEST: Final = 100_000
"""Characters on each side of a match that are a part of it, at most."""
_BEFORE_WORD: Final = r"(?:(?<![A-Za-z0-9_])|(?<=%[0-9A-Fa-f][0-9A-Fa-f]))"
_AFTER_WORD: Final = r"(?![A-Za-z0-9_])"


class Searched:
    """A text, prepared for the search for many forms."""

    __slots__ = ("escapes", "lower", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        lower = text.lower()
        self.lower = lower if len(lower) == len(text) else None
        """The text in lower case; None if its characters have other positions then."""
        self.escapes = tuple(escapes_in(text))


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which a value is written: `core`, with the characters `before` and `after` it as far as they are there.

    `core` is in lower case with `any_case`. A match goes on to both sides over all characters of `fill`: those that encode the value
    together with its neighbors.
    """

    core: str
    pattern: re.Pattern[str]
    letters: frozenset[str]
    any_case: bool = False
    before: str = ""
    after: str = ""
    fill: frozenset[str] = frozenset()

    def spans(self, searched: Searched) -> Iterator[tuple[int, int]]:
        """Where this form is, from left to right, without overlaps."""
        done = 0
        for start, end in self._regions(searched):
            at = max(start, done)
            while (found := self.pattern.search(searched.text, at, max(end, at))) is not None:
                first, at = self._extended(searched.text, *found.span(), done)
                yield first, at
                done = at

    def _extended(self, text: str, start: int, end: int, done: int) -> tuple[int, int]:
        """A match of the core, with what belongs to it on both sides."""
        for letter in reversed(self.before):
            if start <= done or text[start - 1] != letter:
                break
            start -= 1
        for letter in self.after:
            found = _one(letter, self.any_case).match(text, end)
            if found is None:
                break
            end = found.end()
        first, last = max(done, start - _WIDEST), min(len(text), end + _WIDEST)
        while start > first and text[start - 1] in self.fill:
            start -= 1
        while end < last and text[end] in self.fill:
            end += 1
        return start, end

    def _regions(self, searched: Searched) -> Iterator[tuple[int, int]]:
        """The parts of the text in which a match may be, from left to right."""
        reach = (len(self.core) + 1) * LONGEST_ESCAPE
        begin = end = -1
        for at in sorted(self._candidates(searched)):
            if at - reach > end:
                if end >= 0:
                    yield begin, end
                begin = max(at - reach, 0)
            end = min(at + reach, len(searched.text))
        if end >= 0:
            yield begin, end

    def _candidates(self, searched: Searched) -> Iterator[int]:
        yield from (at for at, letters in searched.escapes if not self.letters.isdisjoint(letters))
        text = searched.lower if self.any_case else searched.text
        if text is None:
            yield from (found.start() for found in re.finditer(re.escape(self.core), searched.text, re.IGNORECASE))
            return
        at = text.find(self.core)
        while at >= 0:
            yield at
            at = text.find(self.core, at + len(self.core))


def forms_of(value: str) -> tuple[Form, ...]:
    """The forms of a whole value: as it is, in hexadecimal, and in base64 at any offset."""
    raw = value.encode("utf-8", "surrogatepass")
    encoded = {base64.b64encode(raw).decode().rstrip("="), *aligned_base64(raw)}
    encoded |= {text.replace("+", "-").replace("/", "_") for text in encoded}
    return (
        _whole(value),
        _form(raw.hex(), any_case=True, fill=_HEX),
        *(_form(text, fill=_BASE64) for text in sorted(encoded, key=lambda text: (-len(text), text))),
    )


def _form(value: str, *, any_case: bool = False, before: str = "", fill: frozenset[str] = frozenset()) -> Form:
    core, after = value[:_CORE], value[_CORE:]
    return _with_pattern(core, spelling(core), any_case=any_case, before=before, after=after, fill=fill)


def _with_pattern(
    core: str, pattern: str, *, any_case: bool = False, before: str = "", after: str = "", fill: frozenset[str] = frozenset()
) -> Form:
    letters = escapable(core + core.swapcase() if any_case else core)
    found = re.compile(pattern, re.IGNORECASE if any_case else re.NOFLAG)
    return Form(core.lower() if any_case else core, found, letters, any_case, before, after, fill)


def _whole(value: str) -> Form:
    if len(value) >= WORDLIKE:
        return _form(value, any_case=True)
    before = _BEFORE_WORD if value[0].isalnum() else ""
    after = _AFTER_WORD if value[-1].isalnum() else ""
    return _with_pattern(value, f"{before}{spelling(value)}{after}")


def parts_of(value: str) -> Iterator[Form]:
    """A long value that was cut off: its beginning, or its end, with as much of the rest as is there."""
    if len(value) < _LONG:
        return
    head, tail = value[: _telling(value)], value[-_telling(value[::-1]) :]
    if len(head) < len(value):
        yield _with_pattern(head[:_CORE], spelling(head[:_CORE]), after=value[len(head[:_CORE]) :])
    if len(tail) < len(value):
        yield _with_pattern(tail[-_CORE:], spelling(tail[-_CORE:]), before=value[: -len(tail[-_CORE:])])


def _telling(value: str) -> int:
    """How many characters at the beginning of a value are more than a common word; all of them if no part is."""
    for length in range(_PART, len(value)):
        part = value[:length]
        if any(letter.isdigit() for letter in part) and any(letter.isalpha() for letter in part):
            return length
    return len(value)


@lru_cache(maxsize=1024)
def _one(letter: str, any_case: bool) -> re.Pattern[str]:
    return re.compile(spelling(letter), re.IGNORECASE if any_case else re.NOFLAG)
