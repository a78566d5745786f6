from __future__ import annotations

import logging
import threading
import traceback
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from reconciler.documents.kinds import Kind
from reconciler.errors import RefusedForNow, ServiceError, ServiceUnreachable, SettingsError
from reconciler.flowservice.client import SpecReader
from reconciler.flowservice.credentials import Grant, RenewedToken, lifetime_of
from reconciler.flowservice.token_endpoint import _Tokens
from reconciler.secret import Secret
from reconciler.settings.values import Credentials, Network, OAuthCredentials, Target, TokenCredentials
from tests.flowservice.simulated import (
    CLIENT_SECRET,
    SPEC_ID,
    TOKEN_URL,
    Reply,
    Service,
    SimulatedClock,
    answer,
    client,
    granted,
    listed,
    raw,
    spec,
    target,
    unresolved,
    untrusted,
)

ASKED = "POST ims.example/ims/token/v3"
REFUSALS = [
    answer(401, {"error_code": "401013", "message": "Oauth token is not valid"}),
    answer(403, {"error_code": "403010", "message": "Oauth token is missing."}),
]


def read(reader: SpecReader) -> None:
    reader.list_specs(Kind.FLOW_SPEC)


def sent_tokens(service: Service) -> list[str]:
    return [request.headers["authorization"].removeprefix("Bearer ") for request in service.requests]


def test_the_secret_goes_in_the_form_and_not_in_the_query() -> None:
    service = Service(listed())
    read(client(service))
    request = service.token_requests[0]
    assert (request.method, str(request.url)) == ("POST", TOKEN_URL)
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qs(request.content.decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["client-1"],
        "client_secret": [CLIENT_SECRET],
        "scope": ["openid,session"],
    }
    assert "authorization" not in request.headers


def test_credentials_of_a_file_bring_their_scopes_and_a_refusal_names_the_file() -> None:
    credentials = OAuthCredentials("client-1", Secret(CLIENT_SECRET), ("openid", "AdobeID"), "a config file of aepp")
    service = Service(listed(), tokens=[answer(400, {"error": "invalid_client"})])
    with pytest.raises(ServiceError) as caught:
        read(client(service, credentials=credentials))
    assert parse_qs(service.token_requests[0].content.decode())["scope"] == ["openid,AdobeID"]
    assert "RECONCILER_CREDENTIALS" in (caught.value.hint or "")


def test_a_token_serves_many_calls() -> None:
    service = Service(listed())
    reader = client(service)
    for _ in range(3):
        read(reader)
    assert sent_tokens(service) == ["token-1"] * 3
    assert len(service.token_requests) == 1


@pytest.mark.parametrize(
    ("expires_in", "still_held", "renewed"),
    [
        (86399, 86399 - 301, 86399 - 299),
        (1000, 899, 901),
        (86399992, 86399 - 301, 86399 - 299),
        ("1000", 899, 901),
        (None, 3299, 3301),
        (-5, 3299, 3301),
        (0, 3299, 3301),
        ("soon", 3299, 3301),
        ("nan", 3299, 3301),
        ("inf", 3299, 3301),
        (10**400, 3299, 3301),
        ({}, 3299, 3301),
    ],
)
def test_a_token_is_renewed_a_little_before_it_ends(expires_in: Any, still_held: float, renewed: float) -> None:
    clock = SimulatedClock()
    service = Service(listed(), tokens=[granted("one", expires_in), granted("two")])
    reader = client(service, clock)
    began = clock.time
    for moment in (0.0, still_held, renewed):
        clock.time = began + moment
        read(reader)
    assert sent_tokens(service) == ["one", "one", "two"]


@pytest.mark.parametrize("value", [True, False])
def test_a_lifetime_that_is_no_number_is_unknown(value: Any) -> None:
    assert lifetime_of(value) == 3600


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_token_that_is_refused_is_renewed_and_the_call_repeated(refusal: httpx.Response) -> None:
    clock = SimulatedClock()
    service = Service(refusal, listed())
    read(client(service, clock, Network(retries=0)))
    assert sent_tokens(service) == ["token-1", "token-2"]
    assert clock.slept == []


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_write_whose_token_is_refused_is_not_repeated_before_somebody_has_looked(refusal: httpx.Response) -> None:
    service = Service(refusal, answer(201, spec()))
    writer = client(service)
    with pytest.raises(RefusedForNow):
        writer.create_spec(Kind.CONNECTION_SPEC, {"name": "x"})
    assert service.methods == ["POST"]
    assert writer.create_spec(Kind.CONNECTION_SPEC, {"name": "x"}).spec_id == SPEC_ID  # with another token


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_call_renews_its_token_once(refusal: httpx.Response) -> None:
    service = Service(refusal)
    with pytest.raises(ServiceError, match="Oauth token") as caught:
        read(client(service))
    assert len(service.requests) == 2
    assert caught.value.hint is not None
    assert "token" in caught.value.hint


def test_another_403_renews_nothing() -> None:
    service = Service(answer(403, {"error_code": "403003", "message": "Api Key is invalid"}))
    with pytest.raises(ServiceError, match="Api Key"):
        read(client(service))
    assert len(service.token_requests) == 1


def test_a_token_that_was_renewed_meanwhile_is_not_renewed_again() -> None:
    fetched: list[Grant] = []

    def fetch(_deadline: float) -> Grant:
        fetched.append(Grant(Secret(f"token-{len(fetched)}"), 1000.0))
        return fetched[-1]

    tokens = RenewedToken(fetch, SimulatedClock(), ASKED)
    old = tokens.current(2000.0)
    tokens.refuse(old)
    new = tokens.current(2000.0)
    assert tokens.refuse(old)
    assert tokens.current(2000.0) is new
    assert len(fetched) == 2


def test_a_fixed_token_is_sent_and_never_renewed() -> None:
    service = Service(REFUSALS[0])
    reader = client(service, credentials=TokenCredentials(Secret("given"), "key-1"))
    with pytest.raises(ServiceError, match="401013"):
        read(reader)
    assert sent_tokens(service) == ["given"]
    assert service.requests[0].headers["x-api-key"] == reader.client_id == "key-1"
    assert not service.token_requests


@pytest.mark.parametrize(
    "trouble",
    [httpx.ConnectError("refused"), httpx.ReadTimeout("slow"), answer(429), answer(503), raw(200, b'{"access_token": "ab')],
)
def test_a_token_is_asked_for_again_after_what_may_pass(trouble: Reply) -> None:
    service = Service(listed(), tokens=[trouble, trouble, granted("t")])
    read(client(service))
    assert sent_tokens(service) == ["t"]
    assert len(service.token_requests) == 3


@pytest.mark.parametrize(
    ("reply", "message", "hint"),
    [
        (answer(400, {"error": "invalid_client"}), "returned 400 invalid_client", "RECONCILER_CLIENT_SECRET"),
        (answer(401, {"error": "invalid_client"}), "returned 401 invalid_client", "RECONCILER_CLIENT_SECRET"),
        (answer(400, {"error": "invalid_scope"}), "returned 400 invalid_scope", "scopes"),
        (answer(400, {"error": f"no {CLIENT_SECRET}"}), "returned 400 ", "RECONCILER_CLIENT_SECRET"),
        (raw(404, b"<html>"), "returned 404", "token_url"),
        (answer(400, []), "returned 400", "RECONCILER_CLIENT_SECRET"),
        (answer(302, None, location="https://x.example"), "returned 302", "token_url"),
        (answer(200, {}), "without a usable access token", "token_url"),
        (answer(200, []), "without a usable access token", "token_url"),
        (answer(200, {"access_token": 5}), "without a usable access token", "token_url"),
        (answer(200, {"access_token": "a b\r\nX: y"}), "without a usable access token", "token_url"),
    ],
)
def test_a_token_endpoint_that_refuses_is_an_error_with_the_next_step(reply: httpx.Response, message: str, hint: str) -> None:
    service = Service(listed(), tokens=[reply])
    with pytest.raises(ServiceError, match=rf"POST ims-na1\.adobelogin\.com/ims/token/v3 .*{message}") as caught:
        read(client(service))
    assert caught.value.hint is not None
    assert hint in caught.value.hint
    assert (len(service.token_requests), len(service.requests)) == (1, 0)


def test_a_token_endpoint_that_cannot_be_reached_is_an_error_with_the_next_step() -> None:
    service = Service(listed(), tokens=[unresolved()])
    with pytest.raises(ServiceUnreachable, match="cannot resolve the host name; given up") as caught:
        read(client(service))
    assert caught.value.hint is not None
    assert "token_url" in caught.value.hint


def test_a_token_endpoint_whose_certificate_is_not_trusted_is_asked_once() -> None:
    service = Service(listed(), tokens=[untrusted()])
    with pytest.raises(ServiceUnreachable, match="the certificate is not trusted"):
        read(client(service))
    assert len(service.token_requests) == 1


def test_a_pause_of_the_token_endpoint_is_none_of_the_service() -> None:
    clock = SimulatedClock()
    service = Service(listed(), tokens=[answer(429, None, retry_after="9"), granted("t")])
    reader = client(service, clock)
    read(reader)
    read(reader)
    assert clock.slept == [9.0]


class CountingClock(SimulatedClock):
    """Lets a test wait until threads have asked for the time so many times."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Semaphore(0)

    def monotonic(self) -> float:
        self.asked.release()
        return super().monotonic()


def test_many_who_need_a_token_wait_for_one_fetch() -> None:
    go_on = threading.Event()
    fetches: list[float] = []
    got: list[Secret] = []

    def fetch(deadline: float) -> Grant:
        fetches.append(deadline)
        go_on.wait(10)
        return Grant(Secret("t"), 1000.0)

    clock = CountingClock()
    tokens = RenewedToken(fetch, clock, ASKED)
    threads = [threading.Thread(target=lambda: got.append(tokens.current(2000.0))) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert all(clock.asked.acquire(timeout=10) for _ in range(1 + len(threads)))
    go_on.set()
    for thread in threads:
        thread.join()
    assert (len(fetches), [token.reveal() for token in got]) == (1, ["t"] * 4)


def test_a_token_that_was_read_is_not_shown() -> None:
    assert "secret" not in repr(_Tokens(access_token="secret"))
    assert "secret" not in repr(Grant(Secret("secret"), 1.0))


def test_a_fetch_that_fails_fails_for_all_who_waited_for_it() -> None:
    fetching, go_on = threading.Event(), threading.Event()
    fetches: list[float] = []
    errors: list[ServiceError] = []

    def fetch(deadline: float) -> Grant:
        fetches.append(deadline)
        fetching.set()
        go_on.wait(10)
        raise ServiceError("no", hint="ask")

    clock = CountingClock()
    tokens = RenewedToken(fetch, clock, ASKED)

    def ask() -> None:
        try:
            tokens.current(2000.0)
        except ServiceError as error:
            errors.append(error)

    first = threading.Thread(target=ask)
    first.start()
    assert fetching.wait(10)
    others = [threading.Thread(target=ask) for _ in range(3)]
    for other in others:
        other.start()
    assert all(clock.asked.acquire(timeout=10) for _ in range(2 + len(others)))
    go_on.set()
    for thread in [first, *others]:
        thread.join()
    assert (len(fetches), len(errors)) == (1, 4)
    assert {(error.message, error.hint) for error in errors} == {("no", "ask")}


def test_a_wait_for_somebody_elses_fetch_ends_at_the_deadline() -> None:
    fetching, go_on = threading.Event(), threading.Event()

    def fetch(_deadline: float) -> Grant:
        fetching.set()
        go_on.wait(10)
        return Grant(Secret("t"), 1000.0)

    clock = SimulatedClock()
    tokens = RenewedToken(fetch, clock, ASKED)
    first = threading.Thread(target=tokens.current, args=(2000.0,))
    first.start()
    assert fetching.wait(10)
    with pytest.raises(ServiceUnreachable, match=f"^{ASKED}: no access token was received before the deadline$"):
        tokens.current(clock.monotonic())
    go_on.set()
    first.join()
    assert tokens.current(clock.monotonic()).reveal() == "t"


@pytest.mark.parametrize(
    "script",
    [
        [answer(500, {"message": "no"})],
        [httpx.LocalProtocolError(f"Illegal header value b'Bearer token-1 {CLIENT_SECRET}'")],
        [REFUSALS[0]],
        [raw(200, b"{")],
        [answer(302, None, location="https://evil.example")],
    ],
)
def test_no_error_log_line_or_traceback_shows_a_secret(script: list[Reply], caplog: pytest.LogCaptureFixture) -> None:
    reader = client(Service(*script, tokens=[granted("token-1-secret")]))
    with caplog.at_level(logging.DEBUG, logger="reconciler.http"), pytest.raises(ServiceError) as caught:
        read(reader)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(reader.requests) + caplog.text
    assert "GET /flowSpecs" in caplog.text
    assert CLIENT_SECRET not in shown
    assert "token-1" not in shown


@pytest.mark.parametrize("bad", ["", "a b", "a\n", "é", "a\r\nx: y"])
def test_what_no_header_can_carry_is_refused_before_anything_is_sent(bad: str) -> None:
    secret = Secret(f"s3cret{bad}" if bad else "")
    attempts: list[tuple[Target, Credentials, str]] = [
        (target(), TokenCredentials(secret, "key"), "the access token"),
        (target(), TokenCredentials(Secret("t"), bad), "client id"),
        (target(org_id=bad), OAuthCredentials("id", Secret("s")), "org_id of the target stage"),
        (target(sandbox=bad), OAuthCredentials("id", Secret("s")), "sandbox of the target stage"),
    ]
    for where, credentials, what in attempts:
        with pytest.raises(SettingsError, match=what) as caught:
            client(Service(listed()), credentials=credentials, where=where)
        assert "s3cret" not in caught.value.message
        assert caught.value.hint is not None
