from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.emulator.dataplane.connecting.things import NOBODY, TEST_URL, Line, Party, acme, base, called, code, source, target
from tests.emulator.world import REST, World

NOW = 1_700_000_000


@pytest.fixture
def line(world: World) -> Line:
    return Line(world)


def etag(world: World, path: str) -> dict[str, str]:
    return {"If-Match": world.read(path)["etag"]}


def replace(path: str, value: Any, op: str = "replace") -> dict[str, Any]:
    return {"op": op, "path": path, "value": value}


def patched(world: World, path: str, *ops: dict[str, Any]) -> httpx.Response:
    return world.client.patch(path, json=list(ops), headers=etag(world, path))


def acted(world: World, path: str, op: str) -> httpx.Response:
    return world.client.post(f"{path}/action", params={"op": op})


# PATCH


def test_a_change_needs_the_current_version(line: Line) -> None:
    path, ops = f"/flows/{line.flow()}", [replace("/name", "other")]
    client, live = line.world.client, line.world.read(path)["etag"]
    assert code(client.patch(path, json=ops)) == "1403-400"
    stale = client.patch(path, json=ops, headers={"If-Match": '"00000000-0000-0200-0000-000000000000"'})
    assert (stale.status_code, "does not match the current version" in stale.json()["errorMessage"]) == (412, True)
    assert client.patch(path, json=ops, headers={"If-Match": live.strip('"')}).status_code == 412
    changed = client.patch(path, json=ops, headers={"If-Match": live})
    assert (changed.status_code, set(changed.json())) == (200, {"id", "etag"})
    assert changed.json()["etag"] == line.world.read(path)["etag"] != live
    assert line.world.read(path)["name"] == "other"


def test_a_change_keeps_who_created_an_object(line: Line) -> None:
    path = f"/flows/{line.flow()}"
    before = line.world.read(path)
    line.world.clock.now += 5
    patched(line.world, path, replace("/description", "why", "add"))
    after = line.world.read(path)
    assert (after["createdAt"], after["id"], after["description"]) == (before["createdAt"], before["id"], "why")
    assert after["updatedAt"] == before["updatedAt"] + 5000


def test_one_operation_may_be_sent_without_a_list(line: Line) -> None:
    path = f"/connections/{line.base}"
    answer = line.world.client.patch(path, json=replace("/name", "other"), headers=etag(line.world, path))
    assert (answer.status_code, line.world.read(path)["name"]) == (200, "other")


@pytest.mark.parametrize(
    ("op", "expected"),
    [
        (replace("/name", "x", "move"), "1434-400"),
        ({"path": "/name"}, "1434-400"),
        ({"op": "replace", "path": "/name"}, "1455-400"),
        (replace("/nothing/here", 1), "1455-400"),
        (replace("/nothing", 1), "1455-400"),
        (replace("/name/first", 1), "1455-400"),
        (replace("/sourceConnectionIds/x", 1), "1455-400"),
        (replace("name", 1), "1365-400"),
        (replace("", {}), "1365-400"),
        ({"op": "add", "value": 1}, "1365-400"),
        (replace("/id", NOBODY), "1365-400"),
        (replace("/state", "disabled"), "1365-400"),
        (replace("/flowSpec/id", NOBODY), "1365-400"),
        (replace("/inheritedAttributes/x", 1, "add"), "1365-400"),
        (replace("/scheduleParams/frequency", "often"), "1397-400"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(line: Line, op: dict[str, Any], expected: str) -> None:
    path = f"/flows/{line.flow()}"
    before = line.world.read(path)
    assert code(patched(line.world, path, op)) == expected
    assert line.world.read(path) == before


@pytest.mark.parametrize("ops", [[], ["x"], "x", [{}] * 101])
def test_a_change_has_to_be_operations(line: Line, ops: Any) -> None:
    path = f"/flows/{line.flow()}"
    assert line.world.client.patch(path, json=ops, headers=etag(line.world, path)).status_code == 400


@pytest.mark.parametrize("kind", ["connections", "sourceConnections", "targetConnections"])
def test_a_connection_keeps_its_spec(line: Line, kind: str) -> None:
    wanted = {"connections": line.base, "sourceConnections": line.source, "targetConnections": line.target}[kind]
    answer = patched(line.world, f"/{kind}/{wanted}", replace("/connectionSpec/id", acme(line.world)))
    assert code(answer) == "1414-400"


def test_a_changed_connection_has_to_fit_as_a_new_one_does(line: Line) -> None:
    assert code(patched(line.world, f"/sourceConnections/{line.source}", replace("/params/listId", 7))) == "1312-400"
    assert code(patched(line.world, f"/targetConnections/{line.target}", replace("/params/dataSetId", "5e"))) == "1312-400"


def test_a_changed_password_is_tried_and_stays_hidden(line: Line) -> None:
    path = f"/connections/{line.base}"
    url = replace("/auth/params/authorizationTestUrl", TEST_URL, "add")
    assert code(patched(line.world, path, url, replace("/auth/params/password", "wrong"))) == "1308-400"
    assert patched(line.world, path, url, replace("/auth/params/username", "ann")).status_code == 200
    assert line.world.client.get(f"{path}/test").json() == {"result": True}
    assert line.world.read(path)["auth"]["params"]["password"] == "********"


def test_a_change_that_another_request_overtakes_is_refused(line: Line) -> None:
    path = f"/sourceConnections/{line.source}"
    party = Party()

    def meanwhile(request: Any) -> Any:
        if not party.requests:
            called(line.world, party)
            assert patched(line.world, path, replace("/name", "first")).status_code == 200
        return party(request)

    called(line.world, meanwhile)
    assert patched(line.world, path, replace("/name", "second")).status_code == 412
    assert line.world.read(path)["name"] == "first"


# A flow that has begun


def scheduled(line: Line, **changes: Any) -> str:
    params = {"startTime": NOW + 60, "frequency": "hour", "interval": 1, "backfill": True, **changes}
    return f"/flows/{line.flow(scheduleParams=params)}"


def test_a_schedule_can_be_changed_until_it_begins(line: Line) -> None:
    path = scheduled(line)
    ops = [replace("/scheduleParams/startTime", NOW + 90), replace("/scheduleParams/backfill", False)]
    assert patched(line.world, path, *ops).status_code == 200


@pytest.mark.parametrize(
    ("ops", "expected"),
    [
        ([replace("/scheduleParams/startTime", NOW + 9000)], "1366-400"),
        ([replace("/scheduleParams/backfill", False)], "1404-400"),
        ([{"op": "remove", "path": "/scheduleParams/backfill"}], "1404-400"),
        (
            [
                replace("/scheduleParams/frequency", "once"),
                {"op": "remove", "path": "/scheduleParams/interval"},
                {"op": "remove", "path": "/scheduleParams/backfill"},
            ],
            "1403-400",
        ),
    ],
)
def test_a_schedule_that_has_begun_keeps_its_start(line: Line, ops: list[dict[str, Any]], expected: str) -> None:
    path = scheduled(line)
    line.world.clock.now += 61
    answer = patched(line.world, path, *ops)
    assert code(answer) == expected
    assert "start time has passed" in answer.json()["errorMessage"]


def test_the_interval_of_a_schedule_that_has_begun_can_be_changed(line: Line) -> None:
    path = scheduled(line)
    line.world.clock.now += 61
    assert patched(line.world, path, replace("/scheduleParams/interval", 3)).status_code == 200


def test_a_start_that_has_passed_is_no_new_start(make_world: Any) -> None:
    line = Line(make_world(past_start="refuse"))
    path = scheduled(line)
    line.world.clock.now += 61
    assert patched(line.world, path, replace("/name", "other")).status_code == 200


# Actions


def test_a_flow_is_disabled_and_enabled(line: Line) -> None:
    path = f"/flows/{line.flow()}"
    for op, state in (("disable", "disabled"), ("ENABLE", "enabled")):
        answer = acted(line.world, path, op)
        assert (answer.status_code, answer.json()["etag"]) == (200, line.world.read(path)["etag"])
        assert line.world.read(path)["state"] == state


@pytest.mark.parametrize(
    ("op", "expected"),
    [("enable", "1422-400"), ("publish", "1422-400"), ("finalize", "1402-400"), ("explode", "1398-400"), ("", "1451-400")],
)
def test_an_action_has_to_fit_to_the_state(line: Line, op: str, expected: str) -> None:
    assert code(acted(line.world, f"/flows/{line.flow()}", op)) == expected


def test_a_connection_is_not_disabled(line: Line) -> None:
    assert code(acted(line.world, f"/connections/{line.base}", "disable")) == "1398-400"
    assert code(acted(line.world, f"/sourceConnections/{line.source}", "finalize")) == "1398-400"


def test_an_action_may_name_the_version(line: Line) -> None:
    path = f"/flows/{line.flow()}"
    stale = line.world.client.post(f"{path}/action?op=disable", headers={"If-Match": '"x"'})
    assert (stale.status_code, line.world.read(path)["state"]) == (412, "enabled")
    live = etag(line.world, path)
    assert line.world.client.post(f"{path}/action?op=disable", headers=live).status_code == 200


def test_an_action_on_nothing_is_not_found(world: World) -> None:
    assert code(acted(world, f"/flows/{NOBODY}", "enable")) == "1439-404"


# Drafts


@pytest.fixture
def open_line(make_world: Any) -> Line:
    return Line(make_world(drafts="always"))


def test_drafts_need_a_spec_that_supports_them(world: World) -> None:
    called(world, Party())
    spec = acme(world)
    assert code(world.client.post("/connections?mode=draft", json=base(spec))) == "1368-400"
    live = world.read(f"/connectionSpecs/{spec}")
    world.client.put(f"/connectionSpecs/{spec}", json={**live, "attributes": {"isDraftModeSupported": True}})
    assert world.client.post("/connections?mode=draft", json=base(spec)).status_code == 201


def test_a_service_may_have_no_drafts(make_world: Any) -> None:
    line = Line(make_world(drafts="never"))
    assert code(line.world.client.post("/flows?mode=draft", json={"name": "f", "flowSpec": {"id": REST}})) == "1368-400"


def test_an_incomplete_draft_is_completed_and_published(open_line: Line) -> None:
    world, client = open_line.world, open_line.world.client
    sent = {"name": "draft", "connectionSpec": {"id": open_line.spec, "version": "1.0"}}
    path = f"/connections/{client.post('/connections?mode=draft', json=sent).json()['id']}"
    assert world.read(path)["state"] == "draft"
    assert code(acted(world, path, "publish")) == "1304-400"
    auth = base(open_line.spec)["auth"]
    assert patched(world, path, replace("/auth", auth, "add")).status_code == 200
    assert "hush" not in client.get(path).text
    assert acted(world, path, "publish").status_code == 200
    assert world.read(path)["state"] == "enabled"


def test_a_flow_goes_from_draft_to_enabled(open_line: Line) -> None:
    world, client = open_line.world, open_line.world.client
    sent = {"name": "f", "flowSpec": {"id": REST, "version": "1.0"}, "sourceConnectionIds": [open_line.source]}
    path = f"/flows/{client.post('/flows?mode=DRAFT', json=sent).json()['id']}"
    assert world.read(path)["inheritedAttributes"]["targetConnections"] == []
    assert code(acted(world, path, "publish")) == "1320-400"
    schedule = {"startTime": NOW + 60, "frequency": "once"}
    ops = [replace("/targetConnectionIds", [open_line.target], "add"), replace("/scheduleParams", schedule, "add")]
    assert patched(world, path, *ops).status_code == 200
    assert acted(world, path, "publish").status_code == 200
    live = world.read(path)
    assert (live["state"], live["inheritedAttributes"]["targetConnections"][0]["id"]) == ("enabled", open_line.target)


def test_a_flow_cannot_begin_at_a_draft(open_line: Line) -> None:
    client = open_line.world.client
    made = client.post("/sourceConnections?mode=draft", json=source(open_line.base, open_line.spec)).json()["id"]
    assert open_line.refused(sourceConnectionIds=[made]) == "1422-400"


def test_an_unknown_auth_spec_of_a_draft_keeps_every_value_hidden(open_line: Line) -> None:
    sent = {**base(open_line.spec), "auth": {"specName": "?", "params": {"key": "hush"}}}
    made = open_line.world.client.post("/connections?mode=draft", json=sent).json()["id"]
    assert open_line.world.read(f"/connections/{made}")["auth"]["params"] == {"key": "********"}


def test_a_target_can_be_a_draft(open_line: Line) -> None:
    sent = {"name": "t", "connectionSpec": {"id": "c604ff05-7f1a-43c0-8e18-33bf874cb11c"}}
    assert open_line.world.client.post("/targetConnections?mode=draft", json=sent).status_code == 201


@pytest.mark.parametrize("kind", ["sourceConnections", "targetConnections"])
def test_every_connection_needs_a_spec_that_supports_drafts(line: Line, kind: str) -> None:
    sent = {"sourceConnections": source(line.base, line.spec), "targetConnections": target(line.dataset)}[kind]
    assert code(line.world.client.post(f"/{kind}?mode=draft", json=sent)) == "1368-400"
