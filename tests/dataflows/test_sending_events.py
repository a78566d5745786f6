"""What comes of an event: an answer, none, or a refusal for now, after which it is sent again."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from reconciler.dataflows.inlets import Delivery, inlet_at
from reconciler.dataflows.writing import ProofWriter
from reconciler.errors import ServiceError
from tests.dataflows.wires import client
from tests.flowservice.simulated import CLIENT_SECRET, Service, answer

NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
INLET = inlet_at("https://dcs.adobedc.net/collection/abc?x=1", local=False)
BODY = b'{"a":  1}'


def delivered(service: Service) -> Delivery:
    with client(ProofWriter, service) as writer:
        return writer.events().send(INLET, {"x-hmac-sha256": "c2ln"}, BODY, NOW)


def test_the_bytes_and_headers_are_sent_to_the_address_of_the_inlet() -> None:
    service = Service(lambda _request: answer(200, {"inletId": "abc", "xactionId": "159:ab"}))
    found = delivered(service)
    (request,) = service.requests
    assert (str(request.url), request.content, request.headers["x-hmac-sha256"]) == (INLET.address.url, BODY, "c2ln")
    assert not {"authorization", "x-api-key", "x-gw-ims-org-id"} & set(request.headers)
    assert (found.accepted, found.status, found.trace, found.at) == (True, 200, "159:ab", NOW)
    assert found.answer == '{"inletId":"abc","xactionId":"159:ab"}'


def test_a_refusal_has_its_reason_and_the_request_id() -> None:
    service = Service(lambda _request: answer(401, {"title": "Authorization", "report": {"message": "the signature is wrong"}}))
    found = delivered(service)
    assert (found.accepted, found.status, found.said) == (False, 401, "the signature is wrong")
    assert found.trace == service.requests[0].headers["x-request-id"]


def test_the_time_is_that_of_the_service() -> None:
    headers = {"date": "Fri, 27 Nov 2026 09:00:00 GMT"}
    service = Service(lambda _request: httpx.Response(200, json={}, headers=headers))
    assert delivered(service).at == NOW.replace(hour=9)


def test_an_event_without_an_answer_may_have_arrived_and_is_not_sent_again() -> None:
    def cut_off(_request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("cut off")

    service = Service(cut_off)
    found = delivered(service)
    assert (found.status, found.accepted, len(service.requests)) == (None, False, 1)


@pytest.mark.parametrize("status", [500, 502, 504])
def test_an_error_of_the_inlet_is_an_answer_and_no_reason_to_send_twice(status: int) -> None:
    service = Service(lambda _request: answer(status, {}))
    assert (delivered(service).status, len(service.requests)) == (status, 1)


@pytest.mark.parametrize("status", [429, 503])
def test_an_event_that_was_not_taken_is_sent_again(status: int) -> None:
    answers = iter([answer(status, {}), answer(200, {})])
    service = Service(lambda _request: next(answers))
    assert (delivered(service).status, len(service.requests)) == (200, 2)


def test_an_event_that_is_never_taken_is_an_error() -> None:
    with pytest.raises(ServiceError):
        delivered(Service(lambda _request: answer(429, {})))


def test_a_redirect_is_not_followed() -> None:
    service = Service(lambda _request: httpx.Response(307, headers={"location": "https://evil.example/x"}))
    assert (delivered(service).status, len(service.requests)) == (307, 1)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"[" * 10_000, b'{"xactionId": {"a": 1}, "message": ["x"]}', b"9" * 100_000]
)
def test_any_answer_can_be_read(content: bytes) -> None:
    found = delivered(Service(lambda _request: httpx.Response(200, content=content)))
    assert found.accepted
    assert len(found.answer) <= 4_000
    assert found.answer.isprintable()


def test_an_answer_that_repeats_a_credential_is_not_kept() -> None:
    with client(ProofWriter, Service(lambda _request: answer(400, {"message": f"{CLIENT_SECRET} is wrong"}))) as writer:
        writer.withhold(CLIENT_SECRET)
        found = writer.events().send(INLET, {}, BODY, NOW)
    assert CLIENT_SECRET not in found.answer + found.said
