"""Which URLs a target may have.

A pull request can change a file, and whoever chooses the host is sent the client secret. So a URL in a file is https on Adobe's own
domains; any other host is named by the environment alone, and http only on loopback.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from reconciler.documents.shapes import Misfit

ADOBE_DOMAINS: Final = ("adobe.io", "adobelogin.com")
"""The domains of Experience Platform's APIs and of Adobe's token endpoints."""

_FORM: Final = "write it as https://platform.adobe.io/data/foundation/flowservice"
_ELSEWHERE: Final = (
    "leave it out here, and name it by the environment: RECONCILER_<TARGET>_BASE_URL, RECONCILER_<TARGET>_TOKEN_URL"
)
_PRINTABLE: Final = re.compile(r"[\x21-\x7e]+")
_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]+")
_HTTPS_PORT: Final = 443


def url_in_file(url: str) -> str:
    """The URL, in one form, if a file may name it. Raises Misfit."""
    parts = _parts(url)
    host = parts.hostname or ""
    if parts.scheme != "https":
        raise Misfit(f"a URL in a file is https, not {parts.scheme}", _ELSEWHERE)
    if not any(host == domain or host.endswith(f".{domain}") for domain in ADOBE_DOMAINS):
        raise Misfit(f"the host {host[:120]} is not on {' or '.join(ADOBE_DOMAINS)}, and a file may name no other", _ELSEWHERE)
    if parts.port not in {None, _HTTPS_PORT}:
        raise Misfit("a URL in a file has no port", _ELSEWHERE)
    return _in_one_form(parts)


def url_in_environment(url: str) -> str:
    """The URL, in one form, if the environment may name it. Raises Misfit."""
    parts = _parts(url)
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise Misfit(f"http is for this machine only, and {parts.hostname} is another", "use https")
    return _in_one_form(parts)


def host_of(url: str) -> str:
    """The host, with its port if that is written."""
    return urlsplit(url).netloc


def _parts(url: str) -> SplitResult:
    if not _PRINTABLE.fullmatch(url) or "\\" in url:
        raise Misfit("a URL has no spaces, backslashes or characters beyond ASCII", _FORM)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Misfit("this is no URL", _FORM) from None
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(parts.hostname or ""):
        raise Misfit("a URL begins with https:// and a host", _FORM)
    if "@" in parts.netloc or parts.query or parts.fragment or port == 0:
        raise Misfit("a URL here is scheme, host and path: no user, query or fragment", _FORM)
    return parts


def _in_one_form(parts: SplitResult) -> str:
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    port = "" if parts.port is None or (parts.scheme, parts.port) == ("https", _HTTPS_PORT) else f":{parts.port}"
    return f"{parts.scheme}://{shown}{port}{parts.path.rstrip('/')}"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
