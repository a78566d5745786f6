from __future__ import annotations

from typing import Any

import pytest

from reconciler.documents.kinds import Kind
from reconciler.errors import ServiceError, SpecNotFound
from reconciler.flowservice.error_answers import complaint_of
from reconciler.flowservice.hints import hint_for
from tests.flowservice.simulated import SPEC_ID, THEIR_IDS, Service, answer, client, raw


def refusal(status: int, body: Any, **headers: str) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        client(Service(answer(status, body, **headers))).get_spec(Kind.CONNECTION_SPEC, SPEC_ID)
    return caught.value


def flow_problem(code: str, status: int, **fields: Any) -> dict[str, Any]:
    return {
        "type": f"https://ns.adobe.com/aep/errors/FLOW-{code}-{status}",
        "title": "Resource not found",
        "status": status,
    } | fields


def test_the_gateways_words_and_code_are_carried() -> None:
    error = refusal(403, {"error_code": "403003", "message": "Api Key is invalid"}, x_request_id=THEIR_IDS[0])
    assert error.message == f"GET /connectionSpecs/{SPEC_ID} returned 403 403003: Api Key is invalid (request id {THEIR_IDS[0]})"
    assert (error.status, error.server_code, error.request_id) == (403, "403003", THEIR_IDS[0])
    assert error.hint is not None
    assert "RECONCILER_CLIENT_ID" in error.hint


def test_the_problem_bodys_words_code_and_request_id_are_carried() -> None:
    report = {"detailed-message": "The requested connections resource is not found.", "id": SPEC_ID, "request-id": THEIR_IDS[1]}
    error = refusal(404, flow_problem("1439", 404, report=report), x_request_id=THEIR_IDS[0])
    assert isinstance(error, SpecNotFound)
    assert "Resource not found: The requested connections resource is not found." in error.message
    assert (error.server_code, error.request_id) == ("FLOW-1439-404", THEIR_IDS[1])


def test_the_bare_error_message_is_carried() -> None:
    error = refusal(400, {"errorMessage": "The spec id is invalid", "errorCode": "1413-400"})
    assert "returned 400 1413-400: The spec id is invalid" in error.message


def test_the_generic_body_is_carried() -> None:
    body = {
        "type": "/placeholder/type/uri",
        "status": 400,
        "title": "BadRequestError",
        "detail": "A valid content-type must be specified",
    }
    error = refusal(400, body)
    assert "returned 400: BadRequestError: A valid content-type must be specified" in error.message
    assert error.server_code is None


def test_a_code_may_be_a_number() -> None:
    error = refusal(400, {"error_code": 401013, "message": "Oauth token is not valid"})
    assert "returned 400 401013: Oauth token is not valid" in error.message
    assert "access token" in str(error.hint)


def test_a_message_may_stand_alone() -> None:
    error = refusal(400, {"message": "Please provide a valid spec id"})
    assert "returned 400: Please provide a valid spec id" in error.message


def test_details_that_repeat_the_message_are_said_once() -> None:
    words = "flows not found with id"
    assert refusal(404, {"errorMessage": words, "errorDetails": words}).message.count(words) == 1
    assert "what went wrong" in refusal(404, {"errorDetails": "what went wrong"}).message


def test_a_422_without_a_body_says_what_it_means() -> None:
    error = refusal(422, None)
    assert "returned 422 (request id" in error.message
    assert "a required field is missing" in str(error.hint)


def test_the_gateways_limit_says_to_call_less() -> None:
    assert "network.concurrency" in str(refusal(429, {"error_code": "429050", "message": "Too many requests"}).hint)


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"code": "1426-400", "message": "user token is unauthorized"}},
        {"errors": [{"code": 1426, "message": "user token is unauthorized"}]},
    ],
)
def test_an_error_may_stand_inside_another_object(body: Any) -> None:
    error = refusal(400, body)
    assert "user token is unauthorized" in error.message
    assert error.hint is not None
    assert "may not write connection specs" in error.hint


@pytest.mark.parametrize(
    ("code", "status", "word"),
    [
        ("1100-400", 400, "entitled"),
        ("1426-400", 400, "may not write"),
        ("2105-400", 400, "sandbox"),
        ("2000-401", 401, "org_id"),
        ("2118-403", 403, "permission"),
        ("2120-403", 403, "permission"),
        ("2121-403", 403, "permission"),
        ("403000", 403, "RECONCILER_CLIENT_ID"),
        ("403025", 403, "org_id"),
        ("400003", 400, "org_id"),
        ("403010", 403, "token"),
        ("1111-400", 400, "report it to Adobe"),
        ("1111-403", 403, "permission"),
    ],
)
def test_a_known_code_comes_with_the_next_step(code: str, status: int, word: str) -> None:
    hint = refusal(status, {"error_code": code, "message": "no"}).hint
    assert hint is not None
    assert word in hint


@pytest.mark.parametrize("code", [2100, 2101, 2103])
def test_a_sandbox_that_is_not_there_is_not_a_spec_that_is_not_there(code: int) -> None:
    error = refusal(404, flow_problem(str(code), 404, errorMessage="Sandbox not found"))
    assert not isinstance(error, SpecNotFound)
    assert error.hint is not None
    assert "sandbox" in error.hint


@pytest.mark.parametrize(
    "body",
    [
        {"error_code": "404000", "message": "Resource not found"},
        {"error_code": "1439", "message": "Resource not found"},
        {"message": "no Route matched with those values"},
        {"errorMessage": "Sandbox dev was not found"},
        flow_problem("2118", 404),
        {"timestamp": 1, "status": 404, "error": "Not Found", "path": "/x"},
        None,
        [],
        "not found",
    ],
)
def test_a_404_that_is_not_the_services_word_for_a_missing_spec_is_none(body: Any) -> None:
    error = refusal(404, body)
    assert not isinstance(error, SpecNotFound)
    assert error.status == 404


@pytest.mark.parametrize(
    "body",
    [
        flow_problem("1101", 404),
        flow_problem("1439", 404),
        {"errorMessage": "Resource not found"},
        {"title": "Not found", "status": 404, "type": "/placeholder/type/uri"},
        {"report": {"detailed-message": "not there"}},
        {"errorCode": "1101-404", "errorMessage": "resource not found"},
    ],
)
def test_a_404_in_the_services_words_is_a_spec_that_is_not_there(body: Any) -> None:
    error = refusal(404, body)
    assert isinstance(error, SpecNotFound)
    assert error.hint is not None
    assert "access label" in error.hint


def test_a_404_for_a_list_is_never_a_missing_spec() -> None:
    with pytest.raises(ServiceError) as caught:
        client(Service(answer(404, flow_problem("1439", 404)))).list_specs(Kind.FLOW_SPEC)
    assert not isinstance(caught.value, SpecNotFound)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"upstream  connect\nerror", "upstream connect error"),
        (b"<html><body>Bad gateway</body></html>", ""),
        (b"\xff\xfe\x00", ""),
        (b"", ""),
        (b"null", ""),
        (b"5", ""),
        (b'{"message": 5, "title": [], "report": 7, "code": {}}', ""),
        (b'{"errors": []}', ""),
        (b'{"errors": [5], "message": "x"}', "x"),
        (b'{"title": "Bad", "message": "Bad thing"}', "Bad thing"),
        (b'{"title": "Only a title"}', "Only a title"),
        (b"xx " * 5_000, ("xx " * 200)[:500]),
    ],
)
def test_any_bytes_are_a_complaint_of_few_words(content: bytes, words: str) -> None:
    assert complaint_of(content).words == words


def test_a_request_id_that_cannot_stand_in_a_line_is_replaced_by_our_own() -> None:
    service = Service(raw(400, b"{}", x_request_id="a\x1b[31m b"))
    with pytest.raises(ServiceError) as caught:
        client(service).get_spec(Kind.CONNECTION_SPEC, SPEC_ID)
    assert caught.value.request_id == service.requests[0].headers["x-request-id"]


def test_a_redirect_to_no_url_is_an_error() -> None:
    with pytest.raises(ServiceError):
        client(Service(answer(302, None, location="http://[::1"))).get_spec(Kind.CONNECTION_SPEC, SPEC_ID)
    assert "an invalid URL" in refusal(300, None, location="http://[::1").message
    assert "the same host" in refusal(302, None, location="/elsewhere").message
    assert "an address that is not shown" in refusal(304, None).message  # there is none, or it may repeat a credential


@pytest.mark.parametrize(
    ("service", "asked"),
    [
        ("flowservice", "sources"),
        ("schemaregistry", "schemas"),
        ("catalog", "datasets"),
        ("export", "view datasets"),
        ("conversion", "sources"),
    ],
)
def test_a_missing_permission_is_that_of_the_service(service: str, asked: str) -> None:
    assert asked in hint_for(403, None, service)
    assert hint_for(403, 403003, service) == hint_for(403, 403003)
