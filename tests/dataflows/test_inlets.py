"""Where events may be sent: to Adobe's data collection over https, and to this machine only where that is allowed."""

from __future__ import annotations

import pytest

from reconciler.dataflows.inlets import InletRefused, inlet_at


@pytest.mark.parametrize(
    "url",
    [
        "https://dcs.adobedc.net/collection/abc",
        "https://DCS.adobedc.net:443/collection/abc",
        "https://dcs-stage.adobedc.net/collection/abc?a=b",
        "https://dcs-eu-1.adobedc.net/collection/abc",
    ],
)
def test_events_go_to_adobe(url: str) -> None:
    assert inlet_at(url, local=False).id == "abc"


@pytest.mark.parametrize(
    "url",
    [
        "http://dcs.adobedc.net/collection/abc",
        "https://dcs.adobedc.net:8443/collection/abc",
        "https://dcs.adobedc.net.evil.example/collection/abc",
        "https://evil.example/dcs.adobedc.net",
        "https://evil-dcs.adobedc.net/collection/abc",
        "https://dcs.adobedc.net@evil.example/collection/abc",
        "https://dcs.adobedc.net%2eevil.example/collection/abc",
        "https://adobedc.net/collection/abc",
        "https://platform.adobe.io/collection/abc",
        "https://dcs.\u0430dobedc.net/collection/abc",
        "http://127.0.0.1:8080/collection/abc",
        "http://localhost/collection/abc",
        "http://emulator.invalid/collection/abc",
        "file:///etc/passwd",
        "",
    ],
)
def test_events_go_nowhere_else(url: str) -> None:
    with pytest.raises(InletRefused):
        inlet_at(url, local=False)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080/collection/abc", "http://localhost:1/collection/abc", "http://[::1]:9/collection/abc"]
)
def test_this_machine_is_allowed_where_it_is_asked_for(url: str) -> None:
    assert inlet_at(url, local=True).id == "abc"


@pytest.mark.parametrize(
    "url",
    ["http://169.254.169.254/collection/abc", "http://10.0.0.1/x", "https://evil.example/x", "http://127.0.0.1.evil.example/x"],
)
def test_other_hosts_stay_refused_there(url: str) -> None:
    with pytest.raises(InletRefused):
        inlet_at(url, local=True)


def test_the_host_of_an_emulator_is_allowed_as_a_whole() -> None:
    assert inlet_at("http://emulator.invalid/collection/abc", local=True, service_host="emulator.invalid").id == "abc"
    with pytest.raises(InletRefused):
        inlet_at("http://emulator.invalid:81/collection/abc", local=True, service_host="emulator.invalid")


def test_a_refusal_shows_neither_path_nor_query() -> None:
    with pytest.raises(InletRefused) as refused:
        inlet_at("https://evil.example/collection/abc?token=t", local=True)
    assert str(refused.value) == "the inlet is at https://evil.example, and events go to https at dcs.adobedc.net only"


def test_what_is_shown_of_an_inlet_has_no_query() -> None:
    assert inlet_at("https://dcs.adobedc.net/collection/abc?a=b", local=False).url == "https://dcs.adobedc.net/collection/abc"
