"""The headers of a request: those of the author, of the authentication, and those that every request has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reconciler.documents.pointer import Segments
from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding, found
from reconciler.sources.header_text import is_value, valid_header_name
from reconciler.sources.messages import Pairs
from reconciler.sources.sending.authentication import credentials
from reconciler.sources.sending.filling import Filler
from reconciler.sources.source import HEADER_PARAMS, Source
from reconciler.sources.values import Values

_OF_THE_CLIENT: Final = frozenset(
    (
        *("host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect"),
        *("proxy-authorization", "proxy-connection"),
    )
)
"""Headers that are not the author's: they decide where a request goes, and where it ends."""


def headers(source: Source, values: Values, assumed: Assumptions, filler: Filler, *, has_body: bool) -> Pairs:
    """All headers of a request."""
    own = []
    for name, value in filler.mapping(HEADER_PARAMS).items():
        assumed.of("request.headers")
        path = (*HEADER_PARAMS, name)
        own.append((filler.key(name, HEADER_PARAMS), filler.sent(value, path).strip(" \t"), path))
    signed = credentials(source, values, assumed)
    filler.findings.extend(signed.findings)
    wrong = wrong_headers([*own, *signed.headers])
    filler.findings.extend(wrong)
    names = {name.lower() for name, _, _ in own}
    added = [(name, value) for name, value, _ in signed.headers]
    sent = [(name, value) for name, value, _ in own]
    if any(name.lower() in names for name, _ in added):
        if assumed.of("auth.own-header") == "own":
            added = [item for item in added if item[0].lower() not in names]
        else:
            taken = {name.lower() for name, _ in added}
            sent = [item for item in sent if item[0].lower() not in taken]
    if "accept" not in names:
        added.append(("Accept", f"application/{assumed.of('request.accept')}"))
    if has_body and "content-type" not in names:
        added.append(("Content-Type", f"application/{assumed.of('request.content-type')}"))
    return (*sent, *added)


def why_no_name(name: str) -> str | None:
    """Why a header of this name cannot be sent; None if it can."""
    if not valid_header_name(name):
        return f"{repr(name)[:80]} is not a valid header name"
    return f"the header `{name[:80]}` is set by the client that sends the request" if name.lower() in _OF_THE_CLIENT else None


def wrong_headers(pairs: list[tuple[str, str, Segments]]) -> Iterator[Finding]:
    """What HTTP does not allow in these headers; values are not shown."""
    for name, value, path in pairs:
        if reason := why_no_name(name):
            yield found("header-name", reason, "use a name of letters, digits and hyphens, or remove it", path)
        elif not is_value(value):
            message = f"the value of the header `{name[:80]}` has a line break, or a character that is not ASCII"
            yield found("header-value", message, "write a value of ASCII characters on one line", path)
