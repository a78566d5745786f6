"""Requests and records as they are shown: without secrets."""

from __future__ import annotations

import binascii
from base64 import b64decode
from dataclasses import replace
from typing import Final, Protocol

from reconciler.documents.json_text import Json
from reconciler.sources.messages import Request
from reconciler.sources.trial import Call
from reconciler.trying.report import ShownCall
from reconciler.trying.running.curl import curl_line

_BASIC: Final = "Basic "
_DEEPEST: Final = 100
"""Levels of a value that are shown."""
_TOO_DEEP: Final = "…"


class Hides(Protocol):
    """Hides secrets."""

    def text(self, text: str) -> str:
        """The text with `${NAME}` in the place of every secret."""
        ...


def shown_call(call: Call, request: Request, hide: Hides, *, with_curl: bool = False) -> ShownCall:
    """A request and its answer in brief; with the command that sends it again, if asked for."""
    shown = ShownCall(
        number=call.number,
        method=call.method,
        url=hide.text(request.url),
        status=call.status,
        records=call.records,
        milliseconds=call.milliseconds,
        headers=tuple((hide.text(name), _header(name, value, hide)) for name, value in request.headers),
        body=hidden(request.body, hide),
        is_probe=call.probe,
    )
    return replace(shown, curl=curl_line(shown)) if with_curl else shown


def hidden(value: Json, hide: Hides, depth: int = _DEEPEST) -> Json:
    """A JSON value without secrets, in its strings and in the names of its fields. What is nested too deep is left out."""
    if isinstance(value, str):
        return hide.text(value)
    if isinstance(value, dict | list) and not depth:
        return _TOO_DEEP
    if isinstance(value, dict):
        return {hide.text(name): hidden(item, hide, depth - 1) for name, item in value.items()}
    return [hidden(item, hide, depth - 1) for item in value] if isinstance(value, list) else value


def _header(name: str, value: str, hide: Hides) -> str:
    """The value of a header; basic authentication as `Basic ${USER}:${PASSWORD}`."""
    if name.lower() != "authorization" or not value.startswith(_BASIC):
        return hide.text(value)
    try:
        pair = b64decode(value.removeprefix(_BASIC), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return hide.text(value)
    return _BASIC + hide.text(pair)
