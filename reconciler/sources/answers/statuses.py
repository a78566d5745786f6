"""What to do about an error status."""

from __future__ import annotations

from typing import Final

_FIRST: Final = {
    400: "compare the parameters of the URL with the documentation of the API",
    401: "check the credentials that proof.yaml names, and where authSpec sends them",
    403: "check what the credentials may read",
    404: "check host and path of urlParams, and the values in them",
    405: "check urlParams.method",
    406: "check the Accept header in headerParams",
    415: "check the Content-Type header in headerParams",
    429: "wait, and try again",
    501: "check urlParams.method",
}
_LATER: Final = {
    400: "the pages before were read, so compare the pagination with the documentation of the API",
    401: "the pages before were read: compare this URL and its headers with those of the first request",
    403: "the pages before were read: compare this URL and its headers with those of the first request",
    404: "if this is behind the last page, write an end condition or endPageIndex that ends the run before it",
    416: "if this is behind the last page, write an end condition or endPageIndex that ends the run before it",
    429: "wait, and try again; delayRequestMillis makes runs slower",
}


def hint_for(status: int, pages: int) -> str | None:
    """The next step after this status, when so many pages were read before it; None for the general one."""
    if status >= 500 and status not in _FIRST:  # noqa: PLR2004 - errors of the server
        return "try again later; if the error persists, compare the request with the documentation of the API"
    return _LATER.get(status, _FIRST.get(status)) if pages else _FIRST.get(status)
