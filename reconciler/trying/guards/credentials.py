"""A request without its credentials, for a host that may not get them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from reconciler.documents.json_text import encode
from reconciler.sources.messages import Request
from reconciler.trying.redactor import Redactor

_HARMLESS: Final = frozenset({"accept", "accept-language", "content-type", "user-agent"})
"""The only headers that another host gets: a value computed from a secret cannot be recognized."""


def without_credentials(request: Request, redactor: Redactor) -> Request | None:
    """The request without headers and query parameters that may be credentials; None if its path or body contains a secret."""
    if request.body is not None and redactor.finds(encode(request.body).decode()) is not None:
        return None
    address, mark, query = request.url.partition("#")[0].partition("?")
    kept = "&".join(pair for pair in query.split("&") if redactor.finds(pair) is None)
    url = f"{address}{mark}{kept}"
    if redactor.finds(url) is not None:
        return None
    headers = tuple(
        (name, value) for name, value in request.headers if name.lower() in _HARMLESS and redactor.finds(value) is None
    )
    return replace(request, url=url, headers=headers)


def secret_in_host(url: str, redactor: Redactor) -> str | None:
    """The name of a secret in the host of a URL, where look-ups and everybody on the way would see it."""
    return redactor.finds(urlsplit(url).netloc)
