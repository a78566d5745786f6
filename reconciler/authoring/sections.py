"""The sections of a new file: their order, and a comment above each that is no plain value."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from reconciler.documents.semantics import section_of
from reconciler.sdk.fields import Field, Shape
from reconciler.sdk.sections import SECTIONS

_GUIDE: Final = "https://experienceleague.adobe.com/en/docs/experience-platform/sources/sdk"
_OWNED_WHOLE: Final = "The file owns the whole list: any other live id is planned as a detach."


def in_canonical_order(kind: Kind, body: Document) -> Document:
    """The body with its sections in the order of the table, and behind them those that the table does not know, by name."""
    ranks = {section.name: rank for rank, section in enumerate(SECTIONS[kind])}
    fields = sorted(body, key=lambda field: (ranks.get(section_of(field), len(ranks)), field))
    return {field: body[field] for field in fields}


def comments_of(kind: Kind) -> dict[str, tuple[str, ...]]:
    """The comment lines above each section, by its field."""
    return {section.name: _comment(section) for section in SECTIONS[kind]}


def _comment(section: Field) -> tuple[str, ...]:
    """The lines, without the `#`; the address stands alone in one, so that no line breaks it."""
    if section.shape in {Shape.TEXT, Shape.NAME}:
        return ()
    owned = _OWNED_WHOLE if section.shape is Shape.IDS else ""
    return tuple(line for line in (section.summary, owned, f"{_GUIDE}/{section.page}" if section.page else "") if line)
