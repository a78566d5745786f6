from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.documents.json_text import Json
from reconciler.errors import Severity
from reconciler.sources.messages import Answer, NoAnswer, Request
from reconciler.trying.replay import Replay
from tests.trying.exchanges import ADDRESS, answer, cassette, get

FIRST, SECOND = answer({"members": [1, 2]}), answer({"members": []})
AGAIN = "if this change is meant, record again: reconciler try members --record"


def two_pages() -> Replay:
    return Replay(cassette([(get("limit=2&offset=0"), FIRST), (get("limit=2&offset=2"), SECOND)]))


def reason(answered: Answer | NoAnswer) -> str:
    assert isinstance(answered, NoAnswer)
    assert (answered.code, answered.hint) == ("not-recorded", AGAIN)
    return answered.reason


def test_recorded_requests_are_answered_in_any_order_of_the_query() -> None:
    replay = two_pages()

    assert replay(get("offset=0&limit=2")) == FIRST
    assert replay(get("offset=2&limit=2")) == SECOND
    assert replay.unasked() is None


def test_escapes_of_an_address_do_not_matter() -> None:
    replay = Replay(cassette([(get("key=${KEY}&at=10:00"), FIRST)]))

    assert replay(get("at=10%3A00&key=%24%7BKEY%7D")) == FIRST


def test_another_offset_is_reported_with_the_recorded_one() -> None:
    replay = two_pages()
    replay(get("limit=2&offset=0"))

    assert reason(replay(get("limit=2&offset=100"))) == "request 2 asks offset=100, recorded was offset=2"


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (get("limit=2"), "request 1 asks no offset, recorded was offset=0"),
        (get("limit=2&offset=0&limit=2"), "request 1 asks limit=2, recorded was no limit"),
        (get("limit=9&start=0"), "request 1 asks limit=9, start=0, recorded was limit=2, offset=0"),
        (Request("POST", get("limit=2&offset=0").url), "request 1 asks POST, recorded was GET"),
        (
            Request("GET", "https://other.example/v1?limit=2&offset=0"),
            f"request 1 asks https://other.example/v1, recorded was {ADDRESS}",
        ),
        (get("limit=2&offset=0", ("X-Version", "2")), "request 1 asks x-version: 2, recorded was no x-version"),
        (
            Request("GET", get("limit=2&offset=0").url, (), {"q": 1}),
            'request 1 asks the body {"q":1}, recorded was the body (none)',
        ),
        (Request("GET", "https://[::1"), "request 1 has an address that is not valid"),
        (get("limit=2&offset="), "request 1 asks offset=, recorded was offset=0"),
        (get("offset=0&limit=2", ("X-B", "2"), ("X-A", "1")), "request 1 asks x-b: 2, x-a: 1, recorded was no x-b, no x-a"),
        (get("offset=9&start=0&limit=9"), "request 1 asks offset=9, limit=9, start=0, recorded was offset=0, limit=2, no start"),
        (get("limit=2&offset=" + "9" * 73), f"request 1 asks offset={'9' * 73}, recorded was offset=0"),
        (get("limit=2&offset=" + "9" * 200), f"request 1 asks offset={'9' * 73}…, recorded was offset=0"),
    ],
)
def test_every_difference_is_named(request_: Request, text: str) -> None:
    assert reason(two_pages()(request_)) == text


def test_many_differences_are_counted() -> None:
    asked = get("a=1&b=2&c=3&limit=2&offset=0&d=4")

    assert reason(two_pages()(asked)).endswith("recorded was no a, no b, no c (4 differences in all)")


def test_a_request_after_the_last_recorded_one_is_reported() -> None:
    replay = two_pages()
    replay(get("limit=2&offset=0"))
    replay(get("limit=2&offset=2"))

    text = "request 3 asks offset=4, the recording ends with request 2; the most similar was offset=0"
    assert reason(replay(get("limit=2&offset=4"))) == text


@pytest.mark.parametrize("name", ["Authorization", "Cookie", "X-Key"])
def test_headers_with_secrets_are_compared_by_name(name: str) -> None:
    recorded = get("", (name, "Basic ${USER}:${KEY}" if name != "X-Key" else "${KEY}"))
    replay = Replay(cassette([(recorded, FIRST)]))

    assert replay(get("", (name.lower(), "${OTHER}"))) == FIRST
    assert reason(replay(get())).startswith(f"request 2 asks no {name.lower()}")


def test_a_request_that_was_recorded_twice_is_answered_in_order_and_then_again() -> None:
    replay = Replay(cassette([(get(), FIRST), (get(), SECOND)]))

    assert [replay(get()) for _ in range(3)] == [FIRST, SECOND, FIRST]


def test_bodies_are_compared_without_the_order_of_fields() -> None:
    def post(body: Json) -> Request:
        return Request("POST", ADDRESS, (), body)

    replay = Replay(cassette([(post({"a": 1, "b": [1]}), FIRST)]))

    assert replay(post({"b": [1], "a": 1})) == FIRST
    assert reason(
        replay(post({"b": [2], "a": 1}))
    ) == 'request 2 asks the body {"b":[2],"a":1}, recorded was the body {"a":1,"b":[1]}'.replace(
        "recorded was", "the recording ends with request 1; the most similar was"
    )


def test_a_run_that_ends_earlier_than_the_recording_fails() -> None:
    replay = two_pages()
    replay(get("limit=2&offset=0"))

    finding = replay.unasked()
    assert finding is not None
    assert (finding.severity, finding.code, finding.hint) == (Severity.ERROR, "recorded-more", AGAIN)
    assert finding.message == "the recording has 2 calls, but call 2 was not requested: the run ends earlier than it did"


def test_a_recording_of_a_stub_is_made_again_from_the_stub() -> None:
    replay = Replay(replace(cassette([(get("page=1"), FIRST)]), stub=True))

    finding, unknown = replay.unasked(), replay(get("page=2"))
    assert finding is not None
    assert isinstance(unknown, NoAnswer)
    assert {finding.hint, unknown.hint} == {f"{AGAIN} --stub"}


def test_many_calls_that_were_not_requested_are_shortened() -> None:
    replay = Replay(cassette([(get(f"page={number}"), FIRST) for number in range(8)]))

    finding = replay.unasked()
    assert finding is not None
    assert "calls 1, 2, 3, 4, 5, … were not requested" in finding.message


def test_a_changed_value_of_a_header_is_named_with_the_recorded_one() -> None:
    replay = Replay(cassette([(get("", ("X-Version", "1"), ("Accept", "text/csv")), FIRST)]))
    asked = get("", ("x-version", "2"))

    assert reason(replay(asked)) == "request 1 asks x-version: 2, no accept, recorded was x-version: 1, accept: text/csv"


def test_a_body_that_is_no_longer_sent_is_named() -> None:
    def post(body: Json) -> Request:
        return Request("POST", ADDRESS, (), body)

    replay = Replay(cassette([(post({"q": "x" * 99}), FIRST)]))

    assert reason(replay(post(None))) == f'request 1 asks the body (none), recorded was the body {{"q":"{"x" * 74}…'


def test_the_most_similar_recorded_request_is_the_one_that_is_named() -> None:
    replay = Replay(cassette([(get("page=1&size=9&sort=id"), FIRST), (get("page=2&size=5"), SECOND)]))

    assert reason(replay(get("page=3&size=5"))) == "request 1 asks page=3, recorded was page=2"


def test_among_similar_ones_the_next_that_was_not_asked_for_is_named() -> None:
    replay = Replay(cassette([(get(f"page={number}"), FIRST) for number in (1, 2, 3)]))
    replay(get("page=1"))

    assert reason(replay(get("page=9"))) == "request 2 asks page=9, recorded was page=2"


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ((0, 1), "calls 3, 4, 5, 6, 7, … were"),
        ((0, 1, 2), "calls 4, 5, 6, 7, 8 were"),
        ((0, 2, 3, 4, 5, 6, 7), "call 2 was"),
    ],
)
def test_calls_that_were_not_requested_are_named_by_their_number(asked: tuple[int, ...], left: str) -> None:
    replay = Replay(cassette([(get(f"page={number}"), FIRST) for number in range(8)]))
    for number in asked:
        replay(get(f"page={number}"))

    finding = replay.unasked()
    assert finding is not None
    assert finding.message == f"the recording has 8 calls, but {left} not requested: the run ends earlier than it did"
    assert finding.path == ("sourceSpec", "attributes", "paginationParams")
