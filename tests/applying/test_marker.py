"""The marker that an apply leaves: the object's own id, and when it was written."""

from __future__ import annotations

from pathlib import Path

from reconciler.applying.outcome import OutcomeName
from reconciler.desired.specs import DesiredSpec
from reconciler.documents.json_text import Document
from reconciler.emulator import Behaviour
from reconciler.planning.ownership import Marker, marker_of
from tests.applying.world import World, changed, outcomes
from tests.planning.situations import connection


def source(key: str = "a", **body: object) -> DesiredSpec:
    return connection(key, flow_specs=[], **{"sourceSpec": {"x": 1}, **body})


def marker_in(world: World, key: str = "a") -> Marker:
    (spec_id,) = world.ours()[key]
    (body,) = (body for body in world.live() if body["id"] == spec_id)
    marker = marker_of(body)
    assert marker is not None
    return marker


def test_a_create_leaves_the_time_of_its_write_and_cannot_know_the_id(tmp_path: Path) -> None:
    world = World(tmp_path, [source()])
    world.apply()
    marker = marker_in(world)
    assert (marker.id, marker.at) == (None, "2023-11-14T22:13:30Z")


def test_the_first_write_after_the_create_names_the_object(tmp_path: Path) -> None:
    world = World(tmp_path, [source()])
    world.apply()
    world.clock.sleep(3600)
    world.files[0] = changed(world.files[0], sourceSpec={"x": 2})
    world.apply()
    marker = marker_in(world)
    assert (marker.id, marker.at) == (world.ours()["a"][0], "2023-11-14T23:13:30Z")


def test_what_the_service_keeps_otherwise_is_settled_in_a_marker_with_the_id(tmp_path: Path) -> None:
    world = World(tmp_path, [source(description="a text that the service drops")], Behaviour(drop_description=True))
    world.apply()
    marker = marker_in(world)
    assert (marker.id, list(marker.settled)) == (world.ours()["a"][0], ["/description"])


def test_a_marker_without_id_and_time_is_no_difference(tmp_path: Path) -> None:
    world = World(tmp_path, [source()])
    world.apply()
    world.clock.sleep(3600)
    world.forget_requests()
    assert outcomes(world.apply()) == {"a": OutcomeName.IN_SYNC}
    assert world.writes() == []


def test_the_time_of_the_write_is_not_part_of_what_is_agreed_on(tmp_path: Path) -> None:
    world = World(tmp_path, [source()])
    world.apply()
    world.files[0] = changed(world.files[0], sourceSpec={"x": 2})
    digest = world.plan().digest
    spec_id = world.ours()["a"][0]

    def at_another_time(body: Document) -> Document:
        return body | {"attributes": {"reconciler": body["attributes"]["reconciler"] | {"at": "2020-01-01T00:00:00Z"}}}

    world.edit(spec_id, at_another_time)
    assert world.plan().digest == digest


def test_another_run_of_ours_in_another_second_changes_no_marker(tmp_path: Path) -> None:
    world = World(tmp_path, [source()])
    world.apply()
    world.files[0] = changed(world.files[0], sourceSpec={"x": 2})
    plan = world.plan()

    def rewrite(body: Document) -> Document:
        return body | {"attributes": {"reconciler": body["attributes"]["reconciler"] | {"at": "2020-01-01T00:00:00Z"}}}

    spec_id = world.ours()["a"][0]
    world.tap.after = lambda request, _: world.edit(spec_id, rewrite) if request.method == "PUT" else None
    assert outcomes(world.apply(plan))["a"] is OutcomeName.UPDATED
