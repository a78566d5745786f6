"""The URLs that a target may have.

A pull request can change a file, and the server at `token_url` receives the client secret. So a file may name only hosts that Adobe
operates, each matched in full: a domain is not enough, because customers run their own code on `runtime.adobe.io`. Any other host must
come from the environment, and http is allowed only for loopback.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

import msgspec

from reconciler.documents.shapes import Misfit

_REGION: Final = "[a-z]{2,3}[1-9]"
_FORM: Final = "write it as https://platform.adobe.io/data/foundation/flowservice"
_PRINTABLE: Final = re.compile(r"[\x21-\x7e]+")
_HOST: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]+")
_HTTPS_PORT: Final = 443


class FileAddress(msgspec.Struct, frozen=True):
    """The URLs that a file may name for one purpose. `host` (in lower case) and `path` are regular expressions for the whole of each."""

    key: str
    host: str
    path: str
    hosts: str
    """A description of the hosts."""
    form: str

    @property
    def elsewhere(self) -> str:
        """How to set any other address."""
        return f"remove it here, and set it in the environment: RECONCILER_<TARGET>_{self.key.upper()}"


BASE_URL: Final = FileAddress(
    "base_url",
    rf"platform(?:-stage)?(?:-{_REGION})?\.adobe\.io",
    "/data/foundation/flowservice",
    "platform.adobe.io, platform-stage.adobe.io and their regions, such as platform-nld2.adobe.io",
    "https://platform.adobe.io/data/foundation/flowservice",
)
"""Flow Service (its OpenAPI, `servers`; regional hosts: docs of Identity Service and Destination SDK)."""
TOKEN_URL: Final = FileAddress(
    "token_url",
    r"ims-[a-z]{2}[1-9](?:-stg[1-9])?\.adobelogin\.com",
    "/ims/token/v[1-9]",
    "ims-na1.adobelogin.com, ims-na1-stg1.adobelogin.com and their regions, such as ims-eu1.adobelogin.com",
    "https://ims-na1.adobelogin.com/ims/token/v3",
)
"""Adobe IMS."""


def url_in_file(allowed: FileAddress, url: str) -> str:
    """The normalized URL, if a file may name it. Raises Misfit."""
    parts = _parts(url)
    host = parts.hostname or ""
    if parts.scheme != "https":
        raise Misfit(f"a URL in a file must use https, not {parts.scheme}", allowed.elsewhere)
    if not re.fullmatch(allowed.host, host, re.ASCII):
        raise Misfit(
            f"{host[:120]} is not an allowed host for {allowed.key} in a file; allowed: {allowed.hosts}", allowed.elsewhere
        )
    if parts.port not in {None, _HTTPS_PORT}:
        raise Misfit("a URL in a file must not have a port", allowed.elsewhere)
    if not re.fullmatch(f"{allowed.path}/?", parts.path, re.ASCII):
        raise Misfit(f"this path is not allowed for {allowed.key} in a file", f"write {allowed.form}, or {allowed.elsewhere}")
    return _in_one_form(parts)


def url_in_environment(url: str) -> str:
    """The normalized URL, if the environment may name it. Raises Misfit."""
    parts = _parts(url)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise Misfit(f"http is allowed only for this machine, and {parts.hostname} is another host", "use https")
    return _in_one_form(parts)


def host_of(url: str) -> str:
    """The host, with the port if the URL has one."""
    return urlsplit(url).netloc


def _parts(url: str) -> SplitResult:
    if not _PRINTABLE.fullmatch(url) or "\\" in url:
        raise Misfit("a URL must not contain spaces, backslashes or non-ASCII characters", _FORM)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Misfit("not a valid URL", _FORM) from None
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(parts.hostname or ""):
        raise Misfit("a URL must start with https:// and a host", _FORM)
    if "@" in parts.netloc or parts.query or parts.fragment or port == 0:
        raise Misfit("the URL must have only a scheme, host and path: no user, query or fragment", _FORM)
    return parts


def _in_one_form(parts: SplitResult) -> str:
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    port = "" if parts.port is None or (parts.scheme, parts.port) == ("https", _HTTPS_PORT) else f":{parts.port}"
    return f"{parts.scheme}://{shown}{port}{parts.path.rstrip('/')}"


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.casefold() == "localhost"
