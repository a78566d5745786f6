"""Replaces secrets in everything that a trial shows or stores, and finds those that are still there.

Searched for: a value as it is, and with any of its characters escaped for a URL, JSON, HTML or a string literal, also twice; its base64
at any offset, as in the header of Basic authentication; its hexadecimal digits; and the beginning or end of a long value that was cut
off. Not searched for: values of fewer than four characters; parts of a value that is made of words; encrypted, compressed, reversed or
otherwise computed forms.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.documents.json_text import Json
from reconciler.http.secrets.spellings import spelling
from reconciler.http.secrets.written_forms import aligned_base64
from reconciler.secret import Secret

SHORTEST: Final = 4
"""Characters. A shorter value would be found in almost any text."""
_WORDLIKE: Final = 8
"""A shorter value of letters and digits counts only as a whole word, and in its own case."""
_PART: Final = 8
"""Characters of a long value that are recognized without the rest."""
_LONG: Final = 12
_DEEPEST: Final = 200
_TOO_DEEP: Final = "…"
_OPEN, _CLOSE = "\U0010fffe", "\U0010ffff"
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_=-]", re.ASCII)
_WIDEST: Final = 8_192
"""Characters around a match in base64 that are replaced with it."""


@dataclass(frozen=True, slots=True)
class _Form:
    """One way in which a value is written. With `widens`, what encodes it with its neighbors is replaced as a whole."""

    pattern: re.Pattern[str]
    widens: bool = False


class Redactor:
    """Replaces the values of environment variables by `${NAME}`. `secrets` has the name of each variable without its prefix."""

    def __init__(self, secrets: Mapping[str, Secret]) -> None:
        values = {name: secret.reveal() for name, secret in secrets.items()}
        searched = [(name, value) for name, value in values.items() if len(value) >= SHORTEST]
        searched.sort(key=lambda item: (-len(item[1]), item[0]))
        self._names = tuple(name for name, _ in searched)
        self._forms = tuple(tuple(_forms(value)) for _, value in searched)
        self._literals = frozenset(value for _, value in searched)
        names = "|".join(re.escape(name) for name in sorted(self._names, key=len, reverse=True))
        self._placeholder = re.compile(rf"(\$\{{(?:{names})\}})") if names else None

    def text(self, text: str) -> str:
        """The text with `${NAME}` in place of each secret."""
        if self._placeholder is None:
            return text
        return "".join(part if odd else self._replaced(part) for odd, part in _alternating(self._placeholder.split(text)))

    def url(self, url: str) -> str:
        """The URL with `${NAME}` in place of each secret."""
        return self.text(url)

    def json(self, value: Json) -> Json:
        """The value with `${NAME}` in place of each secret in strings, keys and numbers. What is nested too deep is left out."""
        return value if self._placeholder is None else self._json(value, _DEEPEST)

    def finds(self, text: str) -> str | None:
        """The name of a secret that this text contains; None if it contains none. `${NAME}` itself does not count."""
        if self._placeholder is None:
            return None
        for odd, part in _alternating(self._placeholder.split(text)):
            if not odd and (name := self._found(part)) is not None:
                return name
        return None

    def _json(self, value: Json, depth: int) -> Json:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict | list) and not depth:
            return _TOO_DEEP
        if isinstance(value, dict):
            return {self.text(name): self._json(item, depth - 1) for name, item in value.items()}
        if isinstance(value, list):
            return [self._json(item, depth - 1) for item in value]
        if isinstance(value, int | float) and not isinstance(value, bool) and self.finds(str(value)) is not None:
            return self.text(str(value))
        return value

    def _found(self, text: str) -> str | None:
        for name, forms in zip(self._names, self._forms, strict=True):
            if any(form.pattern.search(text) for form in forms):
                return name
        return None

    def _replaced(self, text: str) -> str:
        for index, forms in enumerate(self._forms):
            for form in forms:
                text = _substituted(text, form, f"{_OPEN}{index}{_CLOSE}")
        for index, name in enumerate(self._names):
            text = text.replace(f"{_OPEN}{index}{_CLOSE}", f"${{{name}}}")
        return text


def _alternating(parts: Sequence[str]) -> Iterator[tuple[bool, str]]:
    """The parts of a split with one group: text, placeholder, text, … with whether each is a placeholder."""
    return ((index % 2 == 1, part) for index, part in enumerate(parts))


def _substituted(text: str, form: _Form, mark: str) -> str:
    if not form.widens:
        return form.pattern.sub(lambda _: mark, text)
    pieces, done = [], 0
    while (found := form.pattern.search(text, done)) is not None:
        start, end = found.span()
        first, last = max(done, start - _WIDEST), min(len(text), end + _WIDEST)
        while start > first and _BASE64.match(text[start - 1]):
            start -= 1
        while end < last and _BASE64.match(text[end]):
            end += 1
        pieces += [text[done:start], mark]
        done = end
    return "".join([*pieces, text[done:]])


def _forms(value: str) -> Iterator[_Form]:
    """The forms of a value, the longest first."""
    yield _Form(_whole(value))
    raw = value.encode("utf-8", "surrogatepass")
    yield _Form(re.compile(spelling(raw.hex()), re.IGNORECASE))
    for encoded in {base64.b64encode(raw).decode().rstrip("="), *aligned_base64(raw)}:
        for written in dict.fromkeys((encoded, encoded.replace("+", "-").replace("/", "_"))):
            yield _Form(re.compile(spelling(written)), widens=True)
    for part in _parts(value):
        yield _Form(re.compile(part), widens=False)


def _whole(value: str) -> re.Pattern[str]:
    pattern = spelling(value)
    if len(value) >= _WORDLIKE:
        return re.compile(pattern, re.IGNORECASE)
    before = r"(?:(?<![A-Za-z0-9_])|(?<=%[0-9A-Fa-f][0-9A-Fa-f]))" if value[0].isalnum() else ""
    after = r"(?![A-Za-z0-9_])" if value[-1].isalnum() else ""
    return re.compile(f"{before}{pattern}{after}")


def _parts(value: str) -> Iterator[str]:
    """Patterns for the beginning of a long value that was cut off, with as much of the rest as is there, and for its end."""
    if len(value) < _LONG:
        return
    for part, is_end in ((value[: _part_of(value)], False), (value[-_part_of(value[::-1]) :], True)):
        if len(part) < len(value):
            rest = value[: -len(part)][-_LONG * 4 :] if is_end else value[len(part) :][: _LONG * 4]
            optional = _optional_before(rest) if is_end else _optional_after(rest)
            yield optional + spelling(part) if is_end else spelling(part) + optional


def _part_of(value: str) -> int:
    """How many characters at the beginning of a value are not common words; all of them if no part is."""
    for length in range(_PART, len(value)):
        part = value[:length]
        if any(letter.isdigit() for letter in part) and any(letter.isalpha() for letter in part):
            return length
    return len(value)


def _optional_after(rest: str) -> str:
    return "".join(f"(?:{spelling(letter)}" for letter in rest) + ")?" * len(rest)


def _optional_before(rest: str) -> str:
    return "(?:" * len(rest) + "".join(f"{spelling(letter)})?" for letter in rest)
