from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec
import pytest

from reconciler.emulator.addresses import inlet_of
from reconciler.emulator.dataplane.inlets.signing import signature
from reconciler.emulator.http.server import serving
from reconciler.emulator.model import FLOWS, TARGET_CONNECTIONS, Author, Place
from tests.emulator.dataplane.platform import CATALOG, CONVERSION, EXPORT, make_dataset, make_schema
from tests.emulator.world import FORM, HEADERS, HOST, LAKE, SERVICE, STREAMING, TOKENS, World

PLACE = Place("ACME@AdobeOrg", "dev")
AUTHOR = Author("robot@techacct.adobe.com", "robot")
SECRET = "shared-secret"
EVENT = b'{"id": 7, "email": "ann@example.com"}'


@dataclass
class Inlet:
    """A streaming flow, and a partner that sends events to it."""

    world: World
    dataset: str
    flow: str
    address: str
    sign: bool = True
    headers: dict[str, str] = field(default_factory=dict)

    def send(self, body: bytes = EVENT, path: str = "", **headers: str | None) -> httpx.Response:
        own = {"x-adobe-flow-id": self.flow} | ({"x-hmac-sha256": signature(body, SECRET, "base64")} if self.sign else {})
        given = own | {key.replace("_", "-"): value for key, value in headers.items()}
        return self.world.stranger.post(
            self.address + path, content=body, headers={name: value for name, value in given.items() if value is not None}
        )

    def rows(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.world.client.get(f"{EXPORT}/datasets/{self.dataset}/preview").json()["data"]
        return found


def make_inlet(world: World, *, mapped: bool = True) -> Inlet:
    schema = make_schema(world)
    dataset = make_dataset(world, schema["$id"])
    mappings = [{"sourceType": "ATTRIBUTE", "source": name, "destination": f"_acme.{name}"} for name in ("id", "email")]
    reference = {"id": schema["$id"], "contentType": "application/vnd.adobe.xed-full+json;version=1"}
    made = world.client.post(
        f"{CONVERSION}/mappingSets", json={"outputSchema": {"schemaRef": reference}, "mappings": mappings}
    ).json()
    store = world.emulator.store
    target = store.insert(TARGET_CONNECTIONS, PLACE, {"name": "target", "params": {"dataSetId": dataset}}, AUTHOR)
    mapping = [{"name": "Mapping", "params": {"mappingId": made["id"], "mappingVersion": 0}}]
    body = {"name": "flow", "targetConnectionIds": [target.id], "transformations": mapping if mapped else [], "state": "enabled"}
    flow = store.insert(FLOWS, PLACE, body, AUTHOR)
    address = inlet_of(world.emulator.service, {"id": flow.id})
    return Inlet(world, dataset, flow.id, address.replace("https://dcs.adobedc.net", HOST))


@pytest.fixture
def inlet(make_world: Callable[..., World]) -> Inlet:
    return make_inlet(make_world(inlet_secrets=(SECRET, "old")))


def reason(answer: httpx.Response) -> str:
    return str(answer.json()["report"]["message"])


def test_an_event_lands_in_the_dataset_of_its_flow(inlet: Inlet) -> None:
    answer = inlet.send()
    assert answer.status_code == 200
    assert sorted(answer.json()) == ["inletId", "receivedTimeMs", "xactionId"]
    assert inlet.address.endswith(f"/collection/{answer.json()['inletId']}")
    assert inlet.rows() == [{"_acme": {"id": 7, "email": "ann@example.com"}}]


def test_the_flow_can_be_named_in_the_query(inlet: Inlet) -> None:
    assert inlet.send(path=f"?x-adobe-flow-id={inlet.flow}", x_adobe_flow_id=None).status_code == 200


def test_an_event_without_a_mapping_lands_as_it_is(make_world: Callable[..., World]) -> None:
    inlet = make_inlet(make_world(inlet_secrets=(SECRET,)), mapped=False)
    inlet.send(b'{"_acme": {"id": "8"}}')
    assert inlet.rows() == [{"_acme": {"id": 8}}]


def test_an_event_lands_after_a_delay(make_world: Callable[..., World]) -> None:
    inlet = make_inlet(make_world(inlet_secrets=(SECRET,), land_delay=60))
    assert inlet.send().status_code == 200
    assert inlet.rows() == []
    inlet.world.clock.sleep(60)
    assert len(inlet.rows()) == 1


def test_a_received_event_that_does_not_fit_is_a_failed_record(inlet: Inlet) -> None:
    assert inlet.send(b'{"id": "seven"}').status_code == 200
    assert inlet.send(b"[1]").status_code == 200
    batches = list(inlet.world.client.get(f"{CATALOG}/batches?dataSet={inlet.dataset}").json().values())
    assert [(one["status"], one["metrics"]["recordsFailed"]) for one in batches] == [("failed", 1), ("failed", 1)]
    assert inlet.rows() == []


def test_an_event_can_be_validated_at_once(inlet: Inlet) -> None:
    good = inlet.send(path="?syncValidation=true")
    assert (good.status_code, good.json()["syncValidation"]) == (200, {"status": "pass"})
    bad = inlet.send(b'{"id": "seven"}', "?syncValidation=true")
    assert bad.status_code == 400
    assert bad.json()["report"]["_streamingValidation"] == [
        {"keyword": "DCVS-1104-400", "message": "_acme.id: must be an integer, not a string"}
    ]
    assert inlet.send(b"[1]", "?syncValidation=true").status_code == 400
    assert len(inlet.rows()) == 1


def test_a_list_of_events_is_answered_one_by_one(inlet: Inlet) -> None:
    inlet.address = inlet.address.replace("/collection/", "/collection/batch/")
    body = msgspec.json.encode({"messages": [{"id": 1}, "text", {"id": 2}]})
    answer = inlet.send(body)
    assert answer.status_code == 207
    assert [one.get("status", 200) for one in answer.json()["responses"]] == [200, 400, 200]
    assert [row["_acme"]["id"] for row in inlet.rows()] == [1, 2]
    assert inlet.send(b'{"messages": []}').status_code == 400
    assert inlet.send(b"[]").status_code == 400


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"x_hmac_sha256": "wrong"}, "not an HMAC-SHA256"),
        ({"x_hmac_sha256": signature(EVENT, "another", "base64")}, "another secret"),
        ({"x_hmac_sha256": signature(EVENT, SECRET, "hex")}, "written in hex"),
        ({"x_hmac_sha256": None}, "x-hmac-sha256 is missing"),
        ({"x_hmac_sha256": None, "authorization": ""}, "token is empty"),
        ({"x_hmac_sha256": None, "authorization": "Bearer made-up"}, "not valid"),
        ({"x_hmac_sha256": None, "authorization": "open-sesame"}, "must be Bearer"),
    ],
)
def test_an_event_without_authentication_is_refused(inlet: Inlet, change: dict[str, str | None], words: str) -> None:
    answer = inlet.send(EVENT, "", **change)
    assert (answer.status_code, words in reason(answer)) == (401, True)
    assert answer.json()["type"].endswith("data-collection-service-authorization")
    assert inlet.rows() == []


def test_a_previous_secret_still_holds(inlet: Inlet) -> None:
    assert inlet.send(x_hmac_sha256=signature(EVENT, "old", "base64")).status_code == 200


def test_hexadecimal_signatures_are_a_switch(make_world: Callable[..., World]) -> None:
    inlet = make_inlet(make_world(inlet_secrets=(SECRET,), hmac_encoding="hex"))
    assert inlet.send().status_code == 401
    assert inlet.send(x_hmac_sha256=signature(EVENT, SECRET, "hex")).status_code == 200


def test_an_access_token_will_do(inlet: Inlet) -> None:
    assert inlet.send(x_hmac_sha256=None, authorization="Bearer open-sesame").status_code == 200


def test_an_access_token_needs_its_scopes_and_its_time(make_world: Callable[..., World]) -> None:
    world = make_world(inlet_auth="oauth", inlet_scopes=("openid", "AdobeID", "session"))
    inlet = make_inlet(world)
    tokens = [
        world.stranger.post(TOKENS, data={**FORM, "scope": scope}).json()["access_token"]
        for scope in ("openid,AdobeID", "openid AdobeID session")
    ]
    answers = [inlet.send(authorization=f"Bearer {token}") for token in tokens]
    assert [answer.status_code for answer in answers] == [401, 200]
    assert "lacks scopes: session" in reason(answers[0])
    world.clock.sleep(86_400)
    assert inlet.send(authorization=f"Bearer {tokens[1]}").status_code == 401


def test_a_token_is_no_signature(make_world: Callable[..., World]) -> None:
    inlet = make_inlet(make_world(inlet_auth="hmac", inlet_secrets=(SECRET,)))
    assert inlet.send(x_hmac_sha256=None, authorization="Bearer open-sesame").status_code == 401
    assert inlet.send().status_code == 200


def test_an_open_inlet_accepts_everything(make_world: Callable[..., World]) -> None:
    inlet = make_inlet(make_world(inlet_auth="none"))
    assert inlet.send(x_hmac_sha256="wrong").status_code == 200


def test_an_event_of_more_than_a_megabyte_is_refused(inlet: Inlet) -> None:
    longest = b'"' + b"x" * (1024 * 1024 - 2) + b'"'
    assert inlet.send(longest).status_code == 200
    assert inlet.send(longest + b" ").status_code == 413


@pytest.mark.parametrize("body", [b"", b"{", b'{"id": NaN}'])
def test_an_event_that_is_not_json_is_refused(inlet: Inlet, body: bytes) -> None:
    assert inlet.send(body).status_code == 400


@pytest.mark.parametrize(
    ("flow", "words"),
    [
        (None, "x-adobe-flow-id is required"),
        ("3f4ae131-b384-4e73-8000-000000000000", "does not belong"),
        ("?", "does not belong"),
    ],
)
def test_an_event_needs_its_flow(inlet: Inlet, flow: str | None, words: str) -> None:
    answer = inlet.send(x_adobe_flow_id=flow)
    assert (answer.status_code, words in reason(answer)) == (400, True)


def test_the_inlet_of_another_flow_is_not_that_of_this_one(inlet: Inlet) -> None:
    other = make_inlet_of_another_flow(inlet)
    inlet.address = other
    assert inlet.send().status_code == 400


def make_inlet_of_another_flow(inlet: Inlet) -> str:
    flow = inlet.world.emulator.store.insert(FLOWS, PLACE, {"name": "other"}, AUTHOR)
    return inlet_of(inlet.world.emulator.service, {"id": flow.id}).replace("https://dcs.adobedc.net", HOST)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "disabled"},
        {"targetConnectionIds": []},
        {"transformations": [{"name": "Mapping", "params": {"mappingId": "none"}}]},
    ],
)
def test_a_flow_that_cannot_receive_refuses_events(inlet: Inlet, change: dict[str, Any]) -> None:
    store = inlet.world.emulator.store
    store.replace(FLOWS, PLACE, inlet.flow, lambda row: {**msgspec.json.decode(row.body), **change})
    assert inlet.send().status_code == 400


def test_events_of_a_deleted_dataset_are_refused(inlet: Inlet) -> None:
    inlet.world.client.delete(f"{CATALOG}/dataSets/{inlet.dataset}")
    assert inlet.send().status_code == 400


def test_events_that_come_too_early_are_lost(make_world: Callable[..., World]) -> None:
    inlet = make_inlet(make_world(inlet_secrets=(SECRET,), inlet_warm_up=300))
    assert inlet.send().status_code == 200
    inlet.world.clock.sleep(300)
    assert inlet.rows() == []
    inlet.send()
    assert len(inlet.rows()) == 1


def test_the_name_of_the_sandbox_can_be_required(make_world: Callable[..., World]) -> None:
    inlet = make_inlet(make_world(inlet_secrets=(SECRET,), inlet_needs_sandbox=True))
    assert inlet.send().status_code == 400
    assert inlet.send(x_sandbox_name="dev").status_code == 200


@pytest.fixture
def served(make_world: Callable[..., World]) -> Iterator[tuple[Inlet, str]]:
    inlet = make_inlet(make_world(inlet_secrets=(SECRET,)))
    with serving(inlet.world.emulator.app) as address:
        yield inlet, address


def test_events_come_in_over_http(served: tuple[Inlet, str]) -> None:
    inlet, address = served
    headers = {"x-adobe-flow-id": inlet.flow, "x-hmac-sha256": signature(EVENT, SECRET, "base64")}
    answer = httpx.post(inlet.address.replace(HOST, address), content=EVENT, headers=headers)
    assert (answer.status_code, len(inlet.rows())) == (200, 1)


def make_streaming_flow(world: World) -> tuple[str, str]:
    """A flow of a streaming source, made by the calls that Adobe documents; its id and that of its dataset."""
    streaming_spec = {
        "name": "events",
        "type": "generic-streaming",
        "exploreSpec": {"type": "StreamingConnection"},
        "authSpec": [],
    }
    spec = world.create("/connectionSpecs", **streaming_spec)
    flow_spec = world.read(f"/flowSpecs/{STREAMING}")
    attached = [*flow_spec["sourceConnectionSpecIds"], spec]
    world.client.put(f"/flowSpecs/{STREAMING}", json={**flow_spec, "sourceConnectionSpecIds": attached})
    schema = make_schema(world)
    dataset = make_dataset(world, schema["$id"])
    source = {"name": "source", "connectionSpec": {"id": spec, "version": "1.0"}, "data": {"format": "json"}, "params": {}}
    target = {
        "name": "target",
        "connectionSpec": {"id": LAKE, "version": "1.0"},
        "data": {
            "format": "parquet_xdm",
            "schema": {"id": schema["$id"], "version": "application/vnd.adobe.xed-full+json;version=1"},
        },
        "params": {"dataSetId": dataset},
    }
    reference = {"id": schema["$id"], "contentType": "application/vnd.adobe.xed-full+json;version=1"}
    mappings = [{"sourceType": "ATTRIBUTE", "source": name, "destination": f"_acme.{name}"} for name in ("id", "email")]
    made = world.client.post(
        f"{CONVERSION}/mappingSets", json={"outputSchema": {"schemaRef": reference}, "mappings": mappings}
    ).json()
    flow = {
        "name": "flow",
        "flowSpec": {"id": STREAMING, "version": "1.0"},
        "sourceConnectionIds": [world.create("/sourceConnections", **source)],
        "targetConnectionIds": [world.create("/targetConnections", **target)],
        "transformations": [{"name": "Mapping", "params": {"mappingId": made["id"], "mappingVersion": "0"}}],
    }
    return world.create("/flows", **flow), dataset


def test_a_streaming_flow_shows_the_address_of_its_inlet(make_world: Callable[..., World]) -> None:
    world = make_world(inlet_secrets=(SECRET,))
    flow, dataset = make_streaming_flow(world)
    address = world.read(f"/flows/{flow}")["options"]["inletUrl"]
    assert address.startswith(f"{HOST}/collection/")
    assert [one["options"]["inletUrl"] for one in world.items("/flows")] == [address]
    inlet = Inlet(world, dataset, flow, address)
    assert (inlet.send().status_code, inlet.rows()) == (200, [{"_acme": {"id": 7, "email": "ann@example.com"}}])


def test_the_address_of_an_inlet_can_appear_late(make_world: Callable[..., World]) -> None:
    world = make_world(inlet_secrets=(SECRET,), inlet_delay=30)
    flow, _ = make_streaming_flow(world)
    assert world.read(f"/flows/{flow}")["options"] == {}
    world.clock.now += 30
    assert "inletUrl" in world.read(f"/flows/{flow}")["options"]


def test_a_changed_streaming_flow_keeps_the_address_of_its_inlet(make_world: Callable[..., World]) -> None:
    world = make_world(inlet_secrets=(SECRET,))
    flow, _ = make_streaming_flow(world)
    before = world.read(f"/flows/{flow}")
    change = [{"op": "add", "path": "/description", "value": "changed"}]
    assert world.client.patch(f"/flows/{flow}", json=change, headers={"If-Match": before["etag"]}).status_code == 200
    assert world.read(f"/flows/{flow}")["options"] == before["options"]


def test_a_flow_over_http_has_an_inlet_there(make_world: Callable[..., World]) -> None:
    world = make_world()
    flow, _ = make_streaming_flow(world)
    with serving(world.emulator.app) as address:
        answer = httpx.get(f"{address}{SERVICE}/flows/{flow}", headers=HEADERS)
    assert answer.json()["items"][0]["options"]["inletUrl"].startswith(f"{address}/collection/")
