"""The input of rules: a desired spec with its decoded body, and safe access to a body of any shape.

A section that is missing in a file stays as it is live, so rules do not report it; a section in the file is complete.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.json_text import Document, Json
from reconciler.documents.kinds import Kind
from reconciler.documents.places import Missing
from reconciler.documents.pointer import Segments
from reconciler.sdk.sources import BATCH, STREAMING

_WITH_TEXTS: Final = (str, dict, list)


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """The spec of one target."""

    spec: DesiredSpec
    body: Document

    @property
    def is_connection_spec(self) -> bool:
        return self.spec.kind is Kind.CONNECTION_SPEC

    @property
    def is_batch(self) -> bool:
        return self.is_connection_spec and self.spec.spec_type == BATCH

    @property
    def is_streaming(self) -> bool:
        return self.is_connection_spec and self.spec.spec_type == STREAMING

    @property
    def is_plain(self) -> bool:
        """Whether every string and key consists of visible ASCII characters and spaces. False means only perhaps not."""
        written = self.spec.body_json
        return written.isascii() and b"\\" not in written and b"\x7f" not in written

    def may_hold(self, text: bytes) -> bool:
        """Whether this is in the JSON of the body, which is compact."""
        return text in self.spec.body_json

    def at(self, path: Segments) -> Json:
        """The value at this path; None if there is none."""
        return value_at(self.body, path)

    def mapping(self, path: Segments) -> Document:
        """The mapping at this path; empty for any other value."""
        value = self.at(path)
        return value if isinstance(value, dict) else {}

    def auth_specs(self) -> Iterator[tuple[Segments, Document]]:
        """Each entry of `authSpec` that is a mapping, with its path."""
        entries = self.body.get("authSpec")
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict):
                yield ("authSpec", str(index)), entry


def subject_of(spec: DesiredSpec) -> Subject:
    """The subject for a spec, with its body decoded."""
    return Subject(spec, spec.body)


def value_at(value: Json, path: Segments) -> Json:
    """The value at this path; None if there is none."""
    for segment in path:
        if isinstance(value, dict):
            value = value.get(segment)
        elif isinstance(value, list) and segment.isdecimal() and int(segment[:9]) < len(value):
            value = value[int(segment[:9])]
        else:
            return None
    return value


def properties_of(schema: Json | Missing) -> Document:
    """The `properties` of a JSON Schema; empty for any other value."""
    properties = schema.get("properties") if isinstance(schema, dict) else None
    return properties if isinstance(properties, dict) else {}


def entries_of(container: Json) -> Iterator[tuple[str, Json]]:
    """The keys and values of a mapping, or the indexes and items of a list; nothing for any other value."""
    if isinstance(container, dict):
        yield from container.items()
    elif isinstance(container, list):
        yield from ((str(index), item) for index, item in enumerate(container))


def texts(value: Json, path: Segments = ()) -> Iterator[tuple[Segments, str]]:
    """Each string in a value, with its path, in order."""
    due: list[tuple[Segments, Json]] = [(path, value)]
    while due:
        place, item = due.pop()
        if isinstance(item, str):
            yield place, item
        elif isinstance(item, dict):
            due += [((*place, name), child) for name, child in reversed(item.items()) if isinstance(child, _WITH_TEXTS)]
        elif isinstance(item, list):
            due += [((*place, str(index)), item[index]) for index in reversed(range(len(item)))]


def nodes(value: Json, path: Segments = ()) -> Iterator[tuple[Segments, Json]]:
    """A value and every value in it, each with its path, in order. Not recursive, so depth is not limited."""
    due = [(path, value)]
    while due:
        place, item = due.pop()
        yield place, item
        if isinstance(item, dict):
            due += [((*place, name), child) for name, child in reversed(item.items())]
        elif isinstance(item, list):
            due += [((*place, str(index)), item[index]) for index in reversed(range(len(item)))]


def shown(text: object) -> str:
    """A value quoted for a message, cut after 80 characters."""
    return repr(text)[:80]
