"""The marker that an apply leaves: the object's own id, and when it was written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from reconciler.applying.outcome import OutcomeName
from reconciler.desired.specs import DesiredSpec
from reconciler.documents.json_text import Document
from reconciler.emulator import Behaviour, Fault
from reconciler.planning.comparing.ownership import Marker, marker_of
from reconciler.wording.moments import moment
from tests.applying.world import World, changed, outcomes
from tests.planning.situations import OURS, SANDBOX, THEIRS, connection, spec_id


def source(key: str = "a", **body: object) -> DesiredSpec:
    return connection(key, flow_specs=[], **{"sourceSpec": {"x": 1}, **body})


def with_marker_of(body: Document, **says: object) -> Document:
    return body | {"attributes": {"reconciler": body["attributes"]["reconciler"] | says}}


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


@pytest.mark.parametrize("ahead", [-3600, 0, 3600])
def test_the_time_of_a_write_is_that_of_the_service_whatever_this_machine_says(tmp_path: Path, ahead: float) -> None:
    world = World(tmp_path, [source()])
    world.emulator.service.behaviour = replace(world.emulator.service.behaviour, clock_skew=-ahead)
    world.apply()
    assert marker_in(world).at == moment(1_700_000_010 - ahead)
    world.clock.sleep(86_400)
    world.files[0] = changed(world.files[0], sourceSpec={"x": 2})
    began = world.clock.now()
    world.apply()
    assert marker_in(world).at == moment(began - ahead)


def test_a_service_that_says_no_time_is_given_that_of_this_machine(tmp_path: Path) -> None:
    world = World(tmp_path, [source()])
    world.emulator.service.behaviour = replace(world.emulator.service.behaviour, clock_skew=7200)
    world.service = world.connect()
    world.tap.after = lambda _, response: response.headers.__delitem__("date")
    world.apply()
    assert marker_in(world).at == moment(1_700_000_010)


def test_the_first_write_after_the_create_names_the_object(tmp_path: Path) -> None:
    world = World(tmp_path, [source()])
    world.apply()
    world.clock.sleep(3600)
    world.files[0] = changed(world.files[0], sourceSpec={"x": 2})
    world.apply()
    marker = marker_in(world)
    assert (marker.id, marker.at) == (world.ours()["a"][0], "2023-11-14T23:13:50Z")


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

    world.edit(spec_id, lambda body: with_marker_of(body, at="2020-01-01T00:00:00Z"))
    assert world.plan().digest == digest


def test_another_run_of_ours_in_another_second_changes_no_marker(tmp_path: Path) -> None:
    world = World(tmp_path, [source()])
    world.apply()
    world.files[0] = changed(world.files[0], sourceSpec={"x": 2})
    plan = world.plan()

    spec_id = world.ours()["a"][0]

    def again(body: Document) -> Document:
        return with_marker_of(body, at="2020-01-01T00:00:00Z")

    world.tap.after = lambda request, _: world.edit(spec_id, again) if request.method == "PUT" else None
    assert outcomes(world.apply(plan))["a"] is OutcomeName.UPDATED


def test_who_loses_the_race_for_an_adoption_is_told_whose_the_spec_is(tmp_path: Path) -> None:
    world = World(tmp_path, [source("a", adopt=True, x="added")], Behaviour(updated_at_not_bumped=True))
    spec_id = world.post(connection("a", sourceSpec={"x": 1}).body)

    def adopt(body: Document) -> Document:
        return with_marker_of(body, repository=THEIRS, key="theirs")

    world.tap.after = lambda request, _: world.edit(spec_id, adopt) if request.method == "PUT" else None
    world.forget_requests()
    report = world.apply()
    (error,) = (result.error for result in report.results if result.error)
    assert (error.code, world.writes()) == ("marker-changed", [("PUT", f"/connectionSpecs/{spec_id}")])
    assert THEIRS in error.message
    assert "ownership" not in (error.hint or "")
    assert f"`adopt: {THEIRS}`" in (error.hint or "")


def test_a_copy_of_our_marker_is_not_what_a_lost_post_made(tmp_path: Path) -> None:
    world = World(tmp_path, [source()])
    world.emulator.service.faults.set([Fault(path="/connectionSpecs", method="POST", times=1, break_off="after")])
    copied = {"repository": OURS, "sandbox": SANDBOX, "key": "a", "id": spec_id(7)}
    copies: list[str] = []

    def copy(request: httpx.Request) -> None:
        if request.method == "POST" and request.url.path.endswith("/connectionSpecs"):
            copies.append(world.post(connection("janes").body | {"attributes": {"reconciler": copied}}))

    world.tap.before = copy
    report = world.apply()
    assert outcomes(report) == {"a": OutcomeName.CREATED}
    assert {report.results[0].id, *copies} == set(world.ours()["a"])
