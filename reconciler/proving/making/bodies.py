"""The body of each resource of a proof. Those of a connection contain credentials, so bodies are never kept.

Names and descriptions are the only marks that make a resource ours, so each body that can have them has both.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Final, TypeAlias

from reconciler.dataflows.items import TAG
from reconciler.documents.json_text import Document, Json, encode
from reconciler.proofs.values import Mapped
from reconciler.proving.making.fields import Fields
from reconciler.secret import Secret

TARGET_SPEC: Final = "c604ff05-7f1a-43c0-8e18-33bf874cb11c"
"""The connection spec of the data lake (docs: Sources, create a target connection)."""
PROFILE_CLASS: Final = "https://ns.adobe.com/xdm/context/profile"
FULL: Final = "application/vnd.adobe.xed-full+json;version=1"
PLAIN: Final = "application/vnd.adobe.xed+json;version=1"
VERSION: Final = "1.0"

Mark: TypeAlias = tuple[str, str]
"""A name and a description."""


def connection(mark: Mark, spec_id: str, auth_name: str | None, params: Mapping[str, Json | Secret]) -> Document:
    """A base connection: the credentials."""
    return {
        **_marked(mark),
        "connectionSpec": {"id": spec_id, "version": VERSION},
        "auth": {"specName": auth_name, "params": revealed(params)},
    }


def source_connection(mark: Mark, spec_id: str, base_id: str | None, params: Mapping[str, Json | Secret]) -> Document:
    """A source connection: the source parameters. One of a streaming source has no base connection (1332-400)."""
    return {
        **_marked(mark),
        **({} if base_id is None else {"baseConnectionId": base_id}),
        "connectionSpec": {"id": spec_id, "version": VERSION},
        "data": {"format": "json"},
        "params": revealed(params),
    }


def field_group(mark: Mark, tenant: str, fields: Fields) -> Document:
    """A field group with these fields, for the profile class."""
    own = {f"_{tenant}": {"type": "object", "properties": fields.properties()}}
    return {
        **_titled(mark),
        "meta:intendedToExtend": [PROFILE_CLASS],
        "definitions": {"fields": {"properties": own}},
        "allOf": [{"$ref": "#/definitions/fields"}],
    }


def schema(mark: Mark, field_group_uri: str) -> Document:
    """A schema of the profile class, not enabled for Profile: an enabled one cannot be deleted."""
    return {**_titled(mark), "allOf": [{"$ref": PROFILE_CLASS}, {"$ref": field_group_uri}]}


def dataset(mark: Mark, schema_uri: str) -> Document:
    """A dataset of this schema."""
    return {**_marked(mark), "schemaRef": {"id": schema_uri, "contentType": PLAIN}}


def target_connection(mark: Mark, schema_uri: str, dataset_id: str) -> Document:
    """A target connection: the dataset that the flow writes to."""
    return {
        **_marked(mark),
        "connectionSpec": {"id": TARGET_SPEC, "version": VERSION},
        "data": {"format": "parquet_xdm", "schema": {"id": schema_uri, "version": FULL}},
        "params": {"dataSetId": dataset_id},
    }


def mappings(written: tuple[Mapped, ...] | None, fields: Fields, tenant: str) -> tuple[Mapped, ...]:
    """The entries of a mapping: those of the proof file, or each field to the field of its name."""
    if written is not None:
        return written
    return tuple(Mapped(field.source, fields.destination(field, tenant)) for field in fields.fields)


def mapping_set(mark: Mark, schema_uri: str, entries: tuple[Mapped, ...]) -> Document:
    """A mapping set for this schema. It has a name to be found by; the form without one has none (docs: Data Prep API).

    The description is in a tag, and in the first mapping in case that tags are not kept: a mapping set has no other place for it.
    """
    name, description = mark
    written: list[Document] = [
        {"sourceType": "ATTRIBUTE", "source": entry.source, "destination": entry.destination} for entry in entries
    ]
    return {
        "name": name,
        "tags": [{"name": TAG, "values": [description]}],
        "outputSchema": {"schemaRef": {"id": schema_uri, "contentType": FULL}},
        "mappings": [one | {"description": description} for one in written[:1]] + written[1:],
    }


def flow(
    mark: Mark, flow_spec_id: str, connections: tuple[str, str], mapping: tuple[str, int] | None, start: datetime | None
) -> Document:
    """A flow that runs once, at `start`. Only such a flow can be run on demand for a time range. A streaming flow has no start.

    `connections` are the ids of the source and the target connection; `mapping` is the id and the version of a mapping set.
    """
    return {
        **_marked(mark),
        "flowSpec": {"id": flow_spec_id, "version": VERSION},
        "sourceConnectionIds": [connections[0]],
        "targetConnectionIds": [connections[1]],
        "transformations": [_transformation(*mapping)] if mapping else [],
        **({} if start is None else {"scheduleParams": {"startTime": int(start.timestamp()), "frequency": "once"}}),
    }


def _transformation(mapping_id: str, version: int) -> Document:
    return {"name": "Mapping", "params": {"mappingId": mapping_id, "mappingVersion": version}}


def scheduled(body: Document) -> Document:
    """The same flow every 15 minutes, the shortest interval that the service allows."""
    start = body["scheduleParams"]["startTime"]
    return {**body, "scheduleParams": {"startTime": start, "frequency": "minute", "interval": 15, "backfill": True}}


def source_params(params: Mapping[str, Json | Secret]) -> str:
    """The source parameters as a preview takes them: base64 of JSON."""
    return base64.b64encode(encode(revealed(params))).decode()


def revealed(params: Mapping[str, Json | Secret]) -> Document:
    """The parameters with their secrets, for a request."""
    return {name: value.reveal() if isinstance(value, Secret) else value for name, value in params.items()}


def _marked(mark: Mark) -> Document:
    name, description = mark
    return {"name": name, "description": description}


def _titled(mark: Mark) -> Document:
    title, description = mark
    return {"title": title, "type": "object", "description": description}
