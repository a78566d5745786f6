"""Read a recording strictly: what is not exactly a recording is a problem with its line, and nothing of it is used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from reconciler.documents.json_text import Json, encode
from reconciler.documents.pointer import Segments
from reconciler.documents.readers import ANYTHING, FLAG, UNREAD, Found, ListOf, MapOf, Reader, Record, Scalar, read_whole, text
from reconciler.documents.shapes import Misfit, ShapeMistake, name_of_type
from reconciler.errors import Problem, Severity
from reconciler.sources.messages import Answer, Request
from reconciler.texts.json import read_json
from reconciler.texts.reading import Mistake, text_of
from reconciler.trying.cassette import FORMAT_VERSION, KIND, MAX_BYTES, MAX_CALLS, MOMENT, Cassette, Exchange, url_of

RECORD_AGAIN: Final = "record it again with try --record"
_MAX_PROBLEMS: Final = 20
_NO_BODY: Final = object()
_METHOD: Final = re.compile(r"[A-Z]{1,20}")
_ADDRESS: Final = re.compile(r"https?://[^\s?#]+")


@dataclass(frozen=True, slots=True)
class _Header:
    format_version: int
    kind: str
    key: str
    spec_digest: str
    recorded_at: datetime
    redacted: bool
    pages: int | None = None
    stub: bool = False


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Json = None


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = _NO_BODY
    text: str | None = None


@dataclass(frozen=True, slots=True)
class _Call:
    n: int
    request: _Request
    answer: _Answer
    ms: int


def _version(value: int) -> int:
    if value != FORMAT_VERSION:
        raise Misfit(f"version {value!r:.20} is not supported; the only supported version is {FORMAT_VERSION}", RECORD_AGAIN)
    return value


def _kind(value: str) -> str:
    if value != KIND:
        raise Misfit(f"{value[:40]!r} is not a recording", f"write {KIND}, or give the path of a cassette.jsonl")
    return value


def _moment(value: str) -> datetime:
    try:
        return datetime.strptime(value, MOMENT).replace(tzinfo=UTC)
    except ValueError:
        raise Misfit(f"{value[:40]!r} is not a time such as 2026-01-31T12:00:00Z", RECORD_AGAIN) from None


def _method(value: str) -> str:
    if not _METHOD.fullmatch(value):
        raise Misfit(f"{value[:40]!r} is not a valid method", "write it in capitals, such as GET")
    return value


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value) or not _splits(value):
        raise Misfit(f"{value[:80]!r} is not an address without a query", "move the part after ? to `query`")
    return value


def _splits(value: str) -> bool:
    """Whether this is a URL for the standard library, which raises for unmatched brackets."""
    try:
        return bool(urlsplit(value).hostname)
    except ValueError:
        return False


def _within(least: int, most: int) -> Scalar:
    def check(value: int) -> int:
        if not least <= value <= most:
            raise Misfit(f"{value!r:.20} is not between {least} and {most:,}", RECORD_AGAIN)
        return value

    return Scalar("integer", check)


def _one_body(answer: _Answer) -> _Answer:
    if (answer.body is _NO_BODY) == (answer.text is None):
        raise Misfit("an answer has either `body` or `text`", "use `body` for JSON, and `text` for anything else")
    return answer


@dataclass(frozen=True, slots=True)
class _Pair:
    """A list of two strings."""

    def read(self, value: Json, path: Segments, found: Found) -> Any:
        if isinstance(value, list) and len(value) == 2 and all(isinstance(item, str) for item in value):  # noqa: PLR2004 - a pair
            return tuple(value)
        found.append(
            ShapeMistake(path, "wrong-type", "each query parameter must be a list of two strings", 'write ["name", "value"]')
        )
        return UNREAD


_TEXTS: Final[Reader] = MapOf(text())
_HEADER: Final = Record(
    _Header,
    {
        "format_version": Scalar("integer", _version),
        "kind": text(_kind),
        "key": text(),
        "spec_digest": text(),
        "recorded_at": Scalar("string", _moment),
        "redacted": FLAG,
        "pages": _within(1, MAX_CALLS),
        "stub": FLAG,
    },
    ("format_version", "kind", "key", "spec_digest", "recorded_at", "redacted"),
)
_CALL: Final = Record(
    _Call,
    {
        "n": _within(1, MAX_CALLS),
        "request": Record(
            _Request,
            {
                "method": text(_method),
                "url": text(_address),
                "query": ListOf(_Pair()),
                "headers": _TEXTS,
                "body": ANYTHING,
            },
            ("method", "url"),
        ),
        "answer": Record(
            _Answer,
            {"status": _within(100, 999), "headers": _TEXTS, "body": ANYTHING, "text": text()},
            ("status",),
            check=_one_body,
        ),
        "ms": _within(0, 10**9),
    },
    ("n", "request", "answer", "ms"),
)


def read_cassette(data: bytes, file: str, *, allow_raw: bool = False) -> Cassette | tuple[Problem, ...]:
    """The recording in these bytes, or every problem with its line (at most 20). Never raises."""
    problems = _Problems(file)
    lines = _lines(data, problems)
    if problems.found:
        return tuple(problems.found)
    header = _line(_HEADER, lines[0], 1, problems)
    calls = [_line(_CALL, line, number, problems) for number, line in enumerate(lines[1:], start=2) if not problems.are_many]
    if header is not None and not header.redacted and not allow_raw:
        problems.add(
            1, "not-redacted", "this recording is not redacted: it may contain personal data", "record it with try --record"
        )
    for number, call in enumerate(calls, start=1):
        if call is not None and call.n != number:
            problems.add(
                number + 1, "bad-value", f"`n` is {call.n}, but this is call {number}", "a call is missing, or out of order"
            )
    if header is None or problems.found:
        return tuple(problems.found)
    exchanges = tuple(_exchange(call) for call in calls if call is not None)
    return Cassette(header.key, header.spec_digest, header.recorded_at, exchanges, header.redacted, header.pages, header.stub)


@dataclass(slots=True)
class _Problems:
    file: str
    found: list[Problem] = field(default_factory=list)

    @property
    def are_many(self) -> bool:
        return len(self.found) >= _MAX_PROBLEMS

    def add(self, line: int, code: str, message: str, hint: str, column: int | None = None) -> None:
        if not self.are_many:
            self.found.append(Problem(Severity.ERROR, code, message, self.file, line, column, hint=hint))


def _lines(data: bytes, problems: _Problems) -> list[bytes]:
    if len(data) > MAX_BYTES:
        message = f"the recording has more than {MAX_BYTES:,} bytes"
        problems.add(1, "too-large", message, "record fewer pages: try --record --pages N")
        return []
    if isinstance(mistake := text_of(data), Mistake):
        problems.add(mistake.line, mistake.code, mistake.message, mistake.hint, mistake.column)
        return []
    lines = data.removesuffix(b"\n").split(b"\n")
    if len(lines) - 1 > MAX_CALLS:
        problems.add(
            MAX_CALLS + 2,
            "too-large",
            f"the recording has more than {MAX_CALLS:,} calls",
            "record fewer pages: try --record --pages N",
        )
    elif len(lines) == 1:
        problems.add(1, "no-calls", "the recording has no calls", RECORD_AGAIN)
    return lines


def _line(record: Record[Any], line: bytes, number: int, problems: _Problems) -> Any:
    """One line, converted; None if it has problems."""
    if not line.strip():
        problems.add(number, "empty", "this line is empty", "remove it, or " + RECORD_AGAIN)
        return None
    reading = read_json(line)
    for mistake in reading.mistakes:
        problems.add(number, mistake.code, mistake.message, RECORD_AGAIN, mistake.column)
    if reading.mistakes:
        return None
    if not isinstance(reading.value, dict):
        problems.add(number, "wrong-type", f"each line must be a mapping, not {name_of_type(reading.value)}", RECORD_AGAIN)
        return None
    made = read_whole(record, reading.value)
    if not isinstance(made, tuple):
        return made
    for shape in made:
        problems.add(number, shape.code, shape.message, shape.hint)
    return None


def _exchange(call: _Call) -> Exchange:
    sent, came = call.request, call.answer
    request = Request(sent.method, url_of(sent.url, sent.query), tuple(sent.headers.items()), sent.body)
    content = encode(came.body) if came.text is None else came.text.encode()
    headers = {name.lower(): value for name, value in came.headers.items()}
    return Exchange(request, Answer(came.status, headers, content, call.ms))
