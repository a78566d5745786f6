"""The semantics of lists and fields in a spec, in one table, by path.

All code that compares, digests or addresses a document uses it, so a new comparison rule is a new line in `LIST_RULES` or `_ALIASES`.
Source: Flow Service responses reorder these lists and keep the order of all others; the order of `enum` is that of a menu.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Final

import msgspec

from reconciler.documents.json_text import encode_sorted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reconciler.documents.json_text import Json
    from reconciler.documents.pointer import Segments

SERVER_MANAGED: Final = frozenset(
    {
        "id",
        "createdAt",
        "updatedAt",
        "createdBy",
        "updatedBy",
        "createdClient",
        "updatedClient",
        "sandboxId",
        "sandboxName",
        "imsOrgId",
        "etag",
    }
)
"""Top-level fields that the service sets itself: never compared and never sent."""

SOURCES: Final = "sourceConnectionSpecIds"
"""The field of a flow spec that holds the ids of its sources."""

ID_LISTS: Final = (SOURCES, "targetConnectionSpecIds")
"""The fields of a flow spec with ids of connection specs: sets of strings, each of them an attachment."""

_ALIASES: Final[Mapping[str, str]] = {
    "transformationSpec": "transformationSpecs",
    "transformationSpecDTOS": "transformationSpecs",
}

OF_SEVERAL_NAMES: Final = frozenset(_ALIASES) | frozenset(_ALIASES.values())
"""The fields of the sections that have several names."""

_LITERALS: Final = frozenset({"default", "const", "enum", "examples"})
"""JSON Schema keywords whose value is data: field names below them have no special meaning."""


class ListKind(Enum):
    """Whether the order and the repetition of a list's items count."""

    ORDERED = auto()
    """Order and repetition count."""
    SET = auto()
    """Neither order nor repetition counts."""
    NAMED = auto()
    """Items are objects with a unique `name`; order does not count."""


class ListRule(msgspec.Struct, frozen=True):
    """One line of the table: the kind of lists in this field, at the top level only or at any depth."""

    field: str
    kind: ListKind
    top_level_only: bool = False


LIST_RULES: Final = (
    *(ListRule(field, ListKind.SET, top_level_only=True) for field in ID_LISTS),
    ListRule("required", ListKind.SET),
    ListRule("permissions", ListKind.SET),
    ListRule("entitlements", ListKind.SET),
    ListRule("duleLabels", ListKind.SET),
    ListRule("authSpec", ListKind.NAMED, top_level_only=True),
    ListRule("transformationSpecs", ListKind.NAMED, top_level_only=True),
    ListRule("encryptionSpecs", ListKind.NAMED),
)

_RULE_BY_FIELD: Final = {rule.field: rule for rule in LIST_RULES}
_CONTENT_PATH: Final = ("sourceSpec", "attributes", "contentPath")
SPECIAL_FIELDS: Final = frozenset({*_RULE_BY_FIELD, _CONTENT_PATH[-1]})
"""Fields with a list whose order may not count, or with two equivalent forms. All other mappings and lists are as they are written."""


def section_of(field: str) -> str:
    """The section of a top-level field; one section may have several names (`transformationSpec`)."""
    return _ALIASES.get(field, field)


def names_of(section: str) -> tuple[str, ...]:
    """All names of a section, its own first."""
    return (section, *(alias for alias, meant in _ALIASES.items() if meant == section))


def sections(body: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """Each (section, field) of a body, without the fields that the service manages.

    If a body has a section under two names, the second name counts as a section of its own, so that nothing is hidden.
    """
    for field in body:
        if field in SERVER_MANAGED:
            continue
        section = section_of(field)
        if section != field and any(other != field and section_of(other) == section for other in body):
            yield field, field
        else:
            yield section, field


def field_of(body: Mapping[str, Json], section: str) -> str | None:
    """The field name of a section in this body; None if the body lacks it."""
    if section in body:
        return section
    return next((field for name, field in sections(body) if name == section), None)


def list_kind(path: Segments, items: list[Json]) -> ListKind:
    """The kind of this list at this path of a body. A list that should be named but is not counts as ordered."""
    rule = _RULE_BY_FIELD.get(section_of(path[-1]) if len(path) == 1 else path[-1]) if path else None
    if rule is None or (rule.top_level_only and len(path) != 1) or _is_literal(path):
        return ListKind.ORDERED
    if rule.kind is ListKind.NAMED and not _all_named(items):
        return ListKind.ORDERED
    return rule.kind


def plain_value(value: Json, path: Segments) -> Json:
    """The value in the simpler of two equivalent forms: `contentPath: {path: X}` is `contentPath: X`."""
    if path == _CONTENT_PATH and isinstance(value, dict) and value.keys() == {"path"}:
        return value["path"]
    return value


def member_name(item: Json) -> str:
    """The segment of a set's item in a path: its sorted JSON."""
    return encode_sorted(item).decode()


def _all_named(items: list[Json]) -> bool:
    names = [item.get("name") if isinstance(item, dict) else None for item in items]
    return all(isinstance(name, str) for name in names) and len(set(names)) == len(names)


def _is_literal(path: Segments) -> bool:
    return any(
        segment in _LITERALS and (index == 0 or path[index - 1] != "properties") for index, segment in enumerate(path[:-1])
    )
