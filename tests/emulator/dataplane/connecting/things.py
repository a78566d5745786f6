"""A third party, a spec that reads it, and the bodies of the documented order: base connection to flow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import msgspec

from reconciler.emulator.model import DATASETS, MAPPING_SETS, Author, Place
from reconciler.sources.messages import Answer, NoAnswer, Request
from tests.emulator.world import LAKE, REST, S3, World

DEV = Place("ACME@AdobeOrg", "dev")
NOBODY = "3f4ae131-b384-4e73-8000-000000000000"
CLOUD = "9753525b-82c7-4dce-8a9b-5ccfce2b9876"
GENERIC_STREAMING = "e77fd9d2-22a8-11ed-861d-0242ac120002"
TEST_URL = "https://api.acme.com/me"
SCHEMA = "https://ns.adobe.com/acme/schemas/1"
RIGHT = "Basic YW5uOmh1c2g="
"""ann, hush"""
BASIC: dict[str, Any] = {
    "name": "Basic Authentication",
    "type": "BasicAuthentication",
    "spec": {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "properties": {
            "username": {"type": "string"},
            "password": {"type": "string", "format": "password"},
            "authorizationTestUrl": {"type": "string"},
        },
        "required": ["username", "password"],
    },
}
SOURCE: dict[str, Any] = {
    "attributes": {
        "urlParams": {"host": "https://api.acme.com", "path": "/lists/${listId}", "method": "GET"},
        "contentPath": {"path": "$.members", "skipAttributes": ["total"], "overrideWrapperAttribute": "member"},
        "paginationParams": {"type": "OFFSET", "limitName": "count", "limitValue": "2", "offSetName": "offset"},
    },
    "spec": {"type": "object", "properties": {"listId": {"type": "string"}}, "required": ["listId"]},
}
PARAMS = {"username": "ann", "password": "hush"}
MEMBERS = [{"id": 1, "email": "ann@acme.com"}, {"id": 2, "email": "bob@acme.com", "vip": None}]


class Party:
    """A third party with a list of members: it knows one credential, and remembers the requests."""

    def __init__(self, page: Any = None) -> None:
        self.page: Any = {"list": "7", "total": 2, "members": MEMBERS} if page is None else page
        self.requests: list[Request] = []
        self.status = 200

    def __call__(self, request: Request) -> Answer | NoAnswer:
        self.requests.append(request)
        if dict(request.headers).get("Authorization") != RIGHT:
            return Answer(401, {}, b"{}")
        return Answer(self.status, {"content-type": "application/json"}, msgspec.json.encode(self.page))

    @property
    def urls(self) -> list[str]:
        return [request.url for request in self.requests]


def called(world: World, party: Callable[[Request], Answer | NoAnswer]) -> None:
    """The emulator calls this third party, whatever the host."""
    world.emulator.service.fetch = party


def acme(world: World, **changes: Any) -> str:
    """A batch spec in the flow spec for REST sources. `changes` are those of the parts of its `sourceSpec.attributes`."""
    attributes = {name: value for name, value in {**SOURCE["attributes"], **changes}.items() if value is not None}
    spec = world.create(authSpec=[BASIC], sourceSpec={**SOURCE, "attributes": attributes}, exploreSpec={"name": "Resource"})
    attach(world, spec)
    return spec


def attach(world: World, spec: str) -> None:
    flow_spec = world.read(f"/flowSpecs/{REST}")
    ids = [*flow_spec["sourceConnectionSpecIds"], spec]
    assert world.client.put(f"/flowSpecs/{REST}", json={**flow_spec, "sourceConnectionSpecIds": ids}).status_code == 200


def by(spec: str) -> dict[str, Any]:
    return {"connectionSpec": {"id": spec, "version": "1.0"}}


def base(spec: str, *, name: str = "base", **params: Any) -> dict[str, Any]:
    """The body of a base connection. `params` are changes of the right ones; None leaves one out."""
    values = {key: value for key, value in {**PARAMS, **params}.items() if value is not None}
    return {"name": name, "auth": {"specName": "Basic Authentication", "params": values}, **by(spec)}


def on_s3() -> dict[str, Any]:
    """What a base connection of Amazon S3 has beside its name."""
    auth = {"specName": "Access Key", "params": {"s3AccessKey": "k", "s3SecretKey": "s"}}
    return {"auth": auth, **by(S3)}


def source(base_id: str, spec: str, **changes: Any) -> dict[str, Any]:
    sent = {"name": "source", "baseConnectionId": base_id, "data": {"format": "json"}, "params": {"listId": "7"}, **by(spec)}
    return {key: value for key, value in {**sent, **changes}.items() if value is not None}


def dataset(world: World, schema: str = SCHEMA, version: int = 1) -> str:
    reference = {"id": schema, "contentType": f"application/vnd.adobe.xed+json;version={version}"}
    return world.emulator.store.insert(DATASETS, DEV, {"name": "members", "schemaRef": reference}, Author("a", "b")).id


def mapping_set(world: World, **body: Any) -> str:
    made = {"version": 0, "xdmSchema": SCHEMA, "xdmVersion": "1.0", "mappings": [], **body}
    return world.emulator.store.insert(MAPPING_SETS, DEV, made, Author("a", "b")).id


def target(dataset_id: str, **changes: Any) -> dict[str, Any]:
    schema = {"id": SCHEMA, "version": "application/vnd.adobe.xed-full+json;version=1"}
    data = {"format": "parquet_xdm", "schema": schema}
    sent = {"name": "target", "data": data, "params": {"dataSetId": dataset_id}, **by(LAKE)}
    return {key: value for key, value in {**sent, **changes}.items() if value is not None}


def flow(source_id: str, target_id: str, **changes: Any) -> dict[str, Any]:
    sent = {
        "name": "a flow",
        "flowSpec": {"id": REST, "version": "1.0"},
        "sourceConnectionIds": [source_id],
        "targetConnectionIds": [target_id],
        "scheduleParams": {"startTime": 1_700_000_060, "frequency": "once"},
        **changes,
    }
    return {key: value for key, value in sent.items() if value is not None}


class Line:
    """A world with a third party, a spec, and connections up to where a flow can begin."""

    def __init__(self, world: World, party: Party | None = None) -> None:
        self.world = world
        self.party = party or Party()
        called(world, self.party)
        self.spec = acme(world)
        self.base = world.create("/connections", **base(self.spec))
        self.source = world.create("/sourceConnections", **source(self.base, self.spec))
        self.dataset = dataset(world)
        self.target = world.create("/targetConnections", **target(self.dataset))

    def flow(self, **changes: Any) -> str:
        return self.world.create("/flows", **flow(self.source, self.target, **changes))

    def refused(self, **changes: Any) -> str:
        """The code with which a flow is refused."""
        return code(self.world.client.post("/flows", json=flow(self.source, self.target, **changes)))


def code(answer: httpx.Response) -> str:
    """The code of a refusal."""
    assert answer.status_code >= 400, answer.text
    return str(answer.json()["type"].rpartition("FLOW-")[2])
