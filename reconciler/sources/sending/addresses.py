"""The address of a request: host and path with their values, which must not lead it anywhere else."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, urlsplit

from reconciler.documents.pointer import Segments
from reconciler.sources.evidence import Assumptions
from reconciler.sources.sending.filling import Filler, encoded, legal
from reconciler.sources.source import URL_PARAMS, Source
from reconciler.sources.values import PLACEHOLDER, NoValue, Values, filled

HOST: Final = (*URL_PARAMS, "host")
PATH: Final = (*URL_PARAMS, "path")
_PART_OF_HOST: Final = re.compile(r"[\w.~-]+(?::[0-9]{1,5})?")
_WHOLE_HOST: Final = re.compile(r"(?:https?://)?[\w.~-]+(?::[0-9]{1,5})?(?:/[\w.~/-]*)?", re.IGNORECASE)
_AUTHORITY: Final = re.compile(r"(?:[\w.~-]|\$\{\w+\})+(?::[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](?::[0-9]{1,5})?")
_REPLAYED: Final = re.compile(r"\$\{\w+\}")
"""What takes the place of a secret that is not known, in a replay."""
_DOTS: Final = frozenset({".", ".."})


def address(source: Source, values: Values, assumed: Assumptions, filler: Filler) -> str | None:
    """Host and path, with the query that the path has; None if there is no usable host."""
    base = _base(source, values, assumed, filler)
    written = source.at(PATH)
    if not isinstance(written, str) and written is not None:
        filler.found("no-request", "`path` must be a string", "write the path of the resource", PATH)
    path = _path(written, filler) if isinstance(written, str) else ""
    if base is None:
        return None
    url = f"{base}{path}"
    slashes = base.endswith("/") + path.startswith("/")
    if path and slashes != 1 and not path.startswith("?") and assumed.of("host.slash") == "one":
        url = f"{base.rstrip('/')}/{path.lstrip('/')}"
    if split(url)[1] != split(base)[1]:
        filler.found("unsafe-value", "the path changes the host of the request", "begin the path with a slash", PATH)
        return None
    return url


def _base(source: Source, values: Values, assumed: Assumptions, filler: Filler) -> str | None:
    """Scheme and host, and what is written with them."""
    written = source.at(HOST)
    if written is None and values.auth.get("host") is not None:
        assumed.of("host.from-auth")
        written = "${host}"
    if not isinstance(written, str) or not written.strip():
        filler.found("no-request", "`urlParams` has no `host`", "write scheme and host: https://api.acme.com", URL_PARAMS)
        return None
    scheme, authority, rest = split(written.strip())
    is_whole = not scheme and not rest and PLACEHOLDER.fullmatch(authority) is not None
    checked = [_is_safe(found, authority, filler, is_whole=is_whole) for found in PLACEHOLDER.finditer(authority)]
    _refuse_empty(rest, HOST, filler)
    base = scheme + filler.text(authority, HOST) + filler.text(rest, HOST, encoded, legal)
    return base if all(checked) and _is_address(base, filler) else None


def _is_safe(placeholder: re.Match[str], authority: str, filler: Filler, *, is_whole: bool) -> bool:
    """Whether a value can stand where it does in a host name; the finding does not show it."""
    try:
        value = filled(placeholder[0], filler.given)
    except NoValue as error:
        filler.missing(str(error), HOST)
        return False
    allowed = _WHOLE_HOST if is_whole else _PART_OF_HOST
    is_last = placeholder.end() == len(authority)
    if _REPLAYED.fullmatch(value) or (allowed.fullmatch(value) and (is_whole or is_last or ":" not in value)):
        return True
    message = (
        f"the value of `{placeholder[0][:80]}` is not a valid part of a host name: it could lead the request to another host"
    )
    filler.found("unsafe-value", message, "use letters, digits, hyphens and points", HOST)
    return False


def _is_address(base: str, filler: Filler) -> bool:
    try:
        port = urlsplit(base).port
    except ValueError:
        port = -1
    if port == -1 or not _AUTHORITY.fullmatch(split(base)[1]):
        filler.found("no-request", "the host is not a valid address", "write scheme and host: https://api.acme.com", HOST)
        return False
    return True


def _path(written: str, filler: Filler) -> str:
    _refuse_empty(written, PATH, filler)
    path = filler.text(written, PATH, encoded, legal)
    segments, own = (set(re.split(r"[/\\]", unquote(text.partition("?")[0]))) for text in (path, written))
    if _DOTS & (segments - own):
        message = "a value makes `.` or `..` a segment of the path, which leads to another path"
        filler.found("unsafe-value", message, "enter the value that the property asks for", PATH)
    if "#" in written:
        message = "the path has a `#`: what follows is not a part of the request"
        filler.found("no-request", message, "remove it, or write %23", PATH)
    return path


def _refuse_empty(written: str, path: Segments, filler: Filler) -> None:
    """An empty value in a path leads to another resource."""
    for placeholder in PLACEHOLDER.finditer(written):
        try:
            value = filled(placeholder[0], filler.given)
        except NoValue:
            continue  # reported where the text is filled
        if not value:
            filler.missing(placeholder[1], path)


def split(base: str) -> tuple[str, str, str]:
    """Scheme with its slashes, authority, and what follows it."""
    scheme, between, rest = base.partition("://")
    if not between or not scheme.isalpha():
        scheme, between, rest = "", "", base
    end = re.search(r"[/?#\\]", PLACEHOLDER.sub(lambda name: "x" * len(name[0]), rest))
    at = end.start() if end else len(rest)
    return scheme + between, rest[:at], rest[at:]
