"""The body for a file of a live spec: without the fields that the service manages, the marker, and what a file cannot express."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reconciler.documents.json_text import Document, Json
from reconciler.documents.kinds import Kind
from reconciler.documents.semantics import ID_LISTS, SOURCES, section_of
from reconciler.documents.variables import as_written
from reconciler.documents.verbatim import Verbatim
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.comparing.difference import comparable_live
from reconciler.planning.comparing.id_lists import reference_to
from reconciler.sdk.sections import SECTIONS
from reconciler.texts.reading import MAX_LEVELS

_ENVELOPE_LEVELS = 2
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_SHOWN: Final = 40
"""Maximum length of such a value in a message."""


@dataclass(frozen=True, slots=True)
class WrittenBody:
    """The body of a new file, and a sentence for each live section that it omits, with the reason; these stay as they are live."""

    body: Document
    left_out: tuple[str, ...] = ()


def body_of(spec: LiveSpec, keys: Mapping[str, str], *, shared: bool, own_ids: bool) -> WrittenBody:
    """The body of a live spec in canonical order; `keys` has the key of each connection spec of this repository by its id.

    A flow spec's list of sources is written only if every id in it belongs to this repository, or with `own_ids`: the file then owns the
    whole list, and an id that another team attaches later would be detached. With `shared`, its list of targets is omitted too.
    """
    written: Document = {}
    left_out: list[str] = []
    for section, value in in_canonical_order(spec.kind, comparable_live(spec.body)).items():
        if value is None:
            continue
        reason = _reason_against(spec.kind, section, value, keys, shared=shared, own_ids=own_ids)
        if reason:
            left_out.append(f"{section} is not written, so it stays as it is live: {reason}")
        else:
            is_ids = _is_id_list(spec.kind, section)
            written[section] = (
                [reference_to(keys[item]) if item in keys else item for item in value] if is_ids else as_written(value)
            )
    return WrittenBody(written, tuple(left_out))


def in_canonical_order(kind: Kind, body: Document) -> Document:
    """The body with its sections in the order of the table, and then unknown sections by name."""
    ranks = {section.name: rank for rank, section in enumerate(SECTIONS[kind])}
    fields = sorted(body, key=lambda field: (ranks.get(section_of(field), len(ranks)), field))
    return {field: body[field] for field in fields}


def is_too_deep(body: Document) -> bool:
    """Whether a file with this body would be nested too deep."""
    level: list[Json] = [body]
    for _ in range(MAX_LEVELS - _ENVELOPE_LEVELS):
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def unsayable(value: Json) -> str | None:
    """The reason why a spec file cannot express a live value; None if it can."""
    level = [value]
    while level:
        for item in level:
            if isinstance(item, Verbatim):
                return f"a file cannot express {item.text[:_SHOWN]}{'…' if len(item.text) > _SHOWN else ''}"
            texts = item if isinstance(item, dict) else (item,) if isinstance(item, str) else ()
            if any(_SURROGATE.search(text) for text in texts):
                return "a string in it has half of a surrogate pair, which a file cannot hold"
        inner = (item.values() if isinstance(item, dict) else item for item in level if isinstance(item, dict | list))
        level = [child for several in inner for child in several]
    return None


def _reason_against(kind: Kind, section: str, value: Json, keys: Mapping[str, str], *, shared: bool, own_ids: bool) -> str | None:
    if reason := unsayable(value):
        return reason
    if section == "attributes" and not isinstance(value, dict):
        return "in a file, attributes must be a mapping"
    if section in ("version", "type") and not isinstance(value, str):
        return "in a file, it must be a string"
    if not _is_id_list(kind, section):
        return None
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        return "in a file, it must be a list of ids"
    if own_ids:
        return None
    if section == SOURCES and not (value and all(item in keys for item in value)):
        return "other repositories attach to this flow spec (--own-ids writes it)"
    return "this flow spec is shared (--own-ids writes it)" if shared else None


def _is_id_list(kind: Kind, section: str) -> bool:
    return kind is Kind.FLOW_SPEC and section in ID_LISTS
