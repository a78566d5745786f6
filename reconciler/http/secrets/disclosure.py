"""Decides which parts of a response may be shown: only text of a known form, and never text that may repeat a credential.

Each response is cleaned on arrival, before it is parsed. In an error response, strings that may repeat a credential are withheld. Of the
headers, only those that are used are kept. `shown_words` filters a server's message: anything but words, numbers and UUIDs is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from reconciler.documents.json_text import Json, NotJson, decode, encode
from reconciler.http.secrets.known_secrets import KnownSecrets

WITHHELD: Final = "message withheld: it may contain a credential"
LEFT_OUT: Final = "…"

_LONGEST_WORDS: Final = 500
_LONGEST_ERROR: Final = 65_536
"""The number of bytes read of an error body; its message is at the beginning."""
_DEEPEST: Final = 50
_READ_HEADERS: Final = frozenset(
    {
        "content-type",
        "date",
        "etag",
        "link",
        "location",
        "retry-after",
        "x-accepted-github-permissions",
        "x-ratelimit-limit",
        "x-next-page",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "x-request-id",
    }
)
_UUID: Final = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_REQUEST_ID: Final = re.compile(rf"{_UUID}|[0-9A-Za-z]{{32}}", re.ASCII)
"""A UUID, or the 32 letters and digits of Adobe's API gateway."""
_WORD: Final = re.compile(rf"(?<![^\W_]){_UUID}(?![^\W_])|[^\W_]+")
_KNOWN_WORD: Final = re.compile(
    rf"{_UUID}|[^\W\d_]{{1,40}}|\d{{1,13}}|[A-Za-z]{{1,20}}\d{{1,4}}|\d{{1,6}}[A-Za-z]{{1,2}}|\d{{1,2}}T\d{{1,2}}"
    r"|[A-Za-z]{2,12}\d{1,2}[A-Za-z]{4,20}"
)
_INVISIBLE: Final = re.compile(r"[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def request_id_in(text: str | None, secrets: KnownSecrets) -> str | None:
    """A server's request id, if it has a known form and is not part of a credential."""
    return text if text and is_request_id(text) and not secrets.are_in(text) else None


def is_request_id(text: str) -> bool:
    """Whether a string has the form of a request id."""
    return _REQUEST_ID.fullmatch(text) is not None


def shown_words(text: str) -> str:
    """The words, numbers and UUIDs of a string, on one line and of limited length; everything else is dropped."""
    line = " ".join(_INVISIBLE.sub("", text[: 4 * _LONGEST_WORDS]).split())[:_LONGEST_WORDS]
    return _WORD.sub(lambda found: found[0] if _KNOWN_WORD.fullmatch(found[0]) else LEFT_OUT, line)


def headers_of(headers: Mapping[str, str], secrets: KnownSecrets) -> Mapping[str, str]:
    """The headers that are used (names in lower case), without those that may repeat a credential."""
    return MappingProxyType(
        {
            name: value
            for name, value in headers.items()
            if name in _READ_HEADERS and len(value) <= _LONGEST_ERROR and not secrets.are_in(value)
        }
    )


def error_content(content: bytes | bytearray, secrets: KnownSecrets) -> bytes:
    """The body of an error response, with `WITHHELD` for each string that may repeat a credential."""
    begins = bytes(content[:_LONGEST_ERROR])
    try:
        body = decode(begins)
    except NotJson:
        return WITHHELD.encode() if secrets.are_in(begins.decode(errors="replace")) else begins
    cleaned = _cleaned(body, secrets, _DEEPEST)
    if secrets.are_in("".join(_strings(cleaned, _DEEPEST))):
        return encode({"title": WITHHELD})
    return encode(cleaned)


def _cleaned(value: Json, secrets: KnownSecrets, depth: int) -> Json:
    if not depth:
        return None
    if isinstance(value, dict):
        return {name: _cleaned(item, secrets, depth - 1) for name, item in value.items() if not secrets.are_in(name)}
    if isinstance(value, list):
        return [_cleaned(item, secrets, depth - 1) for item in value]
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return WITHHELD if secrets.are_in(str(value)) else value
    return value


def _strings(value: Json, depth: int) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _strings(item, depth - 1)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item, depth - 1)
    elif isinstance(value, str) and value != WITHHELD:
        yield value
