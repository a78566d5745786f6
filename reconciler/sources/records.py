"""The records of an answer, and the rows that the mapping sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from reconciler.documents.json_text import Document, Json
from reconciler.documents.pointer import Segments
from reconciler.documents.shapes import name_of_type
from reconciler.sources.answers.jsonpath import MISSING, Complex, Missing, Step, follow, steps_of
from reconciler.sources.checks.advice import path_of_the_only_list
from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding, found
from reconciler.sources.source import CONTENT_PATH, EXPLODE, Source

_SHOWN: Final = 80
_DEEPEST: Final = 200
"""Levels of a record in which null fields are dropped."""


@dataclass(frozen=True, slots=True)
class Selection:
    """`contentPath` or `explodeEntityPath`: the steps of its path, and what is kept beside the records."""

    path: Segments
    written: str
    steps: tuple[Step, ...] = ()
    skip: frozenset[str] = frozenset()
    keep: frozenset[str] | None = None
    wrapper: str | None = None

    @property
    def name(self) -> str | None:
        """The name of a record in a row; None for the items of an array that is the answer itself."""
        last = self.steps[-1] if self.steps else None
        return self.wrapper or (last if isinstance(last, str) else None)

    def keeps(self, name: str) -> bool:
        """Whether this field stays in a row."""
        return name not in self.skip and (self.keep is None or name in self.keep)


@dataclass(frozen=True, slots=True)
class Records:
    """How records are found in an answer."""

    content: Selection | None
    explode: Selection | None = None
    assumed: Assumptions = field(default_factory=Assumptions)

    def of(self, body: Json | Missing) -> list[Document] | Finding:
        """The records of an answer, or why there are none."""
        if self.content is None:
            return found("1314", "`contentPath` cannot be read")
        if isinstance(body, list) and self.assumed.of("answer.root-array") == "refused":
            return found("1315", "the answer is an array, not an object", None, self.content.path)
        value = follow(body, self.content.steps)
        if value is MISSING:
            return found("1313", self._absent(body), _step_to(body), self.content.path)
        if value is None and self.assumed.of("content.null") == "no-rows":
            return []
        return self._checked(value, body)

    def _checked(self, value: Json, body: Json | Missing) -> list[Document] | Finding:
        content = self.content
        path, written = (content.path, content.written) if content else (None, "$")
        if not isinstance(value, list):
            return found("1315", f"{written} is {name_of_type(value)}, not an array", _step_to(body), path)
        self.assumed.of("content.path")
        if not value:
            self.assumed.of("content.empty")
        for index, item in enumerate(value):
            if not isinstance(item, dict):
                return found("1315", f"item {index} of {written} is {name_of_type(item)}, not an object", None, path)
        return value

    def _absent(self, body: Json) -> str:
        written = self.content.written if self.content else "$"
        names = [name for name in body if name.isprintable()][:5] if isinstance(body, dict) else []
        listed = f"; it has {', '.join(name[:40] for name in names)}" if names else ""
        return f"{written} is not in the answer{listed}"

    def rows(self, body: Json, records: list[Document]) -> Iterator[Json]:
        """The rows of these records, one by one, as the mapping sees them."""
        beside = self._envelope(body)
        for record in records:
            row = self._row(record, beside)
            yield from self._exploded(row) if self.explode else (self._without_nulls(row),)

    def _envelope(self, body: Json) -> Document:
        content = self.content
        if content is None or not content.steps:
            return {}
        holder = follow(body, content.steps[:-1])
        others = holder if isinstance(holder, dict) else {}
        by_envelope = self.assumed.of("row.attributes") == "envelope"
        return {
            name: value
            for name, value in others.items()
            if name != content.steps[-1] and (not by_envelope or content.keeps(name))
        }

    def _row(self, record: Document, beside: Document) -> Document:
        content = self.content
        name = content.name if content else None
        if content and (name is None or self.assumed.of("row.attributes") == "record"):
            record = {key: value for key, value in record.items() if content.keeps(key)}
        if name is None or self.assumed.of("row.wrapped") == "bare":
            return record
        return {**beside, name: record}

    def _exploded(self, row: Document) -> Iterator[Json]:
        self.assumed.of("row.explode")
        explode = self.explode
        items, name = (self.inner(row), explode.name or "item") if explode else (None, "")
        for item in items or ():
            kept = {key: value for key, value in self._beside(row).items() if explode and explode.keeps(key)}
            yield self._without_nulls({**kept, name: item})

    def _beside(self, row: Document) -> Document:
        """The fields beside the inner array: those of the record that has it, and of the row."""
        steps = self._inner_steps(row)
        holder = follow(row, steps[:-1])
        inner = {key: value for key, value in holder.items() if key != steps[-1]} if isinstance(holder, dict) else {}
        outer = {key: value for key, value in row.items() if not steps or key != steps[0]}
        return outer | inner

    def lacks_inner(self, body: Json, records: list[Document]) -> Finding | None:
        """A finding if `explodeEntityPath` leads to an array in none of these records."""
        beside = self._envelope(body)
        if self.explode is None or not records or any(self.inner(self._row(record, beside)) is not None for record in records):
            return None
        return found("1319", f"{self.explode.written} leads to an array in no record of this page", None, self.explode.path)

    def inner(self, row: Document) -> list[Json] | None:
        """The array at `explodeEntityPath` of a row; None if there is none."""
        found = follow(row, self._inner_steps(row))
        return found if isinstance(found, list) else None

    def _inner_steps(self, row: Document) -> tuple[Step, ...]:
        steps = self.explode.steps if self.explode else ()
        name = self.content.name if self.content else None
        return steps[1:] if steps and steps[0] == name and name not in row else steps

    def _without_nulls(self, row: Json) -> Json:
        dense = _dense(row, _DEEPEST)
        return dense if dense != row and self.assumed.of("row.nulls") == "dropped" else row


def _dense(value: Json, depth: int) -> Json:
    if depth == 0:
        return value
    if isinstance(value, dict):
        return {key: _dense(item, depth - 1) for key, item in value.items() if item is not None}
    return [_dense(item, depth - 1) for item in value] if isinstance(value, list) else value


def records_of(source: Source, assumed: Assumptions) -> tuple[Records, tuple[Finding, ...]]:
    """How the records of a body are found, and what is wrong with its paths."""
    content = _selection(source, CONTENT_PATH, assumed)
    if content is None:
        return _without_path(assumed)
    explode = _selection(source, EXPLODE, assumed)
    wrong = tuple(item for item in (content, explode) if isinstance(item, Finding))
    return Records(
        None if isinstance(content, Finding) else content, None if isinstance(explode, Finding) else explode, assumed
    ), wrong


def _step_to(body: Json | Missing) -> str | None:
    """The next step if the records are elsewhere in the answer; None for the general hint."""
    path = None if body is MISSING else path_of_the_only_list(body)
    return f"write {path}, if these are the records" if path else None


def _without_path(assumed: Assumptions) -> tuple[Records, tuple[Finding, ...]]:
    if assumed.of("content.none") == "refused":
        return Records(None, None, assumed), (found("1313", "the spec has no `contentPath`"),)
    return Records(Selection(CONTENT_PATH, "$"), None, assumed), ()


def _selection(source: Source, path: Segments, assumed: Assumptions) -> Selection | Finding | None:
    value = source.at(path)
    block = value if isinstance(value, dict) else {}
    written = value if isinstance(value, str) else block.get("path")
    if not isinstance(written, str) or not written.strip():
        return None
    place = path if isinstance(value, str) else (*path, "path")
    try:
        steps = steps_of(written, assumed)
    except Complex:
        return found("1314", f"{written[:_SHOWN]!r} is not a path that names one place of the answer", None, place)
    wrapper = block.get("overrideWrapperAttribute")
    selection = Selection(place, written[:_SHOWN], steps, _names(block.get("skipAttributes")))
    keep = block.get("keepAttributes")
    named = replace(selection, wrapper=wrapper) if isinstance(wrapper, str) and wrapper else selection
    return replace(named, keep=_names(keep)) if isinstance(keep, list) and keep else named


def _names(value: Json) -> frozenset[str]:
    return frozenset(item for item in value if isinstance(item, str)) if isinstance(value, list) else frozenset()
