"""The parts of a connection spec that decide what is fetched, read from a body of any shape."""

from __future__ import annotations

from typing import Final

import msgspec

from reconciler.documents.json_text import Document, Json, value_at
from reconciler.documents.pointer import Segments

ATTRIBUTES: Final[Segments] = ("sourceSpec", "attributes")
URL_PARAMS: Final[Segments] = (*ATTRIBUTES, "urlParams")
QUERY_PARAMS: Final[Segments] = (*URL_PARAMS, "queryParams")
HEADER_PARAMS: Final[Segments] = (*ATTRIBUTES, "headerParams")
BODY_PARAMS: Final[Segments] = (*ATTRIBUTES, "bodyParams")
CONTENT_PATH: Final[Segments] = (*ATTRIBUTES, "contentPath")
EXPLODE: Final[Segments] = (*ATTRIBUTES, "explodeEntityPath")
PAGINATION: Final[Segments] = (*ATTRIBUTES, "paginationParams")
SCHEDULE: Final[Segments] = (*ATTRIBUTES, "scheduleParams")
FORM: Final[Segments] = ("sourceSpec", "spec")


class Source(msgspec.Struct, frozen=True):
    """A body, with safe access to its parts: a part of another type than expected is empty."""

    body: Document

    def mapping(self, path: Segments) -> Document:
        """The mapping at this path; empty for any other value."""
        found = value_at(self.body, *path)
        return found if isinstance(found, dict) else {}

    def at(self, path: Segments) -> Json:
        """The value at this path; None if there is none."""
        return value_at(self.body, *path)

    @property
    def auth_specs(self) -> tuple[tuple[Segments, Document], ...]:
        """The entries of `authSpec` that are mappings, each with its path."""
        entries = self.body.get("authSpec")
        items = enumerate(entries if isinstance(entries, list) else ())
        return tuple((("authSpec", str(index)), entry) for index, entry in items if isinstance(entry, dict))
