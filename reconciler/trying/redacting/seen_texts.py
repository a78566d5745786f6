"""The texts of requests and answers, one by one: what was sent, and where it may have come from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from reconciler.documents.json_text import Json
from reconciler.sources.messages import Answer, Request

_ADDRESS: Final = re.compile(r"(?:https?://|/|\?)\S*|[^\s?]+\?[^\s=]+=\S*")
_MAX_ADDRESS: Final = 8_000
_LINK: Final = re.compile(r"<([^<>]*)>([^<]*)")
_RELATION: Final = re.compile(r"""\brel\s*=\s*"?([\w -]{1,40})""")
_MAX_LINKS: Final = 20


def is_address(text: str) -> bool:
    """Whether this is a URL, or a part of one from its path or query on."""
    return len(text) <= _MAX_ADDRESS and bool(_ADDRESS.fullmatch(text))


def is_deeper(value: Json, levels: int) -> bool:
    """Whether a value is nested deeper than this."""
    level = [value]
    for _ in range(levels + 1):
        level = [item for item in level if isinstance(item, dict | list)]
        level = [child for item in level for child in (item.values() if isinstance(item, dict) else item)]
    return bool(level)


def links_of(header: str) -> tuple[tuple[str, str], ...]:
    """The addresses of a Link header, each with its relation; 20 at most."""
    found = [(match[1], _RELATION.search(match[2])) for match in _LINK.finditer(header)][:_MAX_LINKS]
    return tuple((address, relation[1].strip()) for address, relation in found if relation)


def texts_in_rows(value: Json, *, inside: bool = False) -> Iterator[str]:
    """The strings and integers inside of lists, as texts."""
    if isinstance(value, dict):
        for item in value.values():
            yield from texts_in_rows(item, inside=inside)
    elif isinstance(value, list):
        for item in value:
            yield from texts_in_rows(item, inside=True)
    elif inside:
        yield from _scalar(value)


def texts_outside(value: Json) -> Iterator[str]:
    """The strings and integers outside of lists, as texts."""
    if isinstance(value, dict):
        for item in value.values():
            yield from texts_outside(item)
    elif not isinstance(value, list):
        yield from _scalar(value)


def texts_of_request(request: Request) -> set[str]:
    """The steps of the path, and the values of query, headers and body."""
    texts = _texts_of_url(request.url) | {text for _, text in request.headers}
    for text in (*texts_outside(request.body), *texts_in_rows(request.body)):
        texts |= {text} | (_texts_of_url(text) if is_address(text) else set())
    return texts


def texts_of_answer(answer: Answer, body: Json) -> set[str]:
    """Every text of an answer, and the parts of its addresses."""
    texts = {*answer.headers.values(), *texts_outside(body), *texts_in_rows(body)}
    for address, _ in links_of(answer.headers.get("link", "")):
        texts |= _texts_of_url(address)
    for text in [text for text in texts if is_address(text)]:
        texts |= _texts_of_url(text)
    return texts


def _texts_of_url(url: str) -> set[str]:
    try:
        parts = urlsplit(url)
        values = {value for _, value in parse_qsl(parts.query, keep_blank_values=True)}
    except ValueError:
        return {url}
    return values | {unquote(step) for step in parts.path.split("/")}


def _scalar(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)
