"""Requests of a trial reach the third party as the spec says, and their answers come back whole."""

from __future__ import annotations

import gzip
import threading

import httpcore
import pytest

from reconciler.errors import SettingsError
from reconciler.sources.messages import Answer, NoAnswer, Request
from tests.flowservice.simulated import SimulatedClock
from tests.trying.internet import KEY, PUBLIC, Internet, answer, fetching

URL = "https://api.example.com/items"


def got(outcome: Answer | NoAnswer) -> Answer:
    assert isinstance(outcome, Answer), outcome
    return outcome


def lost(outcome: Answer | NoAnswer) -> NoAnswer:
    assert isinstance(outcome, NoAnswer), outcome
    return outcome


def test_a_request_is_sent_exactly_as_it_is_written() -> None:
    internet = Internet()
    fetch = fetching(internet)
    fetch(Request("GET", f"{URL}/a/../b%2f?x=%7e&y='|;&sig=a+b%20c", (("X-Key", KEY), ("Accept", "application/json"))))
    assert internet.received[0].startswith(b"GET /items/a/../b%2f?x=%7e&y='|;&sig=a+b%20c HTTP/1.1\r\n")
    assert f"x-key: {KEY}" in internet.all_received
    assert "reconciler/" in internet.all_received
    assert "Referer" not in internet.all_received


def test_characters_that_cannot_be_sent_are_escaped() -> None:
    internet = Internet()
    fetching(internet)(Request("GET", f"{URL}?name=Jörg M#part"))
    assert internet.received[0].startswith(b"GET /items?name=J%C3%B6rg%20M HTTP/1.1\r\n")


def test_a_post_has_its_body_as_json() -> None:
    internet = Internet()
    fetching(internet)(Request("POST", URL, (), {"page": 1}))
    assert b"content-type: application/json" in internet.received[0]
    assert internet.received[0].endswith(b'\r\n\r\n{"page":1}')


def test_an_answer_that_repeats_a_secret_comes_back_whole() -> None:
    body = f'{{"next":"{URL}?key={KEY}"}}'.encode()
    outcome = got(fetching(Internet(answers=[answer(200, body, Link=f"<{URL}?key={KEY}>", X_Total="3")]))(Request("GET", URL)))
    assert outcome.content == body
    assert KEY in outcome.headers["link"]
    assert outcome.headers["x-total"] == "3"


def test_an_error_answer_comes_back_whole() -> None:
    outcome = got(fetching(Internet(answers=[answer(401, b"no: " + KEY.encode())]))(Request("GET", URL)))
    assert (outcome.status, outcome.content) == (401, b"no: " + KEY.encode())


def test_a_compressed_answer_is_decompressed() -> None:
    body = gzip.compress(b'{"a":1}')
    outcome = got(fetching(Internet(answers=[answer(200, body, Content_Encoding="gzip")]))(Request("GET", URL)))
    assert outcome.content == b'{"a":1}'


def test_an_answer_that_expands_without_end_is_given_up() -> None:
    bomb = gzip.compress(bytes(65 * 1024 * 1024))
    outcome = lost(fetching(Internet(answers=[answer(200, bomb, Content_Encoding="gzip")]))(Request("GET", URL)))
    assert outcome.code == "no-answer"
    assert "larger than" in outcome.reason


def test_a_get_is_sent_again_after_a_lost_connection() -> None:
    outcome = got(fetching(Internet(answers=[httpcore.ReadError(), answer(200, b"[]")]))(Request("GET", URL)))
    assert outcome.content == b"[]"


def test_a_post_that_may_have_arrived_is_not_sent_again() -> None:
    internet = Internet(answers=[httpcore.ReadError(), answer()])
    assert lost(fetching(internet)(Request("POST", URL, (), {}))).code == "no-answer"
    assert len(internet.received) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_status_that_may_pass_goes_to_the_trial_as_it_is(status: int) -> None:
    internet = Internet(answers=[answer(status, b"later", Retry_After="7"), answer()])
    clock = SimulatedClock()
    fetch = fetching(internet, clock=clock)
    assert got(fetch(Request("GET", URL))).status == status
    assert got(fetch(Request("GET", URL))).status == 200
    assert clock.slept == []


def test_a_status_that_may_pass_is_asked_again_where_the_service_does() -> None:
    internet = Internet(answers=[answer(429, b"", Retry_After="7"), answer(200, b"[]")])
    clock = SimulatedClock()
    assert got(fetching(internet, clock=clock, retries=lambda: True)(Request("GET", URL))).content == b"[]"
    assert sum(clock.slept) == 7


def test_a_status_that_does_not_pass_is_the_answer_in_the_end() -> None:
    fetch = fetching(Internet(answers=[answer(500, b"oops")]), retries=lambda: True)
    outcome = got(fetch(Request("GET", URL)))
    assert (outcome.status, outcome.content) == (500, b"oops")


def test_a_cookie_is_not_sent_back() -> None:
    internet = Internet(answers=[answer(200, b"", Set_Cookie="session=abc; Path=/")])
    fetch = fetching(internet)
    fetch(Request("GET", URL))
    fetch(Request("GET", URL))
    assert "cookie" not in internet.all_received.lower()


def test_a_connection_is_used_again() -> None:
    internet = Internet()
    fetch = fetching(internet)
    for _ in range(3):
        fetch(Request("GET", URL))
    assert internet.connected == [f"{PUBLIC}:443"]


def test_the_delay_is_waited_for_between_two_calls() -> None:
    clock = SimulatedClock()
    fetch = fetching(Internet(), clock=clock, delay=1.0)
    fetch(Request("GET", URL))
    assert clock.slept == []
    fetch(Request("GET", URL))
    assert sum(clock.slept) == 1.0


def test_after_a_stop_nothing_is_sent() -> None:
    internet = Internet()
    stop = threading.Event()
    fetch = fetching(internet, stop=stop)
    fetch(Request("GET", URL))
    stop.set()
    assert lost(fetch(Request("GET", URL))).code == "interrupted"
    assert len(internet.received) == 1


def test_a_stop_ends_the_delay() -> None:
    stop = threading.Event()

    class StopsSoon(SimulatedClock):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            stop.set()

    clock = StopsSoon()
    fetch = fetching(Internet(), clock=clock, stop=stop, delay=60.0)
    fetch(Request("GET", URL))
    assert lost(fetch(Request("GET", URL))).code == "interrupted"
    assert sum(clock.slept) < 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Key", "abc\r\nHost: evil.example"),
        ("X-Key", "abc\n"),
        ("X-Key", " abc"),
        ("X-Key", "schlüssel"),
        ("page[after]", "1"),
        ("", "1"),
    ],
)
def test_a_header_that_would_break_the_request_is_not_sent(name: str, value: str) -> None:
    internet = Internet()
    assert lost(fetching(internet)(Request("GET", URL, ((name, value),)))).code == "header-name"
    assert internet.received == []


@pytest.mark.parametrize("name", ["Host", "host", "Transfer-Encoding", "Content-Length", "Connection", "Proxy-Authorization"])
def test_a_spec_cannot_set_a_header_that_leads_elsewhere(name: str) -> None:
    internet = Internet()
    assert lost(fetching(internet)(Request("GET", URL, ((name, "evil.example"),)))).code == "header-name"
    assert internet.received == []


def test_only_get_and_post_are_sent() -> None:
    internet = Internet()
    assert "use GET or POST" in str(lost(fetching(internet)(Request("DELETE", URL))).hint)
    assert internet.received == []


def test_an_invalid_proxy_is_an_error_of_the_settings() -> None:
    with pytest.raises(SettingsError, match="HTTPS_PROXY"):
        fetching(Internet(), environ={"HTTPS_PROXY": "ftp://proxy.example"})(Request("GET", URL))
