"""Proxies as the environment names them."""

from __future__ import annotations

import logging

import pytest

from reconciler.errors import SettingsError
from reconciler.http.network.proxies import Proxy, proxy_for
from reconciler.secret import Secret

HOST = "platform.adobe.io"


def proxy(host: str = HOST, scheme: str = "https", port: int | None = None, **environ: str) -> Proxy | None:
    return proxy_for(scheme, host, port, environ)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("http://proxy.example:3128", Proxy("http", "proxy.example", 3128)),
        ("proxy.example:3128", Proxy("http", "proxy.example", 3128)),
        ("https://proxy.example", Proxy("https", "proxy.example", 443)),
        ("HTTP://proxy.example/", Proxy("http", "proxy.example", 80)),
        ("http://[::1]:3128", Proxy("http", "::1", 3128)),
        ("http://10.0.0.1:3128/x", Proxy("http", "10.0.0.1", 3128)),
        ("http://me:Geh3im/x#y@z@proxy.example:1", Proxy("http", "proxy.example", 1, Secret("me"), Secret("Geh3im/x#y@z"))),
        ("http://me:a%40b%3A@proxy.example:1", Proxy("http", "proxy.example", 1, Secret("me"), Secret("a@b:"))),
        ("http://me@proxy.example:1", Proxy("http", "proxy.example", 1, Secret("me"), Secret(""))),
    ],
)
def test_a_proxy_is_read_whatever_its_password_holds(value: str, expected: Proxy) -> None:
    assert proxy(HTTPS_PROXY=value) == expected


@pytest.mark.parametrize("value", ["socks5://proxy:1080", "socks4a://me:Geh3im@proxy:1080", "socks://proxy"])
def test_a_socks_proxy_is_named_with_its_variable(value: str) -> None:
    with pytest.raises(SettingsError, match="ALL_PROXY names a SOCKS proxy") as caught:
        proxy(ALL_PROXY=value)
    assert "unset ALL_PROXY" in str(caught.value.hint)


@pytest.mark.parametrize(
    "value",
    [
        "ftp://me:Geh3im@proxy:21",
        "http://me:Geh3im@proxy:Geh3im",
        "http://me:Geh3im@proxy:70000",
        "http://me:Geh3im@proxy:0",
        "http://me:Geh3im@proxy:99999999999999999999999",
        "http://me:Geh3im@",
        "http://me:Geh3im@:3128",
        "http://me:Geh3im",
        "http://:3128",
        "http://[::1",
        "http://a b",
        "://",
    ],
)
def test_a_proxy_that_cannot_be_one_is_named_with_its_variable_and_never_with_its_value(value: str) -> None:
    with pytest.raises(SettingsError, match="HTTPS_PROXY") as caught:
        proxy(HTTPS_PROXY=value)
    assert "Geh3im" not in f"{caught.value.message} {caught.value.hint}"


def test_small_letters_win_and_the_schemes_own_variable_before_that_for_all() -> None:
    assert proxy(https_proxy="http://small:1", HTTPS_PROXY="http://large:1") == Proxy("http", "small", 1)
    assert proxy(HTTPS_PROXY="http://own:1", all_proxy="http://all:1") == Proxy("http", "own", 1)
    assert proxy(all_proxy="http://all:1") == Proxy("http", "all", 1)
    assert proxy(HTTP_PROXY="http://other:1") is None
    assert proxy(https_proxy="", HTTPS_PROXY="http://large:1") is None
    assert proxy(scheme="http", HTTP_PROXY="http://p:1", REQUEST_METHOD="GET") is None


@pytest.mark.parametrize(
    "entry",
    [
        "*",
        HOST,
        ".adobe.io",
        "adobe.io",
        "*.adobe.io",
        "ADOBE.IO",
        "platform.adobe.io:443",
        "x, adobe.io",
        "x adobe.io.",
        "[::1],adobe.io",
    ],
)
def test_hosts_in_no_proxy_are_reached_directly(entry: str) -> None:
    assert proxy(HTTPS_PROXY="http://proxy:1", NO_PROXY=entry) is None


@pytest.mark.parametrize(
    "entry", ["dobe.io", "adobe.io:8443", "10.0.0.0/8", "::/0", "", ",", "example.com", "[fd00::]/8", "[::1]:443"]
)
def test_other_hosts_are_reached_through_the_proxy(entry: str) -> None:
    assert proxy(HTTPS_PROXY="http://proxy:1", NO_PROXY=entry) is not None


@pytest.mark.parametrize(
    ("host", "entry"),
    [
        ("10.1.2.3", "10.0.0.0/8"),
        ("10.1.2.3", "10.1.2.3"),
        ("fd00::1", "fd00::/8"),
        ("fd00::1", "[fd00::1]"),
        ("fd00::1", "fd00:0::1"),
        ("fd00::1", "[fd00::1]:443"),
    ],
)
def test_addresses_and_networks_in_no_proxy_hold_for_addresses(host: str, entry: str) -> None:
    assert proxy(host, HTTPS_PROXY="http://proxy:1", NO_PROXY=entry) is None


@pytest.mark.parametrize("entry", ["[fd00:::", "a/b", "http://x", "[x]", "a:b", "\x00"])
def test_an_entry_of_no_proxy_that_cannot_be_one_is_ignored_and_named_by_its_place(
    entry: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="reconciler.http"):
        assert proxy(HTTPS_PROXY="http://proxy:1", NO_PROXY=f"x,{entry}") is not None
    assert "NO_PROXY, entry 2 is not a host" in caplog.text


def test_without_a_proxy_nothing_of_no_proxy_is_read(caplog: pytest.LogCaptureFixture) -> None:
    assert proxy(NO_PROXY="[fd00::") is None
    assert not caplog.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "::1"])
def test_loopback_is_reached_directly_whatever_is_set(host: str) -> None:
    assert proxy(host, ALL_PROXY="socks5://proxy:1", NO_PROXY="[") is None


def test_a_proxy_does_not_show_its_password() -> None:
    assert "Geh3im" not in repr(proxy(HTTPS_PROXY="http://me:Geh3im@proxy:1"))
