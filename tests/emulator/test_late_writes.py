"""Writes that are answered with an error, or not at all, and are carried out nevertheless: at once, or later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from reconciler.emulator import Fault
from reconciler.emulator.switches.faults import as_json, faults_from
from reconciler.errors import SettingsError
from tests.emulator.world import SPEC, World

LOST = "Server disconnected"


@pytest.mark.parametrize(("status", "code"), [(401, "401013"), (403, "403010"), (429, None), (500, None), (504, None)])
@pytest.mark.parametrize("later", [None, 45.0])
def test_a_post_that_was_done_can_be_answered_with_an_error(
    make_world: Callable[..., World], status: int, code: str | None, later: float | None
) -> None:
    fault = Fault(path="/connectionSpecs", method="POST", times=1, status=status, code=code, committed=True, lands_after=later)
    world = make_world(faults=[fault])
    answer = world.client.post("/connectionSpecs", json={**SPEC, "name": "new"})
    assert answer.status_code == status
    if code is not None:
        assert answer.json()["error_code"] == code
    assert ("new" in world.names("/connectionSpecs")) is (later is None)
    world.clock.now += 60
    made = world.items("/connectionSpecs")[-1]
    assert (made["name"], made["createdAt"]) == ("new", 1_700_000_000_000 + int((later or 0) * 1000))


def test_a_post_without_an_answer_can_land_later(make_world: Callable[..., World]) -> None:
    world = make_world(faults=[Fault(path="/connectionSpecs", method="POST", times=1, break_off="after", lands_after=30)])
    with pytest.raises(httpx.RemoteProtocolError, match=LOST):
        world.client.post("/connectionSpecs", json={**SPEC, "name": "new"})
    world.clock.now += 29
    assert "new" not in world.names("/connectionSpecs")
    world.clock.now += 1
    assert "new" in world.names("/connectionSpecs")


def test_a_put_can_land_later_and_takes_the_place_of_what_came_between(make_world: Callable[..., World]) -> None:
    world = make_world(faults=[Fault(path="/connectionSpecs/*", method="PUT", times=1, status=504, lands_after=30)])
    path = f"/connectionSpecs/{world.create()}"
    assert world.client.put(path, json={**SPEC, "notes": "late"}).status_code == 504
    world.clock.now += 10
    assert world.client.put(path, json={**SPEC, "notes": "between"}).status_code == 200
    assert world.read(path)["notes"] == "between"
    world.clock.now += 20
    assert world.read(path)["notes"] == "late"


def test_an_answer_can_lead_elsewhere(make_world: Callable[..., World]) -> None:
    world = make_world(faults=[Fault(path="/connectionSpecs", status=302, location="https://login.example.com/")])
    answer = world.client.get("/connectionSpecs", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, "https://login.example.com/")


def test_a_body_of_ones_own_is_json_where_it_looks_so(make_world: Callable[..., World]) -> None:
    world = make_world(faults=[Fault(path="*", times=1, body='{"items":[]}'), Fault(path="*", body="<html>")])
    types = [world.client.get("/connectionSpecs").headers["content-type"] for _ in range(2)]
    assert types == ["application/json", "text/html"]


def test_what_a_file_says_of_late_writes_is_read_and_written() -> None:
    said = [{"path": "*", "status": 403, "code": "403010", "lands_after": 5.0}]
    assert [as_json(rule) for rule in faults_from(said)] == said


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"path": "*", "wait": 1, "lands_after": 5}, "has lands_after without a status, body or break"),
        ({"path": "*", "truncate": True, "lands_after": 5}, "has lands_after without a status, body or break"),
        ({"path": "*", "wait": 1, "code": "403010"}, "has code without a status"),
        ({"path": "*", "wait": 1, "location": "x"}, "has location without a status"),
    ],
)
def test_what_does_not_go_together_is_said(said: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        faults_from([said])
