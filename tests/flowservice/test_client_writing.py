from __future__ import annotations

from typing import Any

import httpx
import msgspec
import pytest

from reconciler.documents.kinds import Kind
from reconciler.errors import AnswerLost, RefusedForNow, ServiceError, ServiceUnreachable, SpecNotFound, TooLate, VersionMismatch
from reconciler.flowservice.client import SpecWriter
from reconciler.flowservice.messages import Receipt
from tests.flowservice.simulated import BASE_URL, SPEC_ID, THEIR_IDS, Reply, Service, SimulatedClock, answer, client, raw, spec

BODY = {"name": "MailChimp Members", "limit": 2**70}


def create(writer: SpecWriter) -> str:
    return writer.create_spec(Kind.CONNECTION_SPEC, BODY).spec_id


def replace(writer: SpecWriter, etag: str | None = None) -> None:
    writer.replace_spec(Kind.CONNECTION_SPEC, SPEC_ID, BODY, etag)


@pytest.mark.parametrize("body", [spec(), {"items": [spec()]}, {"id": SPEC_ID}, {"id": SPEC_ID, "etag": '"x"'}])
def test_a_create_is_one_post_and_gives_the_id(body: Any) -> None:
    service = Service(answer(201, body))
    assert create(client(service)) == SPEC_ID
    request = service.requests[0]
    assert (request.method, str(request.url)) == ("POST", f"{BASE_URL}/connectionSpecs")
    assert request.headers["content-type"] == "application/json"
    assert msgspec.json.decode(request.content) == BODY


@pytest.mark.parametrize("location", [f"/connectionSpecs/{SPEC_ID}", f"{BASE_URL}/connectionSpecs/{SPEC_ID}/", SPEC_ID])
def test_a_create_may_say_the_id_in_its_location_alone(location: str) -> None:
    assert create(client(Service(answer(201, {"name": "x"}, location=location)))) == SPEC_ID


@pytest.mark.parametrize(
    "reply",
    [
        answer(201, {}),
        answer(201, None),
        answer(201, []),
        answer(201, {"items": []}),
        answer(204),
        answer(201, {"id": 5}),
        answer(201, {}, location="http://[::1"),
        raw(201, b'{"id": "2e85'),
        raw(201, b"<html>"),
        raw(201, b"\xff"),
    ],
)
def test_a_create_whose_answer_names_no_id_is_lost(reply: httpx.Response) -> None:
    service = Service(reply)
    with pytest.raises(AnswerLost, match=r"POST /connectionSpecs returned 20. with an unreadable body.*may or may not"):
        create(client(service))
    assert service.methods == ["POST"]


def test_a_put_goes_to_the_spec_with_its_etag_as_it_is() -> None:
    service = Service(answer(200, spec()))
    replace(client(service), '"4000cff7"')
    request = service.requests[0]
    assert (request.method, str(request.url)) == ("PUT", f"{BASE_URL}/connectionSpecs/{SPEC_ID}")
    assert request.headers["if-match"] == '"4000cff7"'


def test_a_write_that_was_done_says_which_request_did_it() -> None:
    writer = client(Service(answer(201, spec(), x_request_id=THEIR_IDS[0]), answer(200, {}, x_request_id=THEIR_IDS[1])))
    assert writer.create_spec(Kind.CONNECTION_SPEC, BODY) == Receipt(SPEC_ID, 201, THEIR_IDS[0])
    assert writer.replace_spec(Kind.CONNECTION_SPEC, SPEC_ID, BODY, None) == Receipt(SPEC_ID, 200, THEIR_IDS[1])


def held_up(seconds: str) -> tuple[SpecWriter, Service]:
    """A client that the service has just asked to wait."""
    service = Service(answer(503, None, retry_after=seconds), answer(200, {}))
    writer = client(service)
    with pytest.raises(AnswerLost):
        create(writer)
    return writer, service


def test_a_put_whose_body_grew_old_while_it_waited_is_not_sent() -> None:
    writer, service = held_up("4")
    with pytest.raises(TooLate, match=r"PUT .* was not sent") as caught:
        writer.replace_spec(Kind.FLOW_SPEC, SPEC_ID, BODY, None, send_within=3.0)
    assert caught.value.hint is not None
    assert len(service.requests) == 1


def test_a_put_whose_body_is_still_fresh_after_a_wait_is_sent() -> None:
    writer, service = held_up("2")
    writer.replace_spec(Kind.FLOW_SPEC, SPEC_ID, BODY, None, send_within=3.0)
    assert len(service.requests) == 2


def test_a_put_without_an_etag_names_no_version() -> None:
    service = Service(answer(200, spec()))
    replace(client(service))
    assert "if-match" not in service.requests[0].headers


@pytest.mark.parametrize("reply", [answer(200, {"items": 1, "x": []}), raw(200, b"null"), answer(204), answer(202, "ok")])
def test_a_put_is_done_whatever_json_it_answers(reply: httpx.Response) -> None:
    replace(client(Service(reply)))


LOSSES = [
    httpx.ReadTimeout("slow"),
    httpx.WriteTimeout("slow"),
    httpx.ReadError("reset"),
    httpx.WriteError("reset"),
    httpx.RemoteProtocolError("server disconnected without sending a response"),
    httpx.LocalProtocolError("no such header"),
    answer(500, {"errorMessage": "internal"}),
    answer(502),
    answer(503),
    answer(504),
    answer(505),
    answer(303, None, location="/elsewhere"),
    answer(700),
    raw(200, b"{"),
    raw(200, b""),
    raw(200, b"not gzip", content_encoding="identity"),
]


@pytest.mark.parametrize("reply", LOSSES)
@pytest.mark.parametrize("write", [create, replace])
def test_a_write_is_never_repeated_once_it_may_have_happened(reply: Reply, write: Any) -> None:
    service = Service(reply, answer(201, spec()))
    with pytest.raises(AnswerLost, match="so the write may or may not have happened") as caught:
        write(client(service))
    assert caught.value.hint is not None
    assert len(service.requests) == 1


UNSENT = [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("full"), httpx.ProxyError("503 Busy")]


@pytest.mark.parametrize("reply", UNSENT)
@pytest.mark.parametrize("write", [create, replace])
def test_a_write_is_repeated_when_it_certainly_did_not_happen(reply: Reply, write: Any) -> None:
    service = Service(reply, reply, answer(201, spec()))
    write(client(service))
    assert len(service.requests) == 3


@pytest.mark.parametrize("write", [create, replace])
def test_a_write_that_is_turned_away_for_now_is_not_repeated_before_somebody_has_looked(write: Any) -> None:
    service = Service(answer(429, {"message": "Too many requests"}), answer(201, spec()))
    with pytest.raises(RefusedForNow, match="returned 429: Too many requests"):
        write(client(service))
    assert len(service.requests) == 1


def test_a_write_that_never_found_a_connection_wrote_nothing() -> None:
    with pytest.raises(ServiceUnreachable, match=r"PUT .*: cannot connect: unknown reason; given up after 7 tries"):
        replace(client(Service(httpx.ConnectError("refused"))))


@pytest.mark.parametrize("status", [400, 401, 403, 405, 408, 409, 415, 422, 499])
def test_a_write_that_is_refused_is_an_error_at_once(status: int) -> None:
    service = Service(answer(status, {"errorMessage": "no"}))
    with pytest.raises(ServiceError, match=f"returned {status}: no") as caught:
        replace(client(service))
    assert not isinstance(caught.value, AnswerLost)
    assert len(service.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_write_that_is_redirected_is_not_followed(status: int) -> None:
    service = Service(answer(status, None, location="https://elsewhere.example/"))
    with pytest.raises(ServiceError, match=r"elsewhere\.example"):
        replace(client(service))
    assert len(service.requests) == 1


def test_a_put_on_another_version_is_a_mismatch() -> None:
    words = 'Supplied version=["1"] does not match the current version on entity=["2"]'
    with pytest.raises(VersionMismatch) as caught:
        replace(client(Service(answer(412, {"errorMessage": words}))), '"1"')
    assert words in caught.value.message


def test_a_put_to_a_spec_that_is_not_there_says_so() -> None:
    body = {"type": "https://ns.adobe.com/aep/errors/FLOW-1439-404", "title": "Resource not found", "status": 404}
    with pytest.raises(SpecNotFound):
        replace(client(Service(answer(404, body))))


def test_a_503_that_says_when_to_come_back_pauses_everybody_even_when_the_write_is_lost() -> None:
    clock = SimulatedClock()
    writer = client(Service(answer(503, None, retry_after="7"), answer(201, spec())), clock)
    with pytest.raises(AnswerLost):
        create(writer)
    assert clock.slept == []
    create(writer)
    assert clock.slept == [7.0]
