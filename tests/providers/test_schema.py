"""A provider file is checked in every part, and each mistake is one problem at its place."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.documents.json_text import Document, Json
from reconciler.documents.shapes import ShapeMistake
from reconciler.providers.provider import Provider
from reconciler.providers.schema import provider_of

GOOD: Document = {
    "kind": "Provider",
    "path": "/items",
    "records": {"count": 3, "each": {"id": "{n}"}},
    "answer": {"records": "items"},
}


def mistakes(more: Json) -> list[tuple[str, str]]:
    found = provider_of(GOOD | more if isinstance(more, dict) else more)
    return [] if isinstance(found, Provider) else [(".".join(one.path), one.message) for one in found]


def one(more: Json) -> ShapeMistake:
    found = provider_of(GOOD | more)
    assert isinstance(found, tuple)
    (mistake,) = found
    assert mistake.hint
    return mistake


@pytest.mark.parametrize("document", [None, 1, "Provider", [], True])
def test_another_document_is_one_mistake(document: Json) -> None:
    ((path, message),) = mistakes(document)
    assert path == ""
    assert "must be a mapping" in message


def test_all_mistakes_are_reported_at_once() -> None:
    wrong = {"kind": "Proof", "path": 7, "auth": {"basic": 1}, "paging": {"limit": {"max": "x"}}, "faults": [{}, 2], "more": 1}
    assert [path for path, _ in mistakes(wrong)] == [
        "kind",
        "path",
        "auth.basic",
        "paging",
        "paging.limit.max",
        "faults.0",
        "faults.1",
        "more",
    ]


@pytest.mark.parametrize(
    ("more", "path", "message"),
    [
        ({"path": "https://api.example.com/v1/items"}, "path", "`path`: a provider has a path, not a host"),
        ({"path": "items"}, "path", "`path`: 'items' does not start with '/'"),
        ({"path": "/items?limit=1"}, "path", "`path`: '/items?limit=1' is not a valid path"),
        ({"path": "/{a}{b}"}, "path", "`path`: '/{a}{b}' is not a valid path"),
        ({"path": "/{}/x"}, "path", "`path`: '/{}/x' is not a valid path"),
        ({"path": "/a%0d%0ab"}, "path", "`path`: '/a%0d%0ab' is not a valid path"),
        ({"auth": "basic"}, "auth", "`auth` must be a mapping, not a string"),
        ({"auth": {}}, "auth", "`auth`: this is empty"),
        (
            {"auth": {"basic": {"username": "u", "password": "p"}, "bearer": "t"}},
            "auth",
            "`auth`: only one of these can be in the header Authorization",
        ),
        (
            {"auth": {"bearer": "t", "header": {"authorization": "x"}}},
            "auth",
            "`auth`: only one of these can be in the header Authorization",
        ),
        ({"auth": {"header": {"X Key": "k"}}}, "auth.header.X Key", "`auth.header.X Key`: 'X Key' is not a valid header name"),
        (
            {"auth": {"header": {"X-Key": "k\r\nSet-Cookie: a"}}},
            "auth.header.X-Key",
            "`auth.header.X-Key`: this is not a valid header value",
        ),
        ({"auth": {"bearer": ""}}, "auth.bearer", "`auth.bearer`: this is not a valid header value"),
        ({"records": {}}, "records", "`records`: write either a file or a count"),
        ({"records": {"file": "a.jsonl", "count": 2}}, "records", "`records`: write either a file or a count"),
        ({"records": {"count": 2}}, "records", "`records`: `each` is missing"),
        ({"records": {"file": "a.jsonl", "each": 1}}, "records", "`records`: `each` is for a count"),
        ({"records": {"file": "/etc/passwd"}}, "records.file", "`records.file`: '/etc/passwd' is not a file beside this one"),
        ({"records": {"file": "a/../../b"}}, "records.file", "`records.file`: 'a/../../b' is not a file beside this one"),
        ({"records": {"file": ""}}, "records.file", "`records.file`: '' is not a file beside this one"),
        (
            {"records": {"count": 10**9, "each": 1}},
            "records.count",
            "`records.count`: 1,000,000,000 is not between 0 and 100,000,000",
        ),
        ({"records": {"count": True, "each": 1}}, "records.count", "`records.count` must be an integer, not true or false"),
        (
            {"records": {"count": 1, "each": 1, "dates": {"from": "2024-01-01", "to": "2024-01-01"}}},
            "records.dates",
            "`records.dates`: `to` must be later than `from`",
        ),
        (
            {"records": {"count": 1, "each": 1, "dates": {"from": "today"}}},
            "records.dates.from",
            "`records.dates.from`: 'today' is not a time in ISO 8601",
        ),
        (
            {"records": {"count": 1, "each": ["a", {"b": "{c}"}]}},
            "records.each.1.b",
            "`records.each.1.b`: {c} is not a valid placeholder",
        ),
        ({"answer": {"records": "a..b"}}, "answer.records", "`answer.records`: 'a..b' is not a valid path"),
        ({"answer": {"records": "a", "total": "$"}}, "answer.total", "`answer.total`: this path is the whole answer"),
        (
            {"answer": {"records": "a", "empty": True}},
            "answer.empty",
            "`answer.empty`: true or false is not one of list, null or absent",
        ),
        ({"paging": {}}, "paging", "`paging.style` is missing"),
        (
            {"paging": {"style": "cursor"}},
            "paging.style",
            "`paging.style` must be one of 'offset', 'page', 'pointer', 'token' or 'none'",
        ),
        (
            {"paging": {"style": "page", "limit": {"default": 50, "max": 20}}},
            "paging.limit",
            "`paging.limit`: the default 50 exceeds max 20",
        ),
        (
            {"paging": {"style": "page", "past_end": 500}},
            "paging.past_end",
            "`paging.past_end`: a number is not one of empty, last, 204 or 404",
        ),
        (
            {"paging": {"style": "page", "total_header": "X:Y"}},
            "paging.total_header",
            "`paging.total_header`: 'X:Y' is not a valid header name",
        ),
        ({"window": {"field": "at"}}, "window", "`window`: write `from`, `to` or both"),
        ({"window": {"from": "a", "to": "a", "field": "at"}}, "window", "`window`: `from` and `to` are the same parameter"),
        ({"window": {"from": "a", "field": "at", "format": "isoo"}}, "window.format", "`window.format`: 'isoo' has no year"),
        (
            {"window": {"from": "a", "field": "at", "format": "yyyy'"}},
            "window.format",
            "`window.format`: \"yyyy'\" is not a valid format: ' is not closed",
        ),
        ({"faults": {"request": 1}}, "faults", "`faults` must be a list, not a mapping"),
        ({"faults": [{"status": 500}]}, "faults.0", "`faults.0`: write one of `request`, `every` and `after`"),
        (
            {"faults": [{"request": 1, "after": 2, "status": 500}]},
            "faults.0",
            "`faults.0`: write one of `request`, `every` and `after`",
        ),
        ({"faults": [{"request": 1, "retry_after": 3}]}, "faults.0", "`faults.0`: this does nothing"),
        ({"faults": [{"request": 1, "reset": True, "status": 500}]}, "faults.0", "`faults.0`: a reset connection has no answer"),
        (
            {"faults": [{"request": 0, "status": 500}]},
            "faults.0.request",
            "`faults.0.request`: 0 is not between 1 and 100,000,000",
        ),
        ({"faults": [{"request": 1, "status": 100}]}, "faults.0.status", "`faults.0.status`: 100 is not between 200 and 599"),
        ({"faults": [{"request": 1, "delay": 10**400}]}, "faults.0.delay", "`faults.0.delay`: must be between 0 and 600 seconds"),
        ({"faults": [{"request": 1, "delay": "1s"}]}, "faults.0.delay", "`faults.0.delay`: a string is not a number of seconds"),
        (
            {"faults": [{"request": 1, "status": 429, "retry_after": []}]},
            "faults.0.retry_after",
            "`faults.0.retry_after`: a list is not a valid Retry-After",
        ),
        (
            {"faults": [{"request": 1, "status": 302, "location": "a\nb"}]},
            "faults.0.location",
            "`faults.0.location`: this is not a valid header value",
        ),
        ({"body": {"slow": -1}}, "body.slow", "`body.slow`: must be between 0 and 600 seconds"),
        ({"body": {"gzip": True}}, "body.gzip", "`body.gzip` must be one of 'on-request', 'always' or 'never'"),
        ({"method": "PATCH"}, "method", "`method` must be one of 'GET' or 'POST'"),
    ],
)
def test_a_mistake_is_one_problem_at_its_place(more: Document, path: str, message: str) -> None:
    mistake = one(more)
    assert (".".join(mistake.path), mistake.message) == (path, message)


@pytest.mark.parametrize(
    "template", ["{", "}", "{n", "{n}}", "{{n}", "{m}", "{n:x}", "{n:21}", "{n:-1}", "{date:x'}", "{pick:}", "{pick:|}", "{}"]
)
def test_a_template_that_is_not_valid(template: str) -> None:
    assert one({"records": {"count": 1, "each": template}}).path == ("records", "each")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (
            {"paging": {"style": "offset", "page": "p"}},
            [("paging.page", "`paging.page` has no effect: it is for style page, and this one is offset")],
        ),
        (
            {"paging": {"style": "none", "start": 1, "zero": "first", "past_end": 404}},
            [
                ("paging.start", "`paging.start` has no effect: it is for style offset and page, and this one is none"),
                ("paging.zero", "`paging.zero` has no effect: it is for style offset and page, and this one is none"),
                ("paging.past_end", "`paging.past_end` has no effect: it is for style offset and page, and this one is none"),
            ],
        ),
        ({"paging": {"style": "token"}}, [("paging", "`paging.token` is missing")]),
        ({"paging": {"style": "pointer"}}, [("paging", "`paging.next` is missing, so no page can be reached but the first")]),
        ({"paging": {"style": "pointer", "link_header": True}}, []),
        (
            {"paging": {"style": "offset", "limit": {"name": "offset"}}},
            [("paging.offset", "'offset' is the parameter of `paging.limit.name`, too")],
        ),
        (
            {"auth": {"query": {"page": "k"}}, "paging": {"style": "page"}, "window": {"from": "page", "field": "at"}},
            [
                ("window.from", "'page' is the parameter of `paging.page`, too"),
                ("auth.query.page", "'page' is the parameter of `paging.page`, too"),
            ],
        ),
        ({"paging": {"style": "token", "limit": {"name": "t"}, "token": {"path": "next", "name": "t", "in": "header"}}}, []),
        (
            {"paging": {"style": "token", "limit": {"name": "t"}, "token": {"path": "next", "name": "t"}}},
            [("paging.token.name", "'t' is the parameter of `paging.limit.name`, too")],
        ),
        ({"answer": {"records": "a", "total": "a.b"}}, [("answer.total", "'a.b' and `answer.records` are in the same place")]),
        ({"answer": {"records": "a.b", "more": "a"}}, [("answer.more", "'a' and `answer.records` are in the same place")]),
        ({"answer": {"records": "a.b", "more": "a.bc", "total": "a.c"}}, []),
        ({"answer": {"total": "total"}}, [("answer.total", "an answer that is a list has no members")]),
        (
            {"answer": {}, "paging": {"style": "token", "token": {"path": "next", "name": "t"}}},
            [("paging.token.path", "an answer that is a list has no members")],
        ),
    ],
)
def test_keys_that_do_not_go_together(more: Document, expected: list[tuple[str, str]]) -> None:
    assert mistakes(more) == expected


def test_a_document_of_any_shape_is_read_without_an_exception() -> None:
    deep: Any = "{n}"
    for _ in range(150):
        deep = [deep]
    odd: list[Json] = [None, 0, -1, 10**400, 1.5, True, "", "x" * 10_000, "\x00", "ä\ud800", [], {}, {"a": 1}, [None], deep]
    for key in ("kind", "path", "method", "auth", "records", "answer", "paging", "window", "faults", "errors", "body"):
        for value in odd:
            mistakes({key: value})
    for part, key in (
        ("records", "each"),
        ("records", "file"),
        ("answer", "also"),
        ("paging", "next"),
        ("auth", "header"),
        ("window", "format"),
    ):
        for value in odd:
            mistakes({part: {key: value}})
