"""Mapping sets as Data Prep keeps them: two published bodies, versions, and the schema that they map to.

Source: OpenAPI of Data Prep (`outputSchema`), and the tutorials of sources (`xdmSchema`). A mapping set cannot be deleted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reconciler.documents.json_text import Document, Json, decode, string_at, value_at
from reconciler.emulator.dataplane.expressions.paths import steps_of
from reconciler.emulator.dataplane.mapping import MappingError, checked_mappings
from reconciler.emulator.dataplane.registry.fitting import Fields, fields_of
from reconciler.emulator.dataplane.registry.resources import is_known_schema
from reconciler.emulator.model import MAPPING_SETS, Author, Place, Row
from reconciler.emulator.service import Service

_MANAGED: Final = ("createdAt", "updatedAt", "createdBy", "updatedBy", "createdClient", "updatedClient", "imsOrgId")
_MANAGED_SANDBOX: Final = ("sandboxId", "sandboxName")


class NotAccepted(ValueError):
    """Data Prep does not accept a body; the message is its reason."""


def make_mapping_set(service: Service, place: Place, body: Mapping[str, Json], author: Author) -> Row:
    """Keep a new mapping set. Raises NotAccepted."""
    check_body(service, place, body)
    return service.store.insert(MAPPING_SETS, place, body, author, object_id=service.store.new_id().hex)


def mapping_set_of(service: Service, place: Place, mapping_id: str, version: object = 0) -> Document | None:
    """The mapping set that a flow refers to with this id and version; None if there is none."""
    row = service.store.find(MAPPING_SETS, place, mapping_id)
    if row is not None and service.behaviour.mapping_versions == "counted":
        row = service.store.at_revision(
            row, int(version) + 1 if isinstance(version, int | str) and str(version).isdecimal() else 0
        )
    return decode(row.body) if row is not None else None


def check_body(service: Service, place: Place, body: Mapping[str, Json]) -> None:
    """Raise NotAccepted unless the body is one of the published forms that the switches allow, with a schema that exists."""
    allowed = service.behaviour.mapping_body
    form = "new" if "outputSchema" in body else "old"
    if allowed not in ("both", form):
        missing = "outputSchema" if allowed == "new" else "xdmSchema"
        raise NotAccepted(f"The field {missing} is required")
    if not isinstance(body.get("mappings"), list) or not all(isinstance(one, dict) for one in body["mappings"]):
        raise NotAccepted("The field mappings is required and must be a list of mappings")
    uri = schema_of(body)
    if uri is None or not is_known_schema(service, place, uri):
        raise NotAccepted(f"The schema {uri} is not found")


def schema_of(body: Mapping[str, Json]) -> str | None:
    """The schema that a mapping set maps to: its `$id`, or its `meta:altId` in the older form."""
    return string_at(body, "outputSchema", "schemaRef", "id") if "outputSchema" in body else string_at(body, "xdmSchema")


def problems_of(service: Service, place: Place, body: Mapping[str, Json]) -> tuple[MappingError | None, ...]:
    """For each mapping, in order, what is wrong with it; a destination must be a field of the schema."""
    fields = fields_of(service, place, schema_of(body) or "")
    mappings = [one for one in body.get("mappings", ()) if isinstance(one, dict)]
    found = checked_mappings(body)
    return tuple(problem or _unknown_field(fields, one) for problem, one in zip(found, mappings, strict=True))


def set_shown(service: Service, row: Row) -> Document:
    """A mapping set as Data Prep answers with it."""
    body: Document = decode(row.body)
    own = {name: value for name, value in body.items() if name not in (*_MANAGED, *_MANAGED_SANDBOX)}
    return {**own, **written(service, row)}


def written(service: Service, row: Row) -> Document:
    """The answer to a write of a mapping set."""
    body: Document = decode(row.body)
    return {
        "id": row.id,
        "version": row.revision - 1 if service.behaviour.mapping_versions == "counted" else 0,
        "createdDate": body["createdAt"],
        "modifiedDate": body["updatedAt"],
        "createdBy": body["createdBy"],
        "modifiedBy": body["updatedBy"],
    }


def _unknown_field(fields: Fields, mapping: Mapping[str, Json]) -> MappingError | None:
    """What is wrong with a destination in the tenant's namespace that is not a field of the schema."""
    kinds = ("destination", "destinationXdmPath")
    destination = next((mapping[name] for name in kinds if name in mapping), "")
    first, *inner = steps_of(destination)
    if first != fields.namespace:
        return None
    schema: Json = fields.properties.get(fields.namespace)
    for step in inner:
        schema = value_at(schema, "items") if isinstance(step, int) else value_at(schema, "properties", step)
    if isinstance(schema, dict):
        return None
    source = mapping["source"] if "source" in mapping else mapping.get("sourceAttribute")
    kind = str(mapping.get("sourceType", "ATTRIBUTE"))
    return MappingError(str(source), destination, f"the destination {destination[:80]} is not a field of the schema", kind)
