"""What a recording shows of an API: the pages of records, and the values around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reconciler.documents.json_text import Document, Json
from reconciler.sources.answers.decoding import decoded
from reconciler.sources.answers.jsonpath import MISSING, Complex, Missing, Step, look_up, parse
from reconciler.sources.answers.jsonpath import Reply as Seen
from reconciler.sources.evidence import Assumptions
from reconciler.sources.messages import Answer, Request
from reconciler.sources.records import Records
from reconciler.trying.cassette import Exchange, Unrecordable


@dataclass(frozen=True, slots=True)
class SeenPage:
    """One answer with records."""

    request: Request
    answer: Answer
    body: Json = field(repr=False)
    rows: tuple[Document, ...] = field(repr=False)

    @property
    def scalars(self) -> dict[str, Json]:
        """The values outside of lists, by dotted path."""
        return dict(_scalars(self.body, ""))

    def at(self, expression: str) -> Json | Missing:
        """The value of a path of the spec in this answer; MISSING for a path that cannot be read."""
        try:
            return look_up(expression, Seen(self.answer.headers, self.body), Assumptions())
        except Complex:
            return MISSING


def pages_of(calls: Sequence[Exchange], records: Records) -> tuple[SeenPage, ...]:
    """The answers with records, in order; an answer without JSON or records is left out."""
    found: list[SeenPage] = []
    for call in calls:
        body, reason = decoded(call.answer, Assumptions())
        rows = records.of(body) if reason is None else None
        if call.answer.status == 200 and isinstance(rows, list):  # noqa: PLR2004 - OK
            found.append(SeenPage(call.request, call.answer, body, tuple(rows)))
    return tuple(found)


def dotted(path: str, what: str) -> str:
    """A path of the spec as a provider file writes it. Raises Unrecordable for one that it cannot describe."""
    try:
        return dotted_steps(parse(path), what)
    except Complex:
        raise _indescribable(what, path) from None


def dotted_steps(steps: Sequence[Step], what: str) -> str:
    """The steps of a path as a provider file writes them. Raises Unrecordable for an index, or a name with a dot."""
    names = [step for step in steps if isinstance(step, str) and "." not in step]
    if len(names) < len(steps):
        raise _indescribable(what, "/".join(map(str, steps)))
    return ".".join(names)


def _indescribable(what: str, path: str) -> Unrecordable:
    hint = "write provider.yaml by hand; docs/emulator.md lists its keys"
    return Unrecordable(f"{what} {path[:80]!r} is not a path that a provider file can describe", hint=hint)


def _scalars(value: Json, path: str) -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        for name, item in value.items():
            if "." not in name and name:
                yield from _scalars(item, f"{path}.{name}" if path else name)
    elif not isinstance(value, list) and path:
        yield path, value
