"""RECONCILER_PROOF_HOSTS names hosts of one owner each."""

from __future__ import annotations

import pytest

from reconciler.errors import SettingsError
from reconciler.http.urls import sendable
from reconciler.trying.hosts import VARIABLE, hosts_in


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
