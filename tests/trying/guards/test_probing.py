"""A test of the credentials that any credential passes is reported."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from reconciler.secret import Secret
from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding
from reconciler.sources.messages import Answer, NoAnswer, Request
from reconciler.sources.source import Source
from reconciler.sources.values import Values
from reconciler.trying.guards.probing import probe_auth
from tests.trying.internet import KEY, OTHER, PUBLIC, Internet, answer, fetching

SOURCE = Source({"authSpec": [{"name": "Basic", "type": "BasicAuthentication", "spec": {"properties": {}}}]})
URL = "https://login.example.com/ping"


def values(**more: object) -> Values:
    return Values("Basic", {"username": "anna", "password": Secret(KEY), "authorizationTestUrl": URL, **more})


def probed(
    reply: Callable[[Request], Answer | NoAnswer], given: Values | None = None
) -> tuple[tuple[Finding, ...], list[Request]]:
    requests: list[Request] = []

    def fetch(request: Request) -> Answer | NoAnswer:
        requests.append(request)
        return reply(request)

    return probe_auth(SOURCE, given or values(), fetch, Assumptions()), requests


def is_right(request: Request) -> bool:
    return ("Authorization", f"Basic {base64.b64encode(f'anna:{KEY}'.encode()).decode()}") in request.headers


def status(number: int) -> Answer:
    return Answer(number, {}, b"")


def test_a_test_that_refuses_a_wrong_credential_is_right() -> None:
    findings, requests = probed(lambda request: status(200 if is_right(request) else 401))
    assert findings == ()
    assert [request.url for request in requests] == [URL, URL]
    assert [is_right(request) for request in requests] == [True, False]


def test_the_wrong_credential_differs_in_one_character() -> None:
    _, requests = probed(lambda _: status(200))
    sent = [base64.b64decode(dict(request.headers)["Authorization"].removeprefix("Basic ")).decode() for request in requests]
    assert len(sent[0]) == len(sent[1])
    assert sum(one != other for one, other in zip(*sent, strict=True)) == 1


def test_a_test_that_accepts_any_credential_is_reported() -> None:
    findings, _ = probed(lambda _: status(204))
    assert [finding.code for finding in findings] == ["auth-test-always-true"]
    assert "HTTP 204" in findings[0].message


def test_a_test_that_refuses_the_right_credential_is_reported_and_not_repeated() -> None:
    findings, requests = probed(lambda _: status(401))
    assert [finding.code for finding in findings] == ["http-status"]
    assert len(requests) == 1


@pytest.mark.parametrize("code", ["host-refused", "no-answer", "interrupted"])
def test_without_an_answer_the_reason_is_reported(code: str) -> None:
    findings, _ = probed(lambda _: NoAnswer(code, "the reason", "the hint"))
    assert [finding.code for finding in findings] == ["no-answer" if code == "interrupted" else code]
    assert "the reason" in findings[0].message


def test_without_an_answer_to_the_wrong_credential_the_reason_is_reported() -> None:
    findings, requests = probed(
        lambda request: status(200) if is_right(request) else NoAnswer("host-refused", "the reason", None)
    )
    assert [finding.code for finding in findings] == ["host-refused"]
    assert len(requests) == 2


def test_a_header_that_cannot_be_sent_is_reported_as_that() -> None:
    assert [item.code for item in probed(lambda _: NoAnswer("header-name", "the reason", None))[0]] == ["header-name"]


@pytest.mark.parametrize(("number", "passes"), [(199, False), (200, True), (299, True), (300, False)])
def test_a_test_is_passed_with_a_status_of_success(number: int, passes: bool) -> None:
    findings, _ = probed(lambda _: status(number))
    assert [finding.code for finding in findings] == ["auth-test-always-true" if passes else "http-status"]


@pytest.mark.parametrize(
    ("key", "wrong"), [("key-0", "key-1"), ("key-1", "key-0"), ("key-a", "key-b"), ("key-b", "key-a"), ("", "a")]
)
def test_the_last_character_of_the_wrong_credential_is_another_one_of_its_kind(key: str, wrong: str) -> None:
    _, requests = probed(lambda _: status(200), values(password=Secret(key)))
    assert requests[1].headers == (
        ("Authorization", f"Basic {base64.b64encode(f'anna:{wrong}'.encode()).decode()}"),
        ("Accept", "application/json"),
    )


def test_without_an_address_nothing_is_sent_and_that_is_said() -> None:
    findings, requests = probed(lambda _: status(200), Values("Basic", {"username": "anna", "password": Secret(KEY)}))
    assert "was not tried" in findings[0].message
    assert requests == []


def test_without_a_secret_there_is_no_wrong_credential() -> None:
    findings, requests = probed(lambda _: status(200), values(password="literal"))
    assert "was not tried" in findings[0].message
    assert len(requests) == 1


def test_an_address_with_a_placeholder_is_filled_in() -> None:
    _, requests = probed(lambda _: status(401), values(authorizationTestUrl="https://${domain}.example.com/", domain="us6"))
    assert requests[0].url == "https://us6.example.com/"
    findings, requests = probed(lambda _: status(401), values(authorizationTestUrl="https://${domain}.example.com/"))
    assert ([finding.code for finding in findings], requests) == (["missing-value"], [])


def test_a_test_on_another_host_in_the_list_gets_the_credentials() -> None:
    internet = Internet({"api.example.com": [[PUBLIC]], "login.example.com": [[OTHER]]}, [answer(), answer(), answer(401)])
    fetch = fetching(internet, hosts="*.example.com")
    fetch(Request("GET", "https://api.example.com/"))
    assert probe_auth(SOURCE, values(), fetch.apart(), Assumptions()) == ()
    assert all(b"authorization" in received.lower() for received in internet.received[1:])


def test_a_test_on_a_host_that_is_not_in_the_list_gets_nothing() -> None:
    internet = Internet({"api.example.com": [[PUBLIC]], "login.example.com": [[OTHER]]})
    findings = probe_auth(SOURCE, values(), fetching(internet).apart(), Assumptions())
    assert [finding.code for finding in findings] == ["host-refused"]
    assert internet.connected == []
