"""The documented order over real HTTP: from the credentials of a source to its deletion, with every service of the platform."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from reconciler.emulator import Behaviour, build
from reconciler.emulator.http.server import serving
from tests.emulator.dataplane.connecting.things import BASIC, by, code
from tests.emulator.world import HEADERS, LAKE, REST, SPEC
from tests.providers.reading import example

FLOWSERVICE = "/data/foundation/flowservice"
FOUNDATION = "/data/foundation"
SOURCE: dict[str, Any] = {
    "attributes": {
        "urlParams": {"host": "https://us6.api.mailchimp.com", "path": "/3.0/lists/${listId}/members", "method": "GET"},
        "contentPath": {"path": "$.members", "skipAttributes": ["_links"], "overrideWrapperAttribute": "member"},
        "paginationParams": {"type": "OFFSET", "limitName": "count", "limitValue": "100", "offSetName": "offset"},
    },
    "spec": {"type": "object", "properties": {"listId": {"type": "string"}}},
}
PROFILE = "https://ns.adobe.com/xdm/context/profile"


class Platform:
    """A client of everything below `/data/foundation`."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def post(self, path: str, body: Any, status: int = 201) -> Any:
        answer = self.client.post(path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def flowservice(self, path: str, body: Any) -> str:
        made: str = self.post(f"{FLOWSERVICE}{path}", body)["id"]
        return made


@pytest.fixture
def platform() -> Iterator[Platform]:
    stub = example("offset")
    with (
        build(":memory:", Behaviour(static_token="open-sesame"), providers=[stub]) as box,
        serving(box.app) as address,
        httpx.Client(base_url=address, headers=HEADERS) as client,
    ):
        yield Platform(client)


def source_spec(platform: Platform) -> str:
    spec = platform.flowservice(
        "/connectionSpecs", {**SPEC, "authSpec": [BASIC], "sourceSpec": SOURCE, "exploreSpec": {"name": "Resource"}}
    )
    path = f"{FLOWSERVICE}/flowSpecs/{REST}"
    (live,) = platform.client.get(path).json()["items"]
    sent = {**live, "sourceConnectionSpecIds": [*live["sourceConnectionSpecIds"], spec]}
    assert platform.client.put(path, json=sent).status_code == 200
    return spec


def base_connection(platform: Platform, spec: str) -> str:
    auth = {"specName": "Basic Authentication", "params": {"username": "u", "password": "p"}}
    return platform.flowservice("/connections", {"name": "base", "auth": auth, **by(spec)})


def explored(platform: Platform, base: str, params: dict[str, Any]) -> httpx.Response:
    encoded = base64.b64encode(json.dumps(params).encode()).decode()
    query = {"objectType": "rest", "object": "json", "fileType": "json", "preview": "true", "sourceParams": encoded}
    return platform.client.get(f"{FLOWSERVICE}/connections/{base}/explore", params=query)


def test_a_source_is_connected_previewed_and_cleaned_up_in_the_documented_order(platform: Platform) -> None:
    client, spec = platform.client, source_spec(platform)
    base = base_connection(platform, spec)
    assert client.get(f"{FLOWSERVICE}/connections/{base}/test").json() == {"result": True}
    preview = explored(platform, base, {"listId": "9"}).json()
    assert (preview["format"], len(preview["data"])) == ("hierarchical", 100)
    assert preview["data"][0]["member"]["email_address"]

    source = platform.flowservice(
        "/sourceConnections",
        {"name": "source", "baseConnectionId": base, "data": {"format": "json"}, "params": {"listId": "9"}, **by(spec)},
    )
    schema = platform.post(
        f"{FOUNDATION}/schemaregistry/tenant/schemas",
        {"title": "Members", "type": "object", "description": "", "allOf": [{"$ref": PROFILE}]},
    )
    reference = {"id": schema["$id"], "contentType": "application/vnd.adobe.xed+json;version=1"}
    (dataset,) = platform.post(f"{FOUNDATION}/catalog/dataSets", {"name": "members", "schemaRef": reference})
    dataset_id = dataset.removeprefix("@/dataSets/")
    data = {
        "format": "parquet_xdm",
        "schema": {"id": schema["$id"], "version": "application/vnd.adobe.xed-full+json;version=1"},
    }
    target = platform.flowservice(
        "/targetConnections", {"name": "target", "data": data, "params": {"dataSetId": dataset_id}, **by(LAKE)}
    )
    mapping = {
        "destinationXdmPath": "personalEmail.address",
        "sourceAttribute": "member.email_address",
        "identity": False,
        "version": 0,
    }
    mapping_set = platform.post(
        f"{FOUNDATION}/conversion/mappingSets",
        {"version": 0, "xdmSchema": schema["$id"], "xdmVersion": "1.0", "mappings": [mapping]},
        200,
    )
    flow = platform.flowservice(
        "/flows",
        {
            "name": "flow",
            "flowSpec": {"id": REST, "version": "1.0"},
            "sourceConnectionIds": [source],
            "targetConnectionIds": [target],
            "transformations": [{"name": "Mapping", "params": {"mappingId": mapping_set["id"], "mappingVersion": 0}}],
            "scheduleParams": {"startTime": "4102444800", "frequency": "once"},
        },
    )
    assert code(client.delete(f"{FLOWSERVICE}/connections/{base}/")) == "1418-400"

    deleted = [
        (f"{FLOWSERVICE}/flows/{flow}", 204),
        (f"{FLOWSERVICE}/sourceConnections/{source}", 204),
        (f"{FLOWSERVICE}/targetConnections/{target}", 204),
        (f"{FLOWSERVICE}/connections/{base}/", 204),
        (f"{FOUNDATION}/catalog/dataSets/{dataset_id}", 200),
        (f"{FOUNDATION}/schemaregistry/tenant/schemas/{schema['meta:altId']}", 204),
    ]
    assert [(path, client.delete(path).status_code) for path, _ in deleted] == deleted
    assert client.get(deleted[0][0]).status_code == 404


def test_a_wrong_credential_shows_at_the_source_connection(platform: Platform) -> None:
    spec = source_spec(platform)
    auth = {"specName": "Basic Authentication", "params": {"username": "u", "password": "wrong"}}
    base = platform.flowservice("/connections", {"name": "base", "auth": auth, **by(spec)})
    sent = {"name": "source", "baseConnectionId": base, "data": {"format": "json"}, "params": {"listId": "9"}, **by(spec)}
    refused = platform.client.post(f"{FLOWSERVICE}/sourceConnections", json=sent)
    assert (code(refused), "HTTP 401" in refused.text) == ("1308-400", True)
    assert code(explored(platform, base, {"listId": "9"})) == "1308-400"


def test_each_preview_is_the_first_request_that_a_provider_sees(platform: Platform) -> None:
    base = base_connection(platform, source_spec(platform))
    statuses = [explored(platform, base, {"listId": "9"}).status_code for _ in range(3)]
    assert statuses == [200, 200, 200], "the second request in a row is answered with HTTP 429"


def test_a_host_that_no_provider_serves_is_not_called(platform: Platform) -> None:
    other = {**SOURCE["attributes"], "urlParams": {**SOURCE["attributes"]["urlParams"], "path": "/elsewhere"}}
    body = {**SPEC, "authSpec": [BASIC], "sourceSpec": {**SOURCE, "attributes": other}, "exploreSpec": {"name": "Resource"}}
    base = base_connection(platform, platform.flowservice("/connectionSpecs", body))
    refused = explored(platform, base, {})
    assert code(refused) == "1308-400"
    assert "--reach us6.api.mailchimp.com" in refused.json()["errorMessage"]
