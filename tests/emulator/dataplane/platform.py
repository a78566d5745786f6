"""Calls to the services beside Flow Service, as a proof makes them."""

from __future__ import annotations

from typing import Any

import httpx

from tests.emulator.world import HOST, World

REGISTRY = f"{HOST}/data/foundation/schemaregistry"
CATALOG = f"{HOST}/data/foundation/catalog"
EXPORT = f"{HOST}/data/foundation/export"
CONVERSION = f"{HOST}/data/foundation/conversion"
SANDBOXES = f"{HOST}/data/foundation/sandbox-management"

PROFILE = "https://ns.adobe.com/xdm/context/profile"
LIST = {"Accept": "application/vnd.adobe.xed-id+json"}
ONE = {"Accept": "application/vnd.adobe.xed+json; version=1"}
FULL = {"Accept": "application/vnd.adobe.xed-full+json; version=1"}
FIELDS = {"id": {"type": "integer"}, "email": {"type": "string"}}


def field_group(title: str = "fields", properties: dict[str, Any] | None = None, tenant: str = "acme") -> dict[str, Any]:
    own = {f"_{tenant}": {"type": "object", "properties": properties or FIELDS}}
    return {
        "title": title,
        "type": "object",
        "meta:intendedToExtend": [PROFILE],
        "definitions": {"fields": {"properties": own}},
        "allOf": [{"$ref": "#/definitions/fields"}],
    }


def made(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def make_schema(world: World, title: str = "schema", properties: dict[str, Any] | None = None) -> dict[str, Any]:
    """A schema with a field group of these fields."""
    group = made(world.client.post(f"{REGISTRY}/tenant/fieldgroups", json=field_group(f"{title} fields", properties)))
    body = {"title": title, "type": "object", "allOf": [{"$ref": PROFILE}, {"$ref": group["$id"]}]}
    return made(world.client.post(f"{REGISTRY}/tenant/schemas", json=body))


def make_dataset(world: World, schema_uri: str, name: str = "a dataset") -> str:
    reference = {"id": schema_uri, "contentType": "application/vnd.adobe.xed+json;version=1"}
    answer = world.client.post(f"{CATALOG}/dataSets?requestDataSource=true", json={"name": name, "schemaRef": reference})
    (said,) = made(answer)
    return str(said).removeprefix("@/dataSets/")
