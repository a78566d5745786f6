"""Replaces secrets in everything that a trial shows or stores, and finds those that are still there.

Searched for: a value as it is, and with any of its characters escaped for a URL, JSON, HTML or a string literal, also twice; its base64
at any offset, as in the header of Basic authentication; its hexadecimal digits; and the beginning or end of a long value that was cut
off. Not searched for: values of fewer than four characters; shorter ones than eight within a word, or in another case; parts of a value
that is made of words; compressed, reversed, hashed or otherwise computed forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.documents.json_text import Json
from reconciler.http.secrets.searching import Form, Searched, forms_of, parts_of
from reconciler.secret import Secret

SHORTEST: Final = 4
"""Characters. A shorter value would be found in almost any text."""
_DEEPEST: Final = 200
_OFTEN: Final = 500
_MOST_KNOWN: Final = 256
_TOO_DEEP: Final = "…"
_PIECE: Final = 1 << 16
"""Characters of a long text that are searched at a time, at least."""
_OVERLAP: Final = 4096
"""Characters, more than any form of a secret has before what is compared without a search."""
_SPACES: Final = " \n"
_SPACE: Final = re.compile(f"[{_SPACES}]")
_OPEN, _CLOSE = "\U0010fffe", "\U0010ffff"
"""Around the number of a secret until all of them are replaced: no secret is found in the name of another."""


class Redactor:
    """Replaces the values of environment variables by `${NAME}`. `secrets` has the name of each variable without its prefix."""

    def __init__(self, secrets: Mapping[str, Secret]) -> None:
        values = {name: secret.reveal() for name, secret in secrets.items()}
        searched = [(name, value) for name, value in values.items() if len(value) >= SHORTEST and value != f"${{{name}}}"]
        searched.sort(key=lambda item: (-len(item[1]), item[0]))
        whole = [(name, form) for name, value in searched for form in forms_of(value)]
        self._forms = (*whole, *((name, form) for name, value in searched for form in parts_of(value)))
        self._names = tuple(name for name, _ in searched)
        self._cores = tuple({form.core for _, form in self._forms})
        self._letters = frozenset[str]().union(*(form.letters for _, form in self._forms))
        self._known: dict[str, str] = {}
        """Texts that come again and again, such as the headers of each request."""
        names = "|".join(re.escape(name) for name in sorted(values, key=len, reverse=True))
        self._placeholder = re.compile(rf"(\$\{{(?:{names})\}})")

    def text(self, text: str) -> str:
        """The text with `${NAME}` in place of each secret."""
        if not self._forms:
            return text
        known = self._known.get(text)
        if known is not None:
            return known
        shown = "".join(part if odd else self._replaced(part) for odd, part in _alternating(self._placeholder.split(text)))
        if len(text) <= _OFTEN:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[text] = shown
        return shown

    def url(self, url: str) -> str:
        """The URL with `${NAME}` in place of each secret."""
        return self.text(url)

    def json(self, value: Json) -> Json:
        """The value with `${NAME}` in place of each secret in strings, keys and numbers. What is nested too deep is left out."""
        return self._json(value, _DEEPEST) if self._forms else value

    def finds(self, text: str) -> str | None:
        """The name of a secret that this text contains; None if it contains none. `${NAME}` itself does not count."""
        if not self._forms:
            return None
        return next((name for piece in _pieces(text) if (name := self._found_in(piece)) is not None), None)

    def _found_in(self, text: str) -> str | None:
        parts = [Searched(part) for odd, part in _alternating(self._placeholder.split(text)) if not odd and part]
        parts = [part for part in parts if self._may_be_in(part)]
        found = (name for name, form in self._forms for part in parts for _ in form.spans(part))
        return next(found, None)

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

    def _may_be_in(self, searched: Searched) -> bool:
        """False only for a text without any secret: most texts, found out fast."""
        text = searched.text
        if searched.lower is None or any(core in text or core in searched.lower for core in self._cores):
            return True
        return any(not self._letters.isdisjoint(meant) for _, meant in searched.escapes)

    def _replaced(self, text: str) -> str:
        searched = Searched(text)
        if not self._may_be_in(searched):
            return text
        for name, form in self._forms:
            replaced = _substituted(searched, form, f"{_OPEN}{self._names.index(name)}{_CLOSE}")
            if replaced is not None:
                searched = Searched(replaced)
        text = searched.text
        if _OPEN in text:
            for index, name in enumerate(self._names):
                text = text.replace(f"{_OPEN}{index}{_CLOSE}", f"${{{name}}}")
        return text


def _pieces(text: str) -> Iterator[str]:
    """A long text in pieces that overlap, so that its search needs little memory. White space is around each: words stay whole."""
    start = 0
    while len(text) - start > _PIECE:
        end = _SPACE.search(text, start + _PIECE)
        following = 0 if end is None else max(text.rfind(space, start, end.start() - _OVERLAP) for space in _SPACES)
        if end is None or following <= start:
            break
        yield text[start : end.start()]
        start = following
    yield text[start:]


def _alternating(parts: Sequence[str]) -> Iterator[tuple[bool, str]]:
    """The parts of a split with one group: text, placeholder, text, … with whether each is a placeholder."""
    return ((index % 2 == 1, part) for index, part in enumerate(parts))


def _substituted(searched: Searched, form: Form, mark: str) -> str | None:
    """The text with the mark wherever the form is; None if it is nowhere."""
    pieces, done = [], 0
    for start, end in form.spans(searched):
        pieces += [searched.text[done:start], mark]
        done = end
    return "".join([*pieces, searched.text[done:]]) if pieces else None
