"""Schemas and field groups as the registry keeps them.

Source: OpenAPI of the Schema Registry, and docs, "XDM System troubleshooting guide" (titles are unique across all types, own fields are
below the tenant's namespace).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from reconciler.documents.json_text import Document, Json, decode, value_at
from reconciler.emulator.model import DATASETS, FIELDGROUPS, SCHEMAS, Author, Place, Row
from reconciler.emulator.service import Service

NAMESPACE: Final = "https://ns.adobe.com/"
_RESOURCES: Final[Mapping[str, str]] = {SCHEMAS: "schemas", FIELDGROUPS: "mixins"}
"""The name of a collection in ids. Field groups were called mixins, and their ids still are."""
_GLOBAL: Final = re.compile(r"https://ns\.adobe\.com/(?:xdm|experience)/[\w/.-]+")
_CLASSES: Final = re.compile(r"https://ns\.adobe\.com/xdm/(?:context/(?:profile|experienceevent)|classes/[\w-]+|data/[\w-]+)")
UNION: Final = "union"


class Invalid(ValueError):
    """The registry does not accept a body. `code` is the number of its error, such as 1521."""

    def __init__(self, code: str, title: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.title = title


def tenant_of(place: Place) -> str:
    """The tenant ID of an organization: its name in lower case, such as `acme`."""
    letters = re.sub(r"[^a-z0-9]", "", place.org.partition("@")[0].lower())[:24]
    return letters if letters[:1].isalpha() else f"t{letters}"


def make(service: Service, kind: str, place: Place, body: Mapping[str, Json], author: Author) -> Row:
    """Keep a new schema or field group. Raises Invalid."""
    _check(service, kind, place, body)
    digits, resource, tenant = service.store.new_id().hex, _RESOURCES[kind], tenant_of(place)
    alt_id = f"_{tenant}.{resource}.{digits}"
    ids = {
        "$id": f"{NAMESPACE}{tenant}/{resource}/{digits}",
        "meta:altId": alt_id,
        "meta:resourceType": resource,
        "version": "1.0",
    }
    own = {name: value for name, value in body.items() if name not in ids and not name.startswith("meta:registry")}
    return service.store.insert(kind, place, {**ids, **own}, author, object_id=alt_id)


def find(service: Service, kind: str, place: Place, reference: str) -> Row | None:
    """The schema or field group with this `meta:altId` or `$id`; None if there is none."""
    found = re.fullmatch(rf"{re.escape(NAMESPACE)}([\w-]+)/(\w+)/([\w-]+)", reference)
    return service.find(kind, place, f"_{found[1]}.{found[2]}.{found[3]}" if found else reference)


def shown(service: Service, place: Place, row: Row, *, full: bool = False) -> Document:
    """A resource as the registry answers with it; `full` has the fields of what it refers to."""
    body: Document = decode(row.body)
    managed = (
        "id",
        "createdAt",
        "updatedAt",
        "createdBy",
        "updatedBy",
        "createdClient",
        "updatedClient",
        "sandboxId",
        "sandboxName",
    )
    own = {name: value for name, value in body.items() if name not in (*managed, "imsOrgId")}
    metadata = {
        "repo:createdDate": body["createdAt"],
        "repo:lastModifiedDate": body["updatedAt"],
        "xdm:createdClientId": body["createdClient"],
        "xdm:lastModifiedClientId": body["updatedClient"],
        "xdm:createdUserId": body["createdBy"],
        "xdm:lastModifiedUserId": body["updatedBy"],
        "eTag": row.etag.strip('"'),
        "meta:globalLibVersion": "1.47.0",
    }
    answer = {
        **own,
        "imsOrg": place.org,
        "meta:xdmType": "object",
        "meta:registryMetadata": metadata,
        "meta:containerId": "tenant",
        "meta:sandboxId": place.sandbox_id,
        "meta:tenantNamespace": f"_{tenant_of(place)}",
    }
    referred = [one for one in references(body) if one.startswith(NAMESPACE)]
    if body.get("meta:resourceType") == "schemas":
        answer |= {"meta:class": next((one for one in referred if _CLASSES.fullmatch(one)), None), "meta:extends": referred}
    if full:
        answer["properties"] = properties_of(service, place, body)
        answer.pop("allOf", None)
    return answer


def references(body: Mapping[str, Json]) -> Iterator[str]:
    """The `$ref` of each part of `allOf`."""
    parts = body.get("allOf")
    for part in parts if isinstance(parts, list) else ():
        if isinstance(part, dict) and isinstance(part.get("$ref"), str):
            yield part["$ref"]


def properties_of(service: Service, place: Place, body: Mapping[str, Json]) -> Document:
    """The own fields of a schema or field group: its `properties`, those of its definitions, and those of own field groups."""
    found: Document = {}
    _merge(found, body.get("properties"))
    for reference in references(body):
        if reference.startswith("#/definitions/"):
            _merge(found, value_at(body, "definitions", reference.removeprefix("#/definitions/"), "properties"))
        elif (group := find(service, FIELDGROUPS, place, reference)) is not None:
            _merge(found, properties_of(service, place, {**decode(group.body), "allOf": _local(decode(group.body))}))
    return found


def used_by(service: Service, kind: str, place: Place, uri: str) -> str | None:
    """What still refers to this schema or field group, for display; None for nothing."""
    if kind == SCHEMAS:
        datasets = (decode(row.body) for row in service.holding(DATASETS, place))
        return next((f"dataset {one['id']}" for one in datasets if value_at(one, "schemaRef", "id") == uri), None)
    schemas = (decode(row.body) for row in service.holding(SCHEMAS, place))
    return next((f"schema {one['$id']}" for one in schemas if uri in references(one)), None)


def is_in_a_union(row: Row) -> bool:
    """Whether a schema is enabled for Profile, which cannot be taken back."""
    tags = decode(row.body).get("meta:immutableTags")
    return isinstance(tags, list) and UNION in tags


def is_known_schema(service: Service, place: Place, uri: object) -> bool:
    """Whether a dataset can have this schema: one of Adobe's, or an own one that exists."""
    return isinstance(uri, str) and (bool(_GLOBAL.fullmatch(uri)) or find(service, SCHEMAS, place, uri) is not None)


def _check(service: Service, kind: str, place: Place, body: Mapping[str, Json]) -> None:
    title = body.get("title")
    if not isinstance(title, str) or not title.strip():
        raise Invalid("1531", "Schema validation error", "The field title is required and must be a non-empty string")
    if service.behaviour.unique_titles:
        _check_title(service, place, title)
    for reference in references(body):
        own = reference.startswith("#/definitions/") and isinstance(value_at(body, "definitions", reference[14:]), dict)
        if not own and not _GLOBAL.fullmatch(reference) and find(service, FIELDGROUPS, place, reference) is None:
            raise Invalid("1530", "Reference not found", f"The referenced resource {reference} is not found.")
    if kind == SCHEMAS and not any(_CLASSES.fullmatch(one) for one in references(body)):
        raise Invalid("1532", "Schema validation error", "The schema must refer to exactly one class in allOf.")
    namespace = f"_{tenant_of(place)}"
    if any(name != namespace for name in properties_of(service, place, {**body, "allOf": _local(body)})):
        message = (
            "A custom field is defined under an invalid namespace."
            f" All custom fields must be defined under a top-level field named {namespace}."
        )
        raise Invalid("1021", "Namespace validation error", message)


def _check_title(service: Service, place: Place, title: str) -> None:
    for kind in _RESOURCES:
        for row in service.store.rows(kind, place):
            other = decode(row.body)
            if other.get("title") == title:
                message = f"Object titles must be unique. An object {other['$id']} already exists with the same title"
                raise Invalid("1521", "Title not unique", message)


def _local(body: Mapping[str, Json]) -> list[Any]:
    """The parts of `allOf` that refer to the body itself."""
    return [{"$ref": one} for one in references(body) if one.startswith("#/")]


def _merge(found: Document, more: Json) -> None:
    """Add properties; objects of the same name are united."""
    for name, schema in more.items() if isinstance(more, dict) else ():
        known = found.get(name)
        both = [part.get("properties") for part in (known, schema) if isinstance(part, dict)]
        if len(both) == 2 and all(isinstance(part, dict) for part in both):  # noqa: PLR2004  the known one and the new one
            inner: Document = {}
            _merge(inner, both[0])
            _merge(inner, both[1])
            found[name] = {**known, **schema, "properties": inner} if isinstance(known, dict) else schema
        else:
            found[name] = schema
