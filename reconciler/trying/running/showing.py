"""Requests and records as they are shown: without secrets."""

from __future__ import annotations

import binascii
from base64 import b64decode
from dataclasses import dataclass, replace
from typing import Final, Protocol

from reconciler.documents.json_text import Json
from reconciler.sources.messages import Pairs, Request
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


@dataclass(slots=True)
class Shows:
    """Makes the shown form of each request and its answer in brief; with the command that sends it again, if asked for.

    Headers and bodies that the next request has, too, are hidden once, and kept once.
    """

    hide: Hides
    with_curl: bool = False
    _headers: tuple[Pairs, Pairs] = ((), ())
    """The headers of the last request, and how they are shown."""
    _body: tuple[Json, Json] = (None, None)

    def __call__(self, call: Call, request: Request) -> ShownCall:
        """The shown form of this call."""
        if request.headers != self._headers[0]:
            shown = tuple((self.hide.text(name), _header(name, value, self.hide)) for name, value in request.headers)
            self._headers = request.headers, shown
        if request.body is not self._body[0]:
            self._body = request.body, hidden(request.body, self.hide)
        made = ShownCall(
            number=call.number,
            method=call.method,
            url=self.hide.text(request.url),
            status=call.status,
            records=call.records,
            milliseconds=call.milliseconds,
            headers=self._headers[1],
            body=self._body[1],
            is_probe=call.probe,
        )
        return replace(made, curl=curl_line(made)) if self.with_curl else made


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
