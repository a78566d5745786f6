"""The resources that a proof makes at Adobe, and what is read of them, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from reconciler.documents.json_text import Document, Json

ResourceType: TypeAlias = Literal[
    "flow", "sourceConnection", "targetConnection", "connection", "dataset", "schema", "fieldgroup", "mappingSet"
]

DELETED_IN_ORDER: Final[tuple[ResourceType, ...]] = (
    "flow",
    "sourceConnection",
    "targetConnection",
    "connection",
    "dataset",
    "schema",
    "fieldgroup",
)
"""The types that can be deleted, in the order in which the service lets them go. A mapping set cannot be deleted."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource as a list or a GET shows it. `body` is the whole of it; it may contain credentials, so it is never shown.

    `id` is what a DELETE and a GET take: for a schema or field group its `meta:altId`. `name` is the `title` of a schema or field group.
    """

    type: ResourceType
    id: str
    name: str
    description: str
    body: Document = field(repr=False, default_factory=dict)
    etag: str | None = None


@dataclass(frozen=True, slots=True)
class Created:
    """The answer to a POST that made a resource. `uri` is the `$id` of a schema or field group, else the id.

    `found` is whether the answer was lost and the resource was found by its name; `status` is 0 then, if there was no answer at all.
    """

    type: ResourceType
    id: str
    uri: str
    status: int
    request_id: str
    etag: str | None = None
    found: bool = False


@dataclass(frozen=True, slots=True)
class RunState:
    """One run of a flow, as `GET /runs` shows it.

    `status` is in lower case and as the service gave it otherwise; `ended` is whether it is a final one (an unknown word is not).
    The counts are None where the service gave none. `errors` are code and message, from the run and its activities. `metrics` is what
    Adobe gave.
    """

    id: str
    status: str
    ended: bool
    succeeded: bool
    input: int | None = None
    output: int | None = None
    failed: int | None = None
    errors: tuple[tuple[str, str], ...] = ()
    adf_run: str | None = None
    batch: str | None = None
    metrics: Mapping[str, Json] = field(default_factory=dict)
