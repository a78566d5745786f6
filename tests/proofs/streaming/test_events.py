"""events.jsonl: each line is an event, sent as its bytes; a mistake never shows a part of one."""

from __future__ import annotations

import pytest

from reconciler.desired.tree import GivenFiles
from reconciler.proofs.folder import folder_of
from reconciler.proofs.streaming.events import MOST_EVENTS, events_in, parsed_events


def messages(data: bytes) -> list[str]:
    return [f"{problem.line} {problem.code} {problem.message}" for problem in parsed_events(data, "events.jsonl").problems]


def test_each_line_is_an_event_with_the_bytes_that_are_sent() -> None:
    read = parsed_events(b'{"a": 1.0}\r\n\n{"b":  "x"} \n', "events.jsonl")
    assert [event.data for event in read.events] == [b'{"a": 1.0}', b'{"b":  "x"} ']
    assert [event.value for event in read.events] == [{"a": 1.0}, {"b": "x"}]
    assert read.problems == ()


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b'{"a": 1}\n{"secret-value', "2 not-json this line is not valid JSON"),
        (b"[1]\n", "1 wrong-type this line holds a list; an event must be an object with a field"),
        (b"{}\n", "1 wrong-type this line holds an empty object; an event must be an object with a field"),
        (b"\n", "1 empty the file has no event"),
        (b'{"a": 1}\n' * (MOST_EVENTS + 1), "91 too-many the file has 91 events, and at most 90 can be found again"),
        (b"[" * 100_000, "1 not-json this line is not valid JSON"),
    ],
)
def test_a_mistake_is_at_its_line(data: bytes, shown: str) -> None:
    assert messages(data) == [shown]


def test_with_a_mistake_there_are_no_events() -> None:
    assert parsed_events(b'{"a": 1}\n[]', "events.jsonl").events == ()


def test_as_many_events_as_can_be_found_again_are_read() -> None:
    assert len(parsed_events(b'{"a": 1}\n' * MOST_EVENTS, "events.jsonl").events) == MOST_EVENTS


def test_a_folder_without_the_file_has_no_events_and_no_problem() -> None:
    read = events_in(folder_of(GivenFiles({}), "acme"), "acme", "specs")
    assert (read.exists, read.events, read.problems) == (False, (), ())


def test_a_problem_names_the_file_in_the_folder() -> None:
    files = GivenFiles({"proofs/acme/events.jsonl": b"no"})
    (problem,) = events_in(folder_of(files, "acme"), "acme", "specs").problems
    assert (problem.file, problem.key) == ("specs/proofs/acme/events.jsonl", "acme")
