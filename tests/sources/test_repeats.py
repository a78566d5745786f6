from __future__ import annotations

from collections.abc import Iterator

from reconciler.documents.json_text import Document
from reconciler.sources.checks.repeats import Again, Repeats
from reconciler.sources.messages import Request


def pages(count: int) -> Iterator[list[Document]]:
    return ([{"id": page * 40 + number} for number in range(40)] for page in range(count))


def after(count: int) -> Repeats:
    repeats = Repeats()
    for number, records in enumerate(pages(count), start=1):
        assert repeats.read(number, records, b"") is None
    return repeats


def test_records_that_differ_are_no_duplicates() -> None:
    assert after(500).duplicates() == ()


def test_each_record_that_occurs_again_counts_and_the_first_has_its_page() -> None:
    repeats = after(500)
    repeats.read(501, [{"id": number} for number in range(20_000, 20_040)], b"")
    repeats.read(502, [{"id": number} for number in (30_000, 7, 19_999)], b"")
    repeats.read(503, [{"id": number} for number in (7, 8)], b"")
    (one,) = repeats.duplicates()
    assert one.message == "4 records were read more than once; the first of them again on page 502"
    assert one.call == 502


def test_records_of_a_page_are_known_if_they_were_read() -> None:
    repeats = after(500)
    assert repeats.known([{"id": number} for number in range(19_000, 21_000)]) == 1_000
    assert repeats.known([{"id": 20_000}]) == repeats.known([]) == 0


def test_a_page_that_occurs_again_is_the_previous_or_an_earlier_one() -> None:
    repeats, every = after(300), list(pages(300))
    assert repeats.read(301, every[-1], b"") is Again.PREVIOUS
    assert {repeats.read(302, page, b"") for page in every[:-1]} == {Again.EARLIER}


def test_only_a_request_that_was_sent_is_known() -> None:
    repeats, requests = Repeats(), [Request("GET", f"https://x?page={number}") for number in range(300)]
    assert not any(map(repeats.sent, requests))
    assert all(map(repeats.sent, requests))


def test_a_call_with_any_number_is_read() -> None:
    repeats = Repeats()
    assert [repeats.read(number, [{"id": 1}, {"id": number}], b"") for number in (65_535, 65_536, 70_000)] == [None] * 3
    (one,) = repeats.duplicates()
    assert one.message.startswith("2 records were read more than once")
