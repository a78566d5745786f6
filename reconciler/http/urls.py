r"""A URL of a third party, read once and strictly: where it leads, and what is sent there.

Programs disagree about unusual URLs: `https://a.example\@b.example/` leads to either host. So only one form of host is accepted, and two
readers must agree on it.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import SplitResult, urlsplit

import httpx

PORTS: Final = {"https": 443, "http": 80}

_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_PRINTABLE: Final = re.compile(r"[\x21-\x5b\x5d-\x7e]*")
_LABEL: Final = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
_NAME: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*", re.ASCII)
_NUMBER: Final = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)", re.ASCII)
_BEGINNING: Final = re.compile(r"(?P<scheme>https?)://(?P<authority>[^/?#]*)", re.ASCII | re.IGNORECASE)
_LONGEST_URL: Final = 65_536
_LONGEST_NAME: Final = 253
_SHOWN: Final = 120


class UnclearUrl(ValueError):
    """A URL that is not accepted. The message may contain its host, but no other part of it."""

    def __init__(self, reason: str, hint: str = "write a URL such as https://api.example.com/items") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Place:
    """The server that a URL leads to. `host` is in lower case and ASCII; an IPv6 address has no brackets."""

    scheme: str
    host: str
    port: int

    @property
    def is_address(self) -> bool:
        """Whether the host is an IP address."""
        return _address(self.host) is not None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if PORTS[self.scheme] == self.port else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Sendable:
    """Where a request goes, and its path and query as they are sent: exactly as given, unless a character in them must be escaped."""

    place: Place
    url: str
    target: bytes

    @property
    def root(self) -> str:
        """The URL of the host, without a path."""
        return f"{self.place.scheme}://{self.place}/"


def sendable(url: str) -> Sendable:
    """What a URL means. Raises UnclearUrl."""
    if _CONTROLS.search(url):
        raise UnclearUrl("the URL contains a line break or another control character", "check the values that are put into it")
    found = _BEGINNING.match(url)
    if found is None:
        raise UnclearUrl("the URL does not start with https:// and a host")
    if len(url) > _LONGEST_URL:
        raise UnclearUrl(f"the URL has more than {_LONGEST_URL:,} characters")
    place = _place(found["scheme"].lower(), found["authority"])
    rest = url[found.end() :].partition("#")[0]
    rest = rest if rest.startswith("/") else f"/{rest}"
    if not _PRINTABLE.fullmatch(rest):
        rest = _escaped(rest)
    return Sendable(place, f"{place.scheme}://{place}{rest}", rest.encode())


def _escaped(rest: str) -> str:
    try:
        return httpx.URL(f"https://x.example{rest}").raw_path.decode().replace("\\", "%5C")
    except (httpx.InvalidURL, UnicodeError):
        raise UnclearUrl("the URL has a character that cannot be sent", "check the values that are put into it") from None


@lru_cache(maxsize=256)
def _place(scheme: str, authority: str) -> Place:
    if "@" in authority:
        raise UnclearUrl("the URL contains a user or password before '@'", "remove it; credentials belong into authSpec")
    if not authority.isascii():
        raise UnclearUrl(
            f"the host '{_in_ascii(authority)}' is not written in ASCII", "write the host in its ASCII form, which is shown here"
        )
    host, port = _split(authority.lower())
    number = PORTS[scheme] if port is None else int(port)
    if not 0 < number < 65_536:  # noqa: PLR2004 - the highest port
        raise UnclearUrl(f"the port {number} is not valid")
    place = Place(scheme, _host(host), number)
    for reading in (urlsplit(f"{scheme}://{authority}/"), httpx.URL(f"{scheme}://{authority}/")):
        if (str(reading.scheme), str(reading.hostname if isinstance(reading, SplitResult) else reading.host)) != (
            scheme,
            place.host,
        ):
            raise UnclearUrl("the URL is ambiguous: programs disagree about its host")
    return place


def _split(authority: str) -> tuple[str, str | None]:
    found = re.fullmatch(r"(\[[0-9a-f:.]*\]|[^:\[\]]*)(?::([0-9]{1,5}))?", authority, re.ASCII)
    if found is None:
        raise UnclearUrl(f"the host '{authority[:_SHOWN]}' is not valid")
    return found[1], found[2]


def _host(host: str) -> str:
    """The host, if it is a name or an address in its usual spelling."""
    if host.startswith("["):
        address = _address(host[1:-1])
        if not isinstance(address, ipaddress.IPv6Address):
            raise UnclearUrl(f"the host '{host[:_SHOWN]}' is not a valid address")
        return host[1:-1]
    if _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
        if not isinstance(_address(host), ipaddress.IPv4Address):
            raise UnclearUrl(
                f"the host '{host[:_SHOWN]}' is an unusual spelling of an address", "write it as four decimal numbers"
            )
        return host
    if host.endswith("."):
        raise UnclearUrl(f"the host '{host[:_SHOWN]}' ends with a dot", "remove the dot")
    if not _NAME.fullmatch(host) or len(host) > _LONGEST_NAME:
        raise UnclearUrl(f"the host '{host[:_SHOWN]}' is not valid")
    return host


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _in_ascii(host: str) -> str:
    """A host name as it is looked up, so that letters that look alike can be told apart."""
    try:
        return host[:_SHOWN].encode("idna").decode()
    except UnicodeError:
        return ascii(host[:_SHOWN])[1:-1]
