from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.dataplane.connecting.things import NOBODY, Line, base, code, source
from tests.emulator.world import World

KINDS = ("flows", "sourceConnections", "targetConnections", "connections")


@pytest.fixture
def line(world: World) -> Line:
    return Line(world)


def test_connections_are_kept_as_long_as_a_flow_uses_them(line: Line) -> None:
    client, made = line.world.client, line.flow()
    assert code(client.delete(f"/connections/{line.base}")) == "1418-400"
    assert code(client.delete(f"/sourceConnections/{line.source}")) == "1447-400"
    assert code(client.delete(f"/targetConnections/{line.target}")) == "1447-400"
    client.post(f"/flows/{made}/action?op=disable")
    assert code(client.delete(f"/connections/{line.base}")) == "1418-400"


def test_everything_is_deleted_in_the_documented_order(line: Line) -> None:
    paths = [f"/flows/{line.flow()}", f"/sourceConnections/{line.source}", f"/targetConnections/{line.target}"]
    for path in [*paths, f"/connections/{line.base}/"]:
        assert line.world.client.delete(path).status_code == 204
        assert code(line.world.client.get(path.rstrip("/"))) == "1439-404"
        assert code(line.world.client.delete(path)) == "1439-404"
    assert all(line.world.items(f"/{kind}") == [] for kind in KINDS)


def test_a_base_connection_can_go_before_its_source_connection(line: Line) -> None:
    assert line.world.client.delete(f"/connections/{line.base}").status_code == 204


def test_a_connection_of_another_flow_is_free(line: Line) -> None:
    line.flow()
    other = line.world.create("/connections", **base(line.spec, name="other"))
    mine = line.world.create("/sourceConnections", **source(other, line.spec, name="mine"))
    assert line.world.client.delete(f"/sourceConnections/{mine}").status_code == 204
    assert line.world.client.delete(f"/connections/{other}").status_code == 204


def test_only_base_connections_have_an_address_with_a_slash(line: Line) -> None:
    assert line.world.client.delete(f"/flows/{line.flow()}/").status_code == 404


@pytest.mark.parametrize(("switch", "there", "missing"), [("slash", "/", ""), ("no_slash", "", "/")])
def test_a_service_may_have_one_of_the_two_addresses(make_world: Any, switch: str, there: str, missing: str) -> None:
    line = Line(make_world(delete_path=switch))
    path = f"/connections/{line.base}"
    assert line.world.client.delete(f"{path}{missing}").json()["error_code"] == "404000"
    assert line.world.client.delete(f"{path}{there}").status_code == 204
    assert line.world.client.delete(f"/sourceConnections/{line.source}").status_code == 204


def test_a_deleted_flow_may_keep_its_connections_for_a_while(make_world: Any) -> None:
    line = Line(make_world(delete_lag=10))
    made, client, clock = line.flow(), line.world.client, line.world.clock
    assert client.delete(f"/flows/{made}").status_code == 204
    assert client.get(f"/flows/{made}").status_code == 404
    assert code(client.delete(f"/sourceConnections/{line.source}")) == "1447-400"
    clock.now += 9.9
    assert code(client.delete(f"/connections/{line.base}")) == "1418-400"
    clock.now += 0.1
    assert client.delete(f"/sourceConnections/{line.source}").status_code == 204
    assert client.delete(f"/connections/{line.base}").status_code == 204


def test_a_deleted_object_may_be_seen_for_a_while(make_world: Any) -> None:
    line = Line(make_world(gone_lag=10))
    made, client, clock = line.flow(), line.world.client, line.world.clock
    line.flow(name="second")
    assert client.delete(f"/flows/{made}").status_code == 204
    assert client.get(f"/flows/{made}").status_code == 200
    assert line.world.names("/flows") == ["a flow", "second"]
    assert client.delete(f"/flows/{made}").status_code == 404
    clock.now += 10
    assert client.get(f"/flows/{made}").status_code == 404
    assert line.world.names("/flows") == ["second"]


def test_a_deleted_object_is_seen_in_its_own_sandbox_only(make_world: Any) -> None:
    line = Line(make_world(gone_lag=10))
    line.world.client.delete(f"/connections/{line.base}")
    stage = {"x-sandbox-name": "stage"}
    assert line.world.client.get(f"/connections/{line.base}", headers=stage).status_code == 404
    assert line.world.client.get("/connections", headers=stage).json()["items"] == []


def test_a_new_connection_may_not_be_ready_at_once(make_world: Any) -> None:
    line = Line(make_world(initializing=30))
    client, path = line.world.client, f"/sourceConnections/{line.source}"
    assert line.world.read(path)["state"] == "initializing"
    assert code(client.delete(path)) == "1417-400"
    ops = [{"op": "replace", "path": "/name", "value": "x"}]
    assert code(client.patch(path, json=ops, headers={"If-Match": "*"})) == "1417-400"
    assert code(client.post(f"{path}/action?op=publish")) == "1417-400"
    line.world.clock.now += 30
    assert line.world.read(path)["state"] == "enabled"
    assert client.delete(path).status_code == 204


def test_a_flow_is_never_initializing(make_world: Any) -> None:
    line = Line(make_world(initializing=30))
    made = line.flow()
    assert line.world.read(f"/flows/{made}")["state"] == "enabled"
    assert line.world.client.delete(f"/flows/{made}").status_code == 204


@pytest.mark.parametrize(("switch", "status"), [("accept", 204), ("refuse", 400)])
def test_whether_a_draft_can_be_deleted_is_a_switch(make_world: Any, switch: str, status: int) -> None:
    line = Line(make_world(drafts="always", draft_deletion=switch))
    made = line.world.client.post("/connections?mode=draft", json=base(line.spec)).json()["id"]
    assert line.world.client.delete(f"/connections/{made}").status_code == status


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_deleted_that_does_not_exist(world: World, kind: str) -> None:
    assert code(world.client.delete(f"/{kind}/{NOBODY}")) == "1439-404"
