"""Endpoint paths, relative to the base URL (OpenAPI of Flow Service, `paths`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from reconciler.documents.kinds import Kind
from reconciler.errors import ServiceError

COLLECTIONS: Final[Mapping[Kind, str]] = {Kind.CONNECTION_SPEC: "/connectionSpecs", Kind.FLOW_SPEC: "/flowSpecs"}
FLOWS: Final = "/flows"
SOURCE_CONNECTIONS: Final = "/sourceConnections"

FLOW_SPEC_FILTER: Final = "inheritedAttributes.sourceConnections[].connectionSpec.id"
FLOWS_OF_FLOW_SPEC_FILTER: Final = "flowSpec.id"
SOURCE_CONNECTION_FILTER: Final = "connectionSpec.id"

_PATH_SAFE_ID: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,127}", re.ASCII)
_LONGEST_QUOTE: Final = 80


def spec_path(kind: Kind, spec_id: str) -> str:
    """The path of one spec. Raises ServiceError for an id that is not a single safe path segment."""
    return f"{COLLECTIONS[kind]}/{checked_id(kind, spec_id)}"


def is_spec_id(text: str) -> bool:
    """Whether a string could be an id: it has only the characters of UUIDs and underscores."""
    return _PATH_SAFE_ID.fullmatch(text) is not None


def checked_id(kind: Kind, spec_id: str) -> str:
    """The id, if it could be one. Raises ServiceError if not."""
    if is_spec_id(spec_id):
        return spec_id
    raise ServiceError(
        f"{spec_id[:_LONGEST_QUOTE]!r} is not a valid {kind.words} id; the service was not queried",
        hint="ids are UUIDs, such as 2e8580db-6489-4726-96de-e33f5f60295f: find it with `reconciler status`",
    )


def property_query(field: str, value: str) -> str:
    """The query for items whose field equals the value (docs: sort and filter responses in Flow Service)."""
    return f"property={quote(field, safe='.')}=={quote(value, safe='')}"
