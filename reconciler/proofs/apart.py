"""Whether a spec keeps short secrets apart from other text: between letters, they cannot be found and hidden in what is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.documents.json_text import Json
from reconciler.secret import Secret
from reconciler.sources.sending.expressions import START
from reconciler.sources.source import ATTRIBUTES, URL_PARAMS, Source
from reconciler.sources.values import PLACEHOLDER

FOUND_INSIDE: Final = 8
"""Characters from which a secret is also found between letters."""
_APART: Final = frozenset(" /?&=#:;,.|()+<>!*~'\"[]-")
"""Characters that end a word, and are no part of an escape or of another placeholder."""


def mixed(source: Source, values: Mapping[str, Json | Secret]) -> tuple[str, ...]:
    """The names of secrets with fewer than 8 characters that a request has next to a letter or in an expression, in order."""
    short = {name for name, value in values.items() if isinstance(value, Secret) and len(value.reveal()) < FOUND_INSIDE}
    if not short:
        return ()
    found: set[str] = set()
    for text in _strings(source, values):
        names = {name for name in short if f"${{{name}}}" in text}
        if names and (START in text or any(_touches(text, place) for place in PLACEHOLDER.finditer(text) if place[1] in names)):
            found |= names
    return tuple(sorted(found))


def _touches(text: str, place: re.Match[str]) -> bool:
    around = text[place.start() - 1 : place.start()] if place.start() else "", text[place.end() : place.end() + 1]
    return any(letter and letter not in _APART for letter in around)


def _strings(source: Source, values: Mapping[str, Json | Secret]) -> Iterator[str]:
    """Every string that a request may be made from, also names; host and path as one, too."""
    url = source.mapping(URL_PARAMS)
    yield "".join(part for name in ("host", "path") if isinstance(part := url.get(name), str))
    due: list[Json] = [source.mapping(ATTRIBUTES), *(value for value in values.values() if not isinstance(value, Secret))]
    while due:
        item = due.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, list):
            due += item
        elif isinstance(item, dict):
            due += [*item, *item.values()]
