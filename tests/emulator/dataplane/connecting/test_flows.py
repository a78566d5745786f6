from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from reconciler.emulator.dataplane.connecting.asking import decoded
from reconciler.emulator.dataplane.connecting.flows import shown_flow
from reconciler.emulator.dataplane.registry.resources import make
from reconciler.emulator.model import MAPPING_SETS, SCHEMAS, Author, Place, Row
from tests.emulator.dataplane.connecting.things import (
    CLOUD,
    DEV,
    GENERIC_STREAMING,
    NOBODY,
    SCHEMA,
    Line,
    acme,
    base,
    by,
    code,
    dataset,
    flow,
    mapping_set,
    source,
    target,
)
from tests.emulator.world import REST, STREAMING, World

NOW = 1_700_000_000
PROFILE = {
    "title": "Members",
    "type": "object",
    "allOf": [{"$ref": "https://ns.adobe.com/xdm/context/profile"}],
}


@pytest.fixture
def line(world: World) -> Line:
    return Line(world)


def schedule(**changes: Any) -> dict[str, Any]:
    sent = {"startTime": NOW + 60, "frequency": "hour", "interval": 1, **changes}
    return {"scheduleParams": {name: value for name, value in sent.items() if value is not None}}


def mapped(mapping_id: str, version: Any = 0) -> dict[str, Any]:
    return {"transformations": [{"name": "Mapping", "params": {"mappingId": mapping_id, "mappingVersion": version}}]}


def test_a_flow_shows_the_specs_of_its_connections(line: Line) -> None:
    made = line.world.read(f"/flows/{line.flow()}")
    (of_source,) = made["inheritedAttributes"]["sourceConnections"]
    assert of_source == {"id": line.source, **by(line.spec), "baseConnection": {"id": line.base, **by(line.spec)}}
    assert made["inheritedAttributes"]["targetConnections"][0]["id"] == line.target
    assert made["state"] == "enabled"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": None}, "1304-400"),
        ({"state": "enabled"}, "1410-400"),
        ({"flowSpec": None}, "1304-400"),
        ({"flowSpec": {"id": NOBODY, "version": "1.0"}}, "1439-404"),
        ({"sourceConnectionIds": None}, "1320-400"),
        ({"sourceConnectionIds": []}, "1320-400"),
        ({"sourceConnectionIds": ["a", "b"]}, "1321-400"),
        ({"sourceConnectionIds": "a"}, "1312-400"),
        ({"sourceConnectionIds": [NOBODY]}, "1439-404"),
        ({"targetConnectionIds": []}, "1320-400"),
        ({"targetConnectionIds": [NOBODY]}, "1439-404"),
        ({"options": []}, "1312-400"),
        ({"options": {"partialIngestionPercent": 0}}, "1312-400"),
        ({"transformations": {}}, "1392-400"),
        ({"transformations": ["Mapping"]}, "1392-400"),
        ({"transformations": [{"name": "Copy"}]}, "1392-400"),
    ],
)
def test_a_flow_has_to_fit_to_its_flow_spec(line: Line, changes: dict[str, Any], expected: str) -> None:
    assert line.refused(**changes) == expected


def test_a_source_that_is_not_attached_to_the_flow_spec_is_refused(line: Line) -> None:
    answer = line.world.client.post("/flows", json=flow(line.source, line.target, flowSpec={"id": CLOUD, "version": "1.0"}))
    assert code(answer) == "1312-400"
    assert f"{line.spec} is not a valid input for property=flowSpec.sourceConnectionSpecIds" in answer.text


def test_a_service_may_not_look_whether_a_source_is_attached(make_world: Any) -> None:
    line = Line(make_world(unattached="accept"))
    line.flow(flowSpec={"id": CLOUD, "version": "1.0"})


# Schedules


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"startTime": None}, "1304-400"),
        ({"startTime": "tomorrow"}, "1340-400"),
        ({"startTime": True}, "1340-400"),
        ({"startTime": 1.5}, "1340-400"),
        ({"frequency": None}, "1304-400"),
        ({"frequency": "monthly"}, "1397-400"),
        ({"frequency": "once"}, "1361-400"),
        ({"frequency": "once", "interval": None, "backfill": True}, "1364-400"),
        ({"interval": None}, "1304-400"),
        ({"interval": 0}, "1363-400"),
        ({"interval": "often"}, "1363-400"),
        ({"frequency": "minute", "interval": 14}, "1362-400"),
        ({"backfill": "perhaps"}, "1312-400"),
    ],
)
def test_a_schedule_that_cannot_be_kept_is_refused(line: Line, changes: dict[str, Any], expected: str) -> None:
    assert line.refused(**schedule(**changes)) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"frequency": "once", "interval": None},
        {"frequency": "minute", "interval": 15},
        {"frequency": "week", "interval": 1, "backfill": False},
    ],
)
def test_the_documented_schedules_are_accepted(line: Line, changes: dict[str, Any]) -> None:
    line.flow(**schedule(**changes))


def test_a_flow_needs_a_schedule_where_its_flow_spec_has_one(line: Line) -> None:
    assert line.refused(scheduleParams=None) == "1304-400"


def test_the_numbers_of_a_schedule_may_be_strings(line: Line) -> None:
    made = line.flow(**schedule(startTime=str(NOW + 60), interval="2", backfill="true"))
    kept = line.world.read(f"/flows/{made}")["scheduleParams"]
    assert kept == {"startTime": NOW + 60, "frequency": "hour", "interval": 2, "backfill": True}


def test_a_service_may_refuse_numbers_as_strings(make_world: Any) -> None:
    line = Line(make_world(schedule_texts="refuse"))
    assert line.refused(**schedule(startTime=str(NOW + 60))) == "1340-400"
    assert line.refused(**schedule(backfill="true")) == "1312-400"


def test_a_start_in_the_past_is_accepted_as_in_every_example(line: Line) -> None:
    line.flow(**schedule(startTime=1_597_784_298))


def test_a_start_in_the_past_may_be_refused(make_world: Any) -> None:
    line = Line(make_world(past_start="refuse"))
    assert line.refused(**schedule(startTime=NOW - 1)) == "1360-400"
    line.flow(**schedule(startTime=NOW))


def test_fifteen_may_be_the_smallest_interval_of_every_frequency(make_world: Any) -> None:
    line = Line(make_world(smallest_interval="all"))
    assert line.refused(**schedule(interval=14)) == "1362-400"
    line.flow(**schedule(interval=15))


def test_a_flow_spec_of_its_own_decides_about_frequencies(line: Line) -> None:
    rest = line.world.read(f"/flowSpecs/{REST}")
    rest["scheduleSpec"]["spec"]["properties"]["frequency"]["enum"] = ["once", "day"]
    line.world.client.put(f"/flowSpecs/{REST}", json=rest)
    assert line.refused(**schedule()) == "1312-400"


# Mappings


@pytest.mark.parametrize("version", [0, "0"])
def test_a_mapping_of_the_schema_of_the_dataset_is_accepted(line: Line, version: Any) -> None:
    line.flow(**mapped(mapping_set(line.world), version))


def test_the_newer_form_of_a_mapping_set_is_compared_too(line: Line) -> None:
    reference = {"id": SCHEMA, "contentType": "application/vnd.adobe.xed-full+json;version=1"}
    line.flow(**mapped(mapping_set(line.world, outputSchema={"schemaRef": reference}, xdmSchema="other")))
    other = {**reference, "contentType": "application/vnd.adobe.xed-full+json;version=2"}
    assert line.refused(**mapped(mapping_set(line.world, outputSchema={"schemaRef": other}))) == "1425-400"


def test_a_mapping_that_does_not_exist_is_refused(line: Line) -> None:
    assert line.refused(**mapped("45d90285d2d249acb87a72a2f12f7401")) == "1419-400"


def test_a_mapping_without_an_id_is_refused(line: Line) -> None:
    assert line.refused(transformations=[{"name": "Mapping", "params": {}}]) == "1328-400"


def test_another_version_of_a_mapping_is_refused(line: Line) -> None:
    assert line.refused(**mapped(mapping_set(line.world), 1)) == "1412-400"


def test_a_mapping_that_cannot_work_is_refused(line: Line) -> None:
    broken = {"sourceType": "EXPRESSION", "source": "nobody_knows(1)", "destination": "x"}
    assert line.refused(**mapped(mapping_set(line.world, mappings=[broken]))) == "1419-400"


def test_an_earlier_version_of_a_mapping_is_the_one_that_is_compared(make_world: Any) -> None:
    line = Line(make_world(mapping_versions="counted"))
    made = mapping_set(line.world, xdmSchema=f"{SCHEMA}0")
    line.world.emulator.store.replace(MAPPING_SETS, DEV, made, lambda row: {**decoded(row.body), "xdmSchema": SCHEMA})
    assert line.refused(**mapped(made, 0)) == "1425-400"
    assert line.refused(**mapped(made, 7)) == "1412-400"
    line.flow(**mapped(made, 1))


def test_a_schema_is_the_same_by_either_of_its_ids(line: Line) -> None:
    own = make(line.world.emulator.service, SCHEMAS, DEV, PROFILE, Author("a", "b"))
    body = decoded(own.body)
    by_alt_id = {"schema": {"id": body["meta:altId"], "version": "1.0"}}
    to = line.world.create("/targetConnections", **target(dataset(line.world, body["$id"]), data=by_alt_id))
    line.flow(targetConnectionIds=[to], **mapped(mapping_set(line.world, xdmSchema=body["meta:altId"])))
    assert line.refused(targetConnectionIds=[to], **mapped(mapping_set(line.world))) == "1425-400"


def test_a_mapping_of_another_schema_is_refused(line: Line) -> None:
    assert line.refused(**mapped(mapping_set(line.world, xdmSchema=f"{SCHEMA}0"))) == "1425-400"
    assert line.refused(**mapped(mapping_set(line.world, xdmVersion="2.0"))) == "1425-400"


# Streaming


def streaming(world: World, **changes: Any) -> str:
    stream = world.create("/sourceConnections", name="stream", data={"format": "json"}, **by(GENERIC_STREAMING))
    to = world.create("/targetConnections", **target(dataset(world)))
    sent = flow(stream, to, flowSpec={"id": STREAMING, "version": "1.0"}, scheduleParams=None, **changes)
    return world.create("/flows", **sent)


def test_a_streaming_flow_has_an_inlet_and_no_schedule(world: World) -> None:
    world.emulator.service.show_flow = partial(shown_flow, lambda flow: f"https://inlets/{flow['name']}")
    made = world.read(f"/flows/{streaming(world, options={'errorDiagnosticsEnabled': True})}")
    assert "scheduleParams" not in made
    assert made["options"] == {"errorDiagnosticsEnabled": True, "inletUrl": "https://inlets/a flow"}
    assert world.items("/flows")[0]["options"] == made["options"]


def test_a_flow_that_fetches_has_no_inlet(line: Line) -> None:
    line.world.emulator.service.show_flow = partial(shown_flow, lambda _: "https://inlets/1")
    made = line.world.read(f"/flows/{line.flow(description='no inletUrl', note='inletUrl')}")
    assert (made["note"], "options" in made) == ("inletUrl", False)


# Who is told


def test_whoever_runs_flows_is_told_of_each_change(line: Line) -> None:
    seen: list[tuple[str, str]] = []

    def told(place: Place, row: Row) -> None:
        seen.append((place.sandbox, row.etag))

    line.world.emulator.service.on_flow = told
    made = line.flow()
    client, etag = line.world.client, line.world.read(f"/flows/{made}")["etag"]
    assert client.post(f"/flows/{made}/action?op=disable").status_code == 200
    etag = line.world.read(f"/flows/{made}")["etag"]
    ops = [{"op": "replace", "path": "/name", "value": "other"}]
    assert client.patch(f"/flows/{made}", json=ops, headers={"If-Match": etag}).status_code == 200
    assert client.post("/connections", json=base(line.spec, name="b")).status_code == 201
    assert len(seen) == 3
    assert {place for place, _ in seen} == {"dev"}


def test_a_flow_of_two_sources_of_one_spec_is_two_flows(line: Line) -> None:
    other = line.world.create("/sourceConnections", **source(line.base, line.spec, name="second"))
    assert line.refused(sourceConnectionIds=[line.source, other]) == "1321-400"
    assert acme(line.world) != line.spec
