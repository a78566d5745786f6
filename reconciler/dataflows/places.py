"""Where each type of resource is: its service, its path, and how it is listed and read (docs: API guides of the services)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias
from urllib.parse import quote

from reconciler.dataflows.resources import ResourceType
from reconciler.errors import ServiceError
from reconciler.flowservice.messages import Call, Service

ListForm: TypeAlias = Literal["items", "keyed", "results", "data"]
"""Flow Service: `items` and `_links`. Catalog: an object keyed by id. Schema registry: `results` and `_page`. Conversion: `data`."""

PAGE: Final = 100
"""The largest page of Catalog, and one that the other services serve."""
LONGEST_SHOWN_ID: Final = 80
_JSON: Final = "application/json"
_SCHEMA: Final = "application/vnd.adobe.xed-full+json; version=1"
_SCHEMA_LIST: Final = "application/vnd.adobe.xed-id+json"
_SAFE_ID: Final = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_.-]{0,255}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """The endpoint of one type. `accept` is for one resource, `list_accept` for a list."""

    service: Service
    path: str
    form: ListForm
    accept: str = _JSON
    list_accept: str = _JSON
    trusts_filter: bool = True
    """Whether a filtered list without a match is believed. A mapping set made twice by mistake could never be deleted."""

    @property
    def first_page(self) -> str:
        """The query of the first page."""
        return {"items": "", "keyed": f"limit={PAGE}&start=0", "results": f"limit={PAGE}", "data": f"limit={PAGE}&start=0"}[
            self.form
        ]


PLACES: Final[Mapping[ResourceType, Place]] = {
    "flow": Place("flowservice", "/flows", "items"),
    "sourceConnection": Place("flowservice", "/sourceConnections", "items"),
    "targetConnection": Place("flowservice", "/targetConnections", "items"),
    "connection": Place("flowservice", "/connections", "items"),
    "dataset": Place("catalog", "/dataSets", "keyed"),
    "schema": Place("schemaregistry", "/tenant/schemas", "results", _SCHEMA, _SCHEMA_LIST),
    "fieldgroup": Place("schemaregistry", "/tenant/fieldgroups", "results", _SCHEMA, _SCHEMA_LIST),
    "mappingSet": Place("conversion", "/mappingSets", "data", trusts_filter=False),
}


def list_call(kind: ResourceType, name: str | None = None) -> Call:
    """The first page of all resources of a type, or of those with this name, as far as the service can filter by it."""
    place = PLACES[kind]
    filtered = "" if name is None else _name_filter(place.form, name)
    query = "&".join(filter(None, (filtered, place.first_page)))
    return Call("GET", place.path, query, service=place.service, accept=place.list_accept)


def one_call(kind: ResourceType, resource_id: str) -> Call:
    """The GET of one resource. Raises ServiceError for an id that is not a single safe path segment."""
    place = PLACES[kind]
    path = f"{place.path}/{checked(kind, resource_id)}"
    return Call("GET", path, one_spec=True, service=place.service, accept=place.accept)


def checked(what: str, resource_id: str) -> str:
    """The id, if it is a single safe path segment. Raises ServiceError if not."""
    if _SAFE_ID.fullmatch(resource_id):
        return resource_id
    raise ServiceError(
        f"{resource_id[:LONGEST_SHOWN_ID]!r} is not a valid {what} id; the service was not queried",
        hint="report it to Adobe if the service gave this id",
    )


def is_safe_id(resource_id: str) -> bool:
    """Whether an id is a single safe path segment."""
    return _SAFE_ID.fullmatch(resource_id) is not None


def _name_filter(form: ListForm, name: str) -> str:
    text = quote(name, safe="")
    return {
        "items": f"property=name=={text}",
        "keyed": f"name={text}",
        "results": f"property=title=={text}",
        "data": f"name={text}",
    }[form]
