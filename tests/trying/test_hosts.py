"""RECONCILER_PROOF_HOSTS names hosts of one owner each."""

from __future__ import annotations

import pytest

from reconciler.errors import SettingsError
from reconciler.http.network.guarding import AddressRefused
from reconciler.http.urls import sendable
from reconciler.trying.hosts import VARIABLE, HostGuard, Question, hosts_in


def covered(entries: str, url: str) -> bool:
    hosts = hosts_in({VARIABLE: entries})
    assert hosts is not None
    return hosts.cover(sendable(url).place)


@pytest.mark.parametrize("text", ["", "  ", ",", " , "])
def test_an_empty_list_is_no_list(text: str) -> None:
    assert hosts_in({VARIABLE: text}) is None
    assert hosts_in({}) is None


def test_a_name_covers_itself() -> None:
    assert covered("a.example.com, api.example.com", "https://api.example.com/x")
    assert covered("API.example.com", "https://api.example.com:443/x")
    assert not covered("api.example.com", "https://b.api.example.com/")
    assert not covered("api.example.com", "https://example.com/")


def test_a_star_covers_the_names_below() -> None:
    assert covered("*.api.mailchimp.com", "https://us6.api.mailchimp.com/")
    assert covered("*.api.mailchimp.com", "https://a.b.api.mailchimp.com/")
    assert not covered("*.api.mailchimp.com", "https://api.mailchimp.com/")
    assert not covered("*.api.mailchimp.com", "https://evilapi.mailchimp.com/")


def test_a_port_must_be_the_same() -> None:
    assert covered("api.example.com:8443", "https://api.example.com:8443/")
    assert not covered("api.example.com:8443", "https://api.example.com/")
    assert not covered("api.example.com", "https://api.example.com:8443/")


def test_this_machine_needs_no_port() -> None:
    assert covered("127.0.0.1", "http://127.0.0.1:51234/")
    assert covered("localhost", "http://localhost:51234/")
    assert not covered("localhost:1", "http://localhost:51234/")


@pytest.mark.parametrize(
    "entry",
    [
        "*",
        "*.*",
        "*.",
        "*.com",
        "*.co.uk",
        "*.com.au",
        "*.github.io",
        "*.herokuapp.com",
        "*.s3.amazonaws.com",
        "*.blob.core.windows.net",
        "*.127.0.0.1",
        "*.localhost",
    ],
)
def test_a_star_for_hosts_of_different_owners_is_not_accepted(entry: str) -> None:
    with pytest.raises(SettingsError, match=VARIABLE):
        hosts_in({VARIABLE: f"api.example.com,{entry}"})


@pytest.mark.parametrize(
    "entry",
    [
        "https://api.example.com",
        "api.example.com/",
        "a@b.example",
        "a.*.example.com",
        "api.example.com:0",
        "127.1",
        "\u0430pi.example.com",
    ],
)
def test_an_entry_that_is_not_a_host_is_not_accepted(entry: str) -> None:
    with pytest.raises(SettingsError) as error:
        hosts_in({VARIABLE: entry})
    assert "api.example.com:8443" in str(error.value.hint)


@pytest.mark.parametrize("entry", ["*.acme.co.uk", "*.co.acme", "*.acme.uk", "*.co.example.com"])
def test_a_star_below_the_domain_of_one_owner_is_accepted(entry: str) -> None:
    assert covered(entry, f"https://api.{entry[2:]}/")


def test_an_entry_with_a_port_covers_that_host_only() -> None:
    assert not covered("api.example.com:8443", "https://other.example.com:8443/")
    assert covered("*.example.com:8443", "https://api.example.com:8443/")


def refused(guard: HostGuard, url: str, *, proxied: bool = False) -> str | None:
    refusal = guard.refusal(sendable(url).place, proxied=proxied)
    return None if refusal is None else f"{refusal.reason}; {refusal.hint}"


def test_http_is_refused_even_without_a_secret_unless_it_is_allowed() -> None:
    assert "would be called over http, which is not encrypted" in str(refused(HostGuard(None, ()), "http://api.example.com/"))
    assert refused(HostGuard(None, (), allow_local=True), "http://api.example.com/") is None


def test_an_address_in_the_url_is_judged_before_the_list_of_hosts() -> None:
    hosts = hosts_in({VARIABLE: "10.0.0.1,169.254.169.254"})
    assert "10.0.0.1 is a private address; for a stub" in str(refused(HostGuard(hosts, ("K",)), "https://10.0.0.1/"))
    assert "gives out credentials" in str(refused(HostGuard(hosts, ("K",), allow_local=True), "https://169.254.169.254/"))
    assert refused(HostGuard(hosts, ("K",), allow_local=True), "https://10.0.0.1/") is None
    assert refused(HostGuard(None, ()), "https://8.8.8.8/") is None


def test_a_host_that_is_not_in_the_list_is_refused_with_what_to_add() -> None:
    listed = HostGuard(hosts_in({VARIABLE: "a.example"}), ("RECONCILER_PROOF_K",))
    assert refused(listed, "https://b.example/") == (
        f"b.example is not in {VARIABLE}, so it does not get RECONCILER_PROOF_K; if b.example belongs to the third party: "
        f'export {VARIABLE}="${VARIABLE},b.example"; in GitHub Actions, add it under env:'
    )
    assert refused(HostGuard(None, ("RECONCILER_PROOF_K",)), "https://b.example/") == (
        f"{VARIABLE} is not set, so b.example does not get RECONCILER_PROOF_K; if b.example belongs to the third party: "
        f'export {VARIABLE}="b.example"; in GitHub Actions, under env: {VARIABLE}: b.example'
    )


def test_a_host_behind_a_proxy_must_be_named_even_without_a_secret() -> None:
    assert refused(HostGuard(None, ()), "https://b.example/") is None
    assert "behind a proxy the address of b.example cannot be checked" in str(
        refused(HostGuard(None, ()), "https://b.example/", proxied=True)
    )


def test_a_person_is_asked_once_and_only_the_named_place_is_confirmed() -> None:
    asked: list[Question] = []

    def ask(question: Question) -> bool:
        asked.append(question)
        return True

    guard = HostGuard(None, ("RECONCILER_PROOF_K",), ask=ask)
    assert refused(guard, "https://b.example/") is None
    assert refused(guard, "https://b.example/") is None
    assert refused(guard, "https://c.example/") is not None
    assert asked == [Question("b.example", ("RECONCILER_PROOF_K",))]
    assert [guard.is_named(sendable(f"https://{host}.example/").place) for host in "bc"] == [True, False]


def test_a_star_names_no_place() -> None:
    guard = HostGuard(hosts_in({VARIABLE: "*.a.example b.example"}), ("K",))
    assert [guard.is_named(sendable(f"https://{host}/").place) for host in ("x.a.example", "b.example")] == [False, True]
    assert not HostGuard(None, ("K",)).is_named(sendable("https://b.example/").place)


@pytest.mark.parametrize(
    ("scheme", "addresses", "words"),
    [
        ("https", ["8.8.8.8"], None),
        ("https", None, None),
        ("https", [], None),
        ("https", ["8.8.8.8", "10.0.0.1"], "api.example (10.0.0.1) is a private address"),
        ("http", None, "its address is not known here"),
        ("http", [], "its address is not known here"),
        ("http", ["8.8.8.8"], "not on this machine or its network"),
    ],
)
def test_a_host_behind_a_proxy_is_judged_by_the_addresses_that_are_known(
    scheme: str, addresses: list[str] | None, words: str | None
) -> None:
    guard = HostGuard(None, ())
    if words is None:
        guard.check_proxied(scheme, "api.example", addresses)
        return
    with pytest.raises(AddressRefused) as error:
        guard.check_proxied(scheme, "api.example", addresses)
    assert words in str(error.value)


def test_a_stub_on_this_machine_may_be_called_over_http() -> None:
    HostGuard(None, (), allow_local=True).check_proxied("http", "localhost", ["127.0.0.1"])
