"""Reads `events.jsonl`: the events of a streaming source, one JSON object a line. Each is sent as the bytes of its line.

No message has a part of an event: events are records.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from reconciler.desired.tree import Unreadable
from reconciler.documents.json_text import Document, NotJson
from reconciler.documents.shapes import name_of_type
from reconciler.errors import Problem, Severity
from reconciler.proofs.folder import EVENTS, ProofFolder
from reconciler.texts.exact_json import decode_exact
from reconciler.texts.reading import MAX_MISTAKES

MOST_EVENTS: Final = 90
"""The preview of a dataset shows its first 100 rows, and the tests of the authentication add some."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its bytes as they are sent, and their value."""

    data: bytes = field(repr=False)
    value: Document = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReadEvents:
    """The events of a file, or its problems. `exists` is whether there is a file."""

    events: tuple[Event, ...] = field(default=(), repr=False)
    problems: tuple[Problem, ...] = ()
    exists: bool = True


def events_in(folder: ProofFolder, key: str, shown: str) -> ReadEvents:
    """The events of this folder. Never raises."""
    file = f"{shown}/{folder.path(EVENTS)}"
    try:
        data = folder.read(EVENTS)
    except Unreadable as error:
        return ReadEvents(problems=(error.problem.at(file, 1, 1),))
    if data is None:
        return ReadEvents(exists=False)
    return parsed_events(data, file, key)


def parsed_events(data: bytes, file: str, key: str | None = None) -> ReadEvents:
    """The events in this text; empty lines are skipped."""
    events: list[Event] = []
    problems: list[Problem] = []
    lines = [(number, line.removesuffix(b"\r")) for number, line in enumerate(data.split(b"\n"), start=1) if line.strip()]
    for number, line in lines:
        found = _event(line)
        if isinstance(found, Event):
            events.append(found)
        elif len(problems) < MAX_MISTAKES:
            problems.append(_problem(file, number, key, *found))
    problems += _of_all(file, key, lines)
    return ReadEvents(() if problems else tuple(events), tuple(problems))


def _event(line: bytes) -> Event | tuple[str, str, str]:
    """The event in this line, or code, message and hint of what is wrong with it."""
    try:
        value = decode_exact(line)
    except NotJson:
        return "not-json", "this line is not valid JSON", "write one event a line, as your product sends it"
    if not isinstance(value, dict) or not value:
        said = "an empty object" if value == {} else name_of_type(value)
        return "wrong-type", f"this line holds {said}; an event must be an object with a field", "write one event a line"
    return Event(line, value)


def _of_all(file: str, key: str | None, lines: list[tuple[int, bytes]]) -> Iterator[Problem]:
    if not lines:
        yield _problem(file, 1, key, "empty", "the file has no event", "write one event a line, as your product sends it")
    if len(lines) > MOST_EVENTS:
        message = f"the file has {len(lines):,} events, and at most {MOST_EVENTS} can be found again"
        hint = "remove some: the preview of a dataset shows its first 100 rows"
        yield _problem(file, lines[MOST_EVENTS][0], key, "too-many", message, hint)


def _problem(file: str, line: int, key: str | None, code: str, message: str, hint: str) -> Problem:
    return Problem(Severity.ERROR, code, message, file, line, 1, hint, key)
