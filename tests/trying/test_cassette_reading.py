from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import Problem
from reconciler.sources.messages import Answer, Request
from reconciler.trying.cassette import Cassette
from reconciler.trying.cassette_reading import read_cassette
from reconciler.trying.recording import written_cassette
from tests.trying.exchanges import ADDRESS, RECORDED_AT, answer, cassette, get

FILE = "proofs/members/cassette.jsonl"
HEADER: dict[str, Any] = {
    "format_version": 1,
    "kind": "Cassette",
    "key": "members",
    "spec_digest": "0123456789abcdef",
    "recorded_at": "2026-11-27T10:00:00Z",
    "redacted": True,
}
CALL: dict[str, Any] = {
    "n": 1,
    "request": {"method": "GET", "url": ADDRESS, "query": [["limit", "2"]], "headers": {"accept": "application/json"}},
    "answer": {"status": 200, "headers": {}, "body": {"members": []}},
    "ms": 100,
}


def file_of(*lines: Any) -> bytes:
    return b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)


def problems_of(data: bytes) -> list[tuple[int | None, str, str]]:
    found = read_cassette(data, FILE)
    assert isinstance(found, tuple)
    assert all(isinstance(problem, Problem) and problem.file == FILE and problem.hint for problem in found)
    return [(problem.line, problem.code, problem.message) for problem in found]


def test_a_recording_is_read_as_it_was_written() -> None:
    calls = [
        (get("limit=2&at=10:00", ("accept", "application/json")), answer({"members": [{"id": 1, "name": "ä"}]})),
        (Request("POST", ADDRESS, (), {"page": 2}), Answer(502, {"retry-after": "5"}, b"<html>", 10)),
        (Request("GET", ADDRESS), Answer(204, {}, b"", 1)),
    ]
    read = read_cassette(written_cassette(cassette(calls)), FILE)

    assert isinstance(read, Cassette)
    assert (read.key, read.spec_digest, read.recorded_at, read.redacted) == ("members", "0123456789abcdef", RECORDED_AT, True)
    assert [call.request.query for call in read.calls] == [(("limit", "2"), ("at", "10:00")), (), ()]
    assert [call.request.body for call in read.calls] == [None, {"page": 2}, None]
    assert [call.answer.content for call in read.calls] == [sent.content for _, sent in calls]
    assert [call.answer.milliseconds for call in read.calls] == [1000, 10, 1]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (
            [{**HEADER, "format_version": 2}, CALL],
            (1, "bad-value", "`format_version`: version 2 is not supported; the only supported version is 1"),
        ),
        ([{**HEADER, "kind": "Proof"}, CALL], (1, "bad-value", "`kind`: 'Proof' is not a recording")),
        (
            [{**HEADER, "recorded_at": "today"}, CALL],
            (1, "bad-value", "`recorded_at`: 'today' is not a time such as 2026-01-31T12:00:00Z"),
        ),
        ([{**HEADER, "more": 1}, CALL], (1, "unknown-key", "unknown key `more`")),
        (
            [{**HEADER, "redacted": False}, CALL],
            (1, "not-redacted", "this recording is not redacted: it may contain personal data"),
        ),
        ([HEADER], (1, "no-calls", "the recording has no calls")),
        ([HEADER, {**CALL, "n": 2}], (2, "bad-value", "`n` is 2, but this is call 1")),
        ([HEADER, {**CALL, "ms": -1}], (2, "bad-value", "`ms`: -1 is not between 0 and 1,000,000,000")),
        ([HEADER, {**CALL, "answer": {"status": 200}}], (2, "bad-value", "`answer`: an answer has either `body` or `text`")),
        (
            [HEADER, {**CALL, "answer": {"status": 99, "text": ""}}],
            (2, "bad-value", "`answer.status`: 99 is not between 100 and 999"),
        ),
        ([HEADER, b'{"n":1,"n":1}'], (2, "duplicate-key", "the key 'n' is written twice in this object")),
        ([HEADER, b"["], (2, "syntax", "not valid JSON: the file ends where a value or ']' is expected")),
        ([HEADER, b"", CALL], (2, "empty", "this line is empty")),
        ([b"\xff", CALL], (1, "encoding", "byte 0xff is not UTF-8 here")),
        ([HEADER, []], (2, "wrong-type", "each line must be a mapping, not a list")),
    ],
)
def test_each_mistake_is_a_problem_with_its_line(lines: list[Any], problem: tuple[int, str, str]) -> None:
    assert problem in problems_of(file_of(*lines))


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"method": "get"}, "`request.method`: 'get' is not a valid method"),
        ({"url": ADDRESS + "?a=b"}, f"`request.url`: '{ADDRESS}?a=b' is not an address without a query"),
        ({"url": "https://[::1"}, "`request.url`: 'https://[::1' is not an address without a query"),
        ({"url": "file:///etc/passwd"}, "`request.url`: 'file:///etc/passwd' is not an address without a query"),
        ({"query": [["a"]]}, "each query parameter must be a list of two strings"),
        ({"headers": {"a": 1}}, "`request.headers.a` must be a string, not a number"),
    ],
)
def test_each_mistake_in_a_request_is_a_problem(part: dict[str, Any], message: str) -> None:
    assert [found[2] for found in problems_of(file_of(HEADER, {**CALL, "request": {**CALL["request"], **part}}))] == [message]


def test_a_raw_recording_is_read_where_that_is_allowed() -> None:
    read = read_cassette(file_of({**HEADER, "redacted": False}, CALL), FILE, allow_raw=True)

    assert isinstance(read, Cassette)
    assert not read.redacted


def test_a_recording_that_is_too_large_is_not_read() -> None:
    assert problems_of(b"x" * 1_000_001) == [(1, "too-large", "the recording has more than 1,000,000 bytes")]


def test_too_many_calls_are_not_read() -> None:
    assert problems_of(file_of(HEADER, *[b"{}"] * 1001)) == [(1002, "too-large", "the recording has more than 1,000 calls")]


def test_nesting_is_limited() -> None:
    (problem,) = problems_of(file_of(HEADER, b"[" * 100_000))

    assert problem[:2] == (2, "too-deep")


def test_at_most_twenty_problems_are_reported() -> None:
    assert len(problems_of(file_of(HEADER, *[b"{}"] * 900))) == 20


@given(st.binary(max_size=200), st.sampled_from([b"", file_of(HEADER), file_of(HEADER, CALL)]))
def test_no_bytes_raise(data: bytes, before: bytes) -> None:
    found = read_cassette(before + data, FILE)

    assert isinstance(found, Cassette) or found


def test_the_limit_that_ended_a_trial_is_kept() -> None:
    read = read_cassette(written_cassette(replace(cassette([(get(), answer({}))]), pages=3)), FILE)

    assert isinstance(read, Cassette)
    assert read.pages == 3


def test_a_recording_of_a_stub_says_so() -> None:
    of_api = cassette([(get(), answer({}))])
    for recorded in (of_api, replace(of_api, stub=True)):
        data = written_cassette(recorded)
        read = read_cassette(data, FILE)
        assert isinstance(read, Cassette)
        assert (read.stub, b"stub" in data) == (recorded.stub, recorded.stub)
