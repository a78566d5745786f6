from __future__ import annotations

from typing import Any

import pytest

from reconciler.sources.messages import Answer, NoAnswer, Request
from tests.emulator.dataplane.connecting.things import (
    GENERIC_STREAMING,
    NOBODY,
    SCHEMA,
    TEST_URL,
    Line,
    Party,
    acme,
    base,
    by,
    called,
    code,
    dataset,
    on_s3,
    source,
    target,
)
from tests.emulator.world import LAKE, S3, World


@pytest.fixture
def line(world: World) -> Line:
    return Line(world)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": None}, "1304-400"),
        ({"baseConnectionId": NOBODY}, "1439-404"),
        ({"baseConnectionId": None}, "1304-400"),
        ({"data": None}, "1304-400"),
        ({"data": {"format": "csv"}}, "1327-400"),
        ({"params": None}, "1304-400"),
        ({"params": {"listId": 7}}, "1312-400"),
        ({"params": "listId"}, "1312-400"),
        ({"connectionSpec": {"id": NOBODY}}, "1439-404"),
        ({"connectionSpec": {"id": GENERIC_STREAMING, "version": "1.0"}}, "1332-400"),
    ],
)
def test_a_source_connection_has_to_fit_to_its_spec(line: Line, changes: dict[str, Any], expected: str) -> None:
    answer = line.world.client.post("/sourceConnections", json=source(line.base, line.spec, **changes))
    assert code(answer) == expected


def test_a_source_connection_has_the_spec_of_its_base_unless_it_names_another(line: Line) -> None:
    same = line.world.create("/sourceConnections", **source(line.base, line.spec, connectionSpec=None))
    assert line.world.read(f"/sourceConnections/{same}")["connectionSpec"]["id"] == line.spec
    other = acme(line.world)
    made = line.world.create("/sourceConnections", **source(line.base, other))
    shown = line.world.read(f"/sourceConnections/{made}")
    assert shown["connectionSpec"]["id"] == other
    assert shown["inheritedAttributes"]["baseConnection"] == {"id": line.base, **by(line.spec)}


def test_a_streaming_source_has_no_base_connection(world: World) -> None:
    made = world.create("/sourceConnections", name="stream", data={"format": "json"}, **by(GENERIC_STREAMING))
    assert "inheritedAttributes" not in world.read(f"/sourceConnections/{made}")


@pytest.mark.parametrize("body", [{"type": "generic-streaming"}, {"exploreSpec": {"type": "StreamingConnection"}}])
def test_a_spec_says_in_either_place_that_it_streams(line: Line, body: dict[str, Any]) -> None:
    spec = line.world.create(**body)
    assert code(line.world.client.post("/sourceConnections", json=source(line.base, spec))) == "1332-400"
    line.world.create("/sourceConnections", **source(line.base, spec, baseConnectionId=None))
    no_format = source(line.base, spec, baseConnectionId=None, data=None)
    assert code(line.world.client.post("/sourceConnections", json=no_format)) == "1304-400"


def test_a_source_of_another_connector_has_a_format_of_its_own(world: World) -> None:
    made = world.create("/connections", name="s3", **on_s3())
    world.create("/sourceConnections", name="files", baseConnectionId=made, data={"format": "delimited"}, **by(S3))


# The first test of credentials without an authorizationTestUrl


def test_without_a_test_url_a_wrong_credential_is_refused_at_the_source_connection(world: World) -> None:
    party = Party()
    called(world, party)
    spec = acme(world)
    made = world.create("/connections", **base(spec, password="wrong"))
    answer = world.client.post("/sourceConnections", json=source(made, spec))
    assert code(answer) == "1308-400"
    assert "HTTP 401" in answer.text
    assert party.urls == ["https://api.acme.com/lists/7?count=2&offset=0"]


def test_credentials_that_were_tried_at_the_test_url_are_not_tried_again(world: World) -> None:
    party = Party()
    called(world, party)
    spec = acme(world)
    made = world.create("/connections", **base(spec, authorizationTestUrl=TEST_URL))
    world.create("/sourceConnections", **source(made, spec))
    assert party.urls == [TEST_URL]


@pytest.mark.parametrize("switch", ["never", "always_true"])
def test_a_service_may_not_try_credentials_at_all(make_world: Any, switch: str) -> None:
    world: World = make_world(auth_test=switch)
    party = Party()
    called(world, party)
    spec = acme(world)
    made = world.create("/connections", **base(spec, password="wrong"))
    world.create("/sourceConnections", **source(made, spec))
    assert party.requests == []


def test_a_source_that_cannot_be_reached_is_refused(line: Line) -> None:
    called(line.world, lambda _: NoAnswer("no-answer", "no such host"))
    answer = line.world.client.post("/sourceConnections", json=source(line.base, line.spec))
    assert (code(answer), "no such host" in answer.text) == ("1308-400", True)


def test_too_many_requests_say_nothing_about_a_credential(line: Line) -> None:
    line.party.status = 429
    line.world.create("/sourceConnections", **source(line.base, line.spec))
    line.party.status = 500
    assert code(line.world.client.post("/sourceConnections", json=source(line.base, line.spec))) == "1308-400"


def test_records_that_cannot_be_found_show_in_the_run_and_not_at_the_source_connection(world: World) -> None:
    def empty(_: Request) -> Answer:
        return Answer(200, {}, b"[]")

    called(world, empty)
    spec = acme(world)
    made = world.create("/connections", **base(spec))
    world.create("/sourceConnections", **source(made, spec))


# Target connections


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": None}, "1304-400"),
        ({"connectionSpec": {"id": S3, "version": "1.0"}}, "1307-400"),
        ({"connectionSpec": {}}, "1304-400"),
        ({"params": None}, "1325-400"),
        ({"params": {"dataSetId": ""}}, "1325-400"),
        ({"params": {"dataSetId": "5e"}}, "1312-400"),
        ({"params": {"dataSetId": "5e"}, "data": None}, "1312-400"),
        ({"data": {"format": "csv"}}, "1312-400"),
        ({"data": {"schema": {"id": f"{SCHEMA}0", "version": "1"}}}, "1312-400"),
        ({"data": {"schema": {"id": SCHEMA, "version": "application/vnd.adobe.xed-full+json;version=2"}}}, "1312-400"),
    ],
)
def test_a_target_connection_has_to_fit_to_its_dataset(line: Line, changes: dict[str, Any], expected: str) -> None:
    assert code(line.world.client.post("/targetConnections", json=target(line.dataset, **changes))) == expected


def test_the_only_target_is_named(line: Line) -> None:
    answer = line.world.client.post("/targetConnections", json=target(line.dataset, **by(S3)))
    assert f"={S3}. The allowed value is: {LAKE}" in answer.json()["errorMessage"]


@pytest.mark.parametrize("data", [None, {"format": "json"}, {"format": "parquet_xdm"}])
def test_both_published_formats_of_a_target_are_accepted(line: Line, data: dict[str, str] | None) -> None:
    line.world.create("/targetConnections", **target(line.dataset, data=data))


@pytest.mark.parametrize(("accepted", "refused"), [("json", "parquet_xdm"), ("parquet_xdm", "json")])
def test_a_service_may_accept_one_format_only(make_world: Any, accepted: str, refused: str) -> None:
    world: World = make_world(target_format=accepted)
    made = dataset(world)
    world.create("/targetConnections", **target(made, data={"format": accepted}))
    for data in ({"format": refused}, None):
        assert code(world.client.post("/targetConnections", json=target(made, data=data))) == "1312-400"
