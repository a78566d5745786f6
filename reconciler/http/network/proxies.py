"""The proxy of a request, from the environment. Error messages name the variable and never show its value.

Reads `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`; the lower-case names take precedence, as in curl and Python. The user and
password of a proxy may contain any characters, including `/`, `#` and `@`. Loopback is always reached directly.
"""

from __future__ import annotations

import ipaddress
import logging
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

import msgspec

from reconciler.errors import SettingsError
from reconciler.secret import Secret
from reconciler.settings.addresses import is_loopback

_LOGGER: Final = logging.getLogger("reconciler.http")
_PORTS: Final = {"http": 80, "https": 443}
_HOST: Final = re.compile(r"[0-9A-Za-z_](?:[0-9A-Za-z_.-]{0,252})\.?", re.ASCII)
_HOST_AND_PORT: Final = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]*))?", re.ASCII)
_EXCEPTION: Final = re.compile(r"(?:\*?\.)?(?P<host>[0-9A-Za-z_][0-9A-Za-z_.-]*)(?::(?P<port>[0-9]{1,5}))?", re.ASCII)
_BRACKETS: Final = re.compile(r"\[(?P<host>[0-9A-Fa-f:.%]+)\](?::(?P<port>[0-9]{1,5}))?", re.ASCII)
_HIGHEST_PORT: Final = 65_535
_FORM: Final = "as http://proxy.example:3128 or http://user:password@proxy.example:3128"


class Proxy(msgspec.Struct, frozen=True):
    """One HTTP proxy. `scheme` is the protocol of the connection to the proxy itself: http or https."""

    scheme: str
    host: str
    port: int
    user: Secret | None = None
    password: Secret | None = None


def proxy_for(scheme: str, host: str, port: int | None, environ: Mapping[str, str]) -> Proxy | None:
    """The proxy for this host; None for a direct connection. Raises SettingsError for an invalid variable."""
    if is_loopback(host):
        return None
    name = _first_set(environ, f"{scheme}_proxy", "all_proxy")
    value = environ.get(name or "", "").strip()
    if name is None or not value or _is_excepted(host, port or _PORTS.get(scheme), environ):
        return None
    return _proxy(name, value)


def _first_set(environ: Mapping[str, str], *names: str) -> str | None:
    """The first variable that is set; lower case takes precedence. `HTTP_PROXY` is ignored in CGI, where a request header can set it."""
    spelled = (spelling for name in names for spelling in (name, name.upper()))
    return next(
        (name for name in spelled if name in environ and not (name == "HTTP_PROXY" and "REQUEST_METHOD" in environ)), None
    )


def _proxy(name: str, value: str) -> Proxy:
    scheme, separator, rest = value.partition("://")
    scheme, rest = (scheme.lower(), rest) if separator else ("http", value)
    if scheme.startswith("socks"):
        raise _unusable(name, "names a SOCKS proxy; only HTTP proxies are supported", f"use an HTTP proxy {_FORM}")
    if scheme not in _PORTS:
        raise _unusable(name, "is not an HTTP proxy: it must start with http:// or https://", f"write it {_FORM}")
    user_and_password, at, place = rest.rpartition("@")
    found = _HOST_AND_PORT.fullmatch(place.split("/", 1)[0])
    host = found["host"].strip("[]") if found else ""
    if found is None or not (_HOST.fullmatch(host) or _address(host)):
        raise _unusable(name, "has no valid host", f"write it {_FORM}")
    port = int(found["port"] or _PORTS[scheme]) if len(found["port"] or "") < len("100000") else 0
    if not 0 < port <= _HIGHEST_PORT:
        raise _unusable(name, "has an invalid port", "write a port from 1 to 65535")
    if not at:
        return Proxy(scheme, host, port)
    user, _, password = user_and_password.partition(":")
    return Proxy(scheme, host, port, Secret(unquote(user)), Secret(unquote(password)))


def _is_excepted(host: str, port: int | None, environ: Mapping[str, str]) -> bool:
    name = _first_set(environ, "no_proxy")
    entries = re.split(r"[\s,]+", environ.get(name or "", "").strip())
    return any(_covers(entry, host, port, f"{name}, entry {number}") for number, entry in enumerate(entries, start=1) if entry)


def _covers(entry: str, host: str, port: int | None, place: str) -> bool:
    """Whether a NO_PROXY entry matches this host: a domain with its subdomains, an address, or a network; `*` matches all."""
    if entry == "*":
        return True
    address = _address(host)
    network = _network(entry.strip("[]"))
    if network is not None:
        return address is not None and address in network
    found = _BRACKETS.fullmatch(entry) or _EXCEPTION.fullmatch(entry)
    if found is None or ("[" in entry and _address(found["host"]) is None):
        _LOGGER.warning("%s is not a host, address or network, and is ignored", place)
        return False
    if found["port"] is not None and int(found["port"]) != port:
        return False
    named = _address(found["host"])
    if named is not None:
        return named == address
    return f".{host.casefold().rstrip('.')}".endswith(f".{found['host'].casefold().rstrip('.')}")


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def _unusable(name: str, reason: str, hint: str) -> SettingsError:
    return SettingsError(f"{name} {reason}", hint=f"{hint}, or unset {name}; list hosts to reach directly in NO_PROXY")
