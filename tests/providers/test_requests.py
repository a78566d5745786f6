"""Which requests an API answers: path, method, credentials, and what goes wrong on demand."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.documents.json_text import Document, decode
from reconciler.providers.provider import Provider
from reconciler.providers.rows import MadeRows
from reconciler.providers.schema import provider_of
from reconciler.providers.stub import Stub
from reconciler.sources.messages import Answer, NoAnswer, Request
from tests.providers.reading import a_stub, an_api, body, get

OFFSET: Document = {"style": "offset"}
BASIC: Document = {"basic": {"username": "u", "password": "p"}}


def asked(stub: Stub, url: str, method: str = "GET", headers: tuple[tuple[str, str], ...] = (), sent: Any = None) -> Answer:
    answer = stub.answer(Request(method, url, headers, sent))
    assert isinstance(answer, Answer)
    return answer


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/lists/9f1a/members", 200),
        ("/lists/a%20b/members", 200),
        ("/lists/9f1a/members/", 404),
        ("/lists//members", 404),
        ("/lists/a/b/members", 404),
        ("/lists/a%2Fb/members", 404),
        ("/v1/lists/9f1a/members", 404),
        ("/lists/9f1a/memberx", 404),
        ("/Lists/9f1a/members", 404),
    ],
)
def test_only_the_path_is_answered(path: str, status: int) -> None:
    stub = a_stub({"kind": "Provider", "path": "/lists/{id}/members", "records": {"count": 1, "each": 1}})
    assert asked(stub, f"https://any.example.com:8443{path}?x=1").status == status


def test_characters_of_a_path_are_no_expression() -> None:
    stub = a_stub({"kind": "Provider", "path": "/v1.0/a+b", "records": {"count": 1, "each": 1}})
    assert [asked(stub, f"https://h{path}").status for path in ("/v1.0/a+b", "/v1x0/a+b", "/v1.0/aab")] == [200, 404, 404]


@pytest.mark.parametrize("url", ["http://[::1/items", "http://h/items?" + "a=1&" * 3, "//h/items", "/items", ""])
def test_any_address_gets_an_answer(url: str) -> None:
    assert asked(an_api(OFFSET), url).status in (200, 400, 404)


@pytest.mark.parametrize(
    ("method", "asked_with", "status"), [("GET", "POST", 405), ("GET", "HEAD", 200), ("POST", "GET", 405), ("POST", "POST", 200)]
)
def test_other_methods_are_refused(method: str, asked_with: str, status: int) -> None:
    answer = asked(an_api(OFFSET, method=method), "https://h/items", asked_with)
    assert answer.status == status
    assert answer.headers.get("allow") == (None if status == 200 else "GET, HEAD" if method == "GET" else "POST")
    assert bool(answer.content) == (asked_with != "HEAD")


def test_parameters_are_read_from_the_body_where_the_query_has_none() -> None:
    stub = an_api({"style": "page", "limit": {"name": "size", "max": 50}}, method="POST")
    sent = {"size": 2, "page": "3", "other": [1], "flag": True}
    assert [record["id"] for record in body(asked(stub, "https://h/items", "POST", sent=sent))["items"]] == [5, 6]
    assert [record["id"] for record in body(asked(stub, "https://h/items?page=1", "POST", sent=sent))["items"]] == [1, 2]
    assert asked(stub, "https://h/items", "POST", sent={"page": True}).status == 200
    assert asked(stub, "https://h/items", "POST", sent=["page"]).status == 200


@pytest.mark.parametrize(
    ("auth", "headers", "query", "status"),
    [
        (BASIC, {"authorization": "Basic dTpw"}, "", 200),
        (BASIC, {"authorization": "basic dTpw"}, "", 200),
        (BASIC, {"authorization": "Bearer dTpw"}, "", 401),
        (BASIC, {"authorization": "Basic dTpx"}, "", 401),
        (BASIC, {"authorization": "Basic eDpw"}, "", 401),
        (BASIC, {"authorization": "Basic dQ=="}, "", 401),
        (BASIC, {"authorization": "Basic ÿ"}, "", 401),
        (BASIC, {"authorization": "Basic /w=="}, "", 401),
        (BASIC, {}, "", 401),
        ({"bearer": "t"}, {"authorization": "Bearer t"}, "", 200),
        ({"bearer": "t"}, {"authorization": "Bearer x"}, "", 401),
        ({"bearer": "t"}, {"authorization": "t"}, "", 401),
        ({"header": {"X-Key": "k", "X-App": "a"}}, {"x_key": "k", "x_app": "a"}, "", 200),
        ({"header": {"X-Key": "k", "X-App": "a"}}, {"x_key": "k"}, "", 401),
        ({"header": {"X-Key": "k"}}, {"x_key": "K"}, "", 401),
        ({"query": {"key": "k"}}, {}, "key=k", 200),
        ({"query": {"key": "k"}}, {}, "key=x", 401),
        ({"query": {"key": "k"}}, {}, "Key=k", 401),
        ({"bearer": "t", "query": {"key": "k"}}, {"authorization": "Bearer t"}, "", 401),
        ({"bearer": "t", "query": {"key": "k"}}, {"authorization": "Bearer t"}, "key=k", 200),
        ({"bearer": "*"}, {"authorization": "Bearer anything"}, "", 200),
        ({"bearer": "*"}, {"authorization": "Bearer "}, "", 401),
        ({"bearer": "t"}, {"authorization": "Bearer ${TOKEN}"}, "", 401),
        (None, {}, "", 200),
        ("none", {"authorization": "Bearer x"}, "", 200),
    ],
)
def test_wrong_credentials_are_refused(auth: Any, headers: dict[str, str], query: str, status: int) -> None:
    assert get(an_api(OFFSET, auth=auth), query, **headers).status == status


@pytest.mark.parametrize(
    ("auth", "challenge"),
    [(BASIC, "Basic"), ({"bearer": "t"}, "Bearer"), ({"header": {"X-Key": "k"}}, None), ({"query": {"key": "k"}}, None)],
)
def test_a_refusal_says_how_to_authenticate(auth: Document, challenge: str | None) -> None:
    assert get(an_api(OFFSET, auth=auth)).headers.get("www-authenticate") == challenge


def test_a_placeholder_may_stand_for_a_credential_that_is_not_at_hand() -> None:
    provider = provider_of(
        {"kind": "Provider", "path": "/items", "records": {"count": 1, "each": 1}, "auth": {"header": {"X-Key": "k"}}}
    )
    assert isinstance(provider, Provider)
    stub = Stub(provider, MadeRows(provider.records), placeholders=True)
    assert [get(stub, x_key=value).status for value in ("${ACME_KEY}", "k", "wrong", "$ACME_KEY", "")] == [
        200,
        200,
        401,
        401,
        401,
    ]


def test_credentials_are_checked_before_parameters() -> None:
    assert get(an_api(OFFSET, auth={"bearer": "t"}), "offset=x").status == 401


@pytest.mark.parametrize(
    ("fault", "statuses"),
    [
        ({"request": 2, "status": 429}, [200, 429, 200, 200, 200]),
        ({"every": 2, "status": 503}, [200, 503, 200, 503, 200]),
        ({"after": 3, "status": 429}, [200, 200, 200, 429, 429]),
        ({"after": 0, "status": 500}, [500] * 5),
        ({"request": 1, "delay": 2}, [200] * 5),
    ],
)
def test_a_fault_happens_to_its_requests(fault: Document, statuses: list[int]) -> None:
    stub = an_api(OFFSET, faults=[fault])
    assert [get(stub).status for _ in range(5)] == statuses


def test_the_first_fault_that_is_due_applies() -> None:
    stub = an_api(OFFSET, faults=[{"request": 2, "status": 500}, {"every": 2, "status": 503}])
    assert [get(stub).status for _ in range(4)] == [200, 500, 200, 503]


def test_requests_are_counted_from_one_again_in_a_new_run() -> None:
    stub = an_api(OFFSET, faults=[{"request": 1, "status": 500}])
    first = [get(stub).status, get(stub).status]
    stub.forget()
    assert [*first, get(stub).status] == [500, 200, 500]


def test_requests_to_other_paths_are_not_counted() -> None:
    stub = an_api(OFFSET, faults=[{"request": 1, "status": 500}])
    assert [asked(stub, "https://h/other").status, get(stub).status] == [404, 500]


def test_the_answer_of_a_fault() -> None:
    fault = {
        "request": 1,
        "status": 302,
        "location": "https://login.example.com/",
        "retry_after": 1.5,
        "body": "<html>moved</html>",
    }
    answer = get(an_api(OFFSET, faults=[fault]))
    assert (answer.status, answer.content) == (302, b"<html>moved</html>")
    assert answer.headers == {
        "content-type": "text/html; charset=utf-8",
        "retry-after": "1.5",
        "location": "https://login.example.com/",
    }


@pytest.mark.parametrize(
    ("text", "content_type"),
    [(' {"a": 1}', "application/json"), ("[]", "application/json"), ("oops", "text/html; charset=utf-8")],
)
def test_a_body_alone_is_answered_with_200(text: str, content_type: str) -> None:
    answer = get(an_api(OFFSET, faults=[{"request": 1, "body": text}]))
    assert (answer.status, answer.content.decode(), answer.headers["content-type"]) == (200, text, content_type)


def test_a_delay_takes_its_time_without_waiting() -> None:
    answer = get(an_api(OFFSET, faults=[{"request": 1, "delay": 90, "status": 504}]))
    assert (answer.status, answer.milliseconds) == (504, 90_000)


def test_a_connection_that_is_reset_has_no_answer() -> None:
    answer = an_api(OFFSET, faults=[{"request": 1, "reset": True, "delay": 1.5}]).answer(Request("GET", "https://h/items"))
    assert isinstance(answer, NoAnswer)
    assert (answer.code, answer.reason, answer.milliseconds) == ("no-answer", "the connection was closed without an answer", 1500)


@pytest.mark.parametrize(("errors", "content_type"), [("json", "application/json"), ("html", "text/html; charset=utf-8")])
def test_errors_are_pages_of_the_api(errors: str, content_type: str) -> None:
    stub = an_api(OFFSET, errors=errors, faults=[{"request": 2, "status": 599}])
    refused, odd = get(stub, "offset=x"), get(stub)
    assert [answer.headers["content-type"] for answer in (refused, odd)] == [content_type] * 2
    if errors == "json":
        assert decode(odd.content) == {"error": {"status": 599, "message": "Error"}}
    else:
        assert refused.content.startswith(b"<!DOCTYPE html>")
        assert b"<h1>400 Bad Request</h1>" in refused.content
