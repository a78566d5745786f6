"""Requests of a trial, judged and changed before they are sent."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final
from urllib.parse import urljoin

from reconciler.sources.messages import NoAnswer, Request

NO_ANSWER: Final = "no-answer"
_KEEPS_METHOD: Final = frozenset({307, 308})
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_HEADER_VALUE: Final = re.compile(r"(?:[\x21-\x7e]+(?:[ \t]+[\x21-\x7e]+)*)?", re.ASCII)
_OURS: Final = frozenset(
    {"connection", "content-length", "expect", "host", "keep-alive", "proxy-authorization", "proxy-connection", "te", "trailer"}
    | {"transfer-encoding", "upgrade"}
)
"""Headers that a spec cannot set: those that decide where a request goes or where it ends."""


def redirected(request: Request, status: int, location: str) -> Request:
    """The request that a redirect asks for. Its URL is not checked here."""
    try:
        url = urljoin(request.url, location)
    except ValueError:
        url = location
    if status in _KEEPS_METHOD or request.method != "POST":
        return replace(request, url=url)
    headers = tuple((name, value) for name, value in request.headers if name.lower() != "content-type")
    return replace(request, method="GET", url=url, headers=headers, body=None)


def wrong_with(request: Request) -> NoAnswer | None:
    """Why a request cannot be sent as it is."""
    if request.method not in {"GET", "POST"}:
        return NoAnswer(NO_ANSWER, f"'{request.method[:20]}' is not a valid method", "use GET or POST")
    for name, value in request.headers:
        if not _HEADER_NAME.fullmatch(name):
            return NoAnswer("header-name", f"{name[:60]!a} is not a valid header name", "use letters, digits and hyphens")
        if name.lower() in _OURS:
            return NoAnswer("header-name", f"the header '{name}' cannot be set by a spec", "remove it from headerParams")
        if not _HEADER_VALUE.fullmatch(value):
            reason = (
                f"the value of the header '{name}' contains a line break, a space at its start or end, or a non-ASCII character"
            )
            return NoAnswer(
                "header-name",
                reason,
                "check the value and the variables that it is made from, such as one that was read from a file",
            )
    return None
