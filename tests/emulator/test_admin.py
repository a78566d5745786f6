from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.emulator.world import FORM, HOST, REST, TOKENS, World

ADMIN = f"{HOST}/_emulator"


def edit(world: World, spec_id: str, **wish: Any) -> httpx.Response:
    return world.stranger.put(f"{ADMIN}/specs/{spec_id}", json=wish)


def test_somebody_else_patches_a_live_spec(world: World) -> None:
    spec_id = world.create(description="ours", attributes={"category": "CRM"})
    world.clock.now += 60
    patch = {"description": None, "attributes": {"isSource": True}}
    answer = edit(world, spec_id, patch=patch, updatedBy="ann@acme.com", updatedClient="postman")
    assert answer.status_code == 200
    live = world.read(f"/connectionSpecs/{spec_id}")
    assert live["attributes"] == {"category": "CRM", "isSource": True}
    assert "description" not in live
    assert (live["updatedBy"], live["updatedClient"], live["createdClient"]) == ("ann@acme.com", "postman", "robot")
    assert live["updatedAt"] - live["createdAt"] == 60_000


def test_somebody_else_replaces_a_live_spec(world: World) -> None:
    spec_id = world.create(description="ours")
    edit(world, spec_id, spec={"name": "theirs", "providerId": "p"})
    live = world.read(f"/connectionSpecs/{spec_id}")
    assert (live["name"], live["updatedBy"], live["updatedClient"]) == ("theirs", "somebody@AdobeID", "exc_app")
    assert "description" not in live


def test_a_spec_that_is_live_in_two_sandboxes_is_named_with_its_place(world: World) -> None:
    world.client.get("/flowSpecs")
    world.client.get("/flowSpecs", headers={"x-sandbox-name": "prod"})
    answer = edit(world, REST, patch={"name": "theirs"})
    assert answer.status_code == 400
    assert "live ACME@AdobeOrg dev, ACME@AdobeOrg prod" in answer.json()["detail"]
    assert edit(world, REST, patch={"name": "theirs"}, sandbox="prod", org="ACME@AdobeOrg").status_code == 200
    assert world.read(f"/flowSpecs/{REST}")["name"] == "RestStorageToAEP"


def test_a_spec_that_is_nowhere_cannot_be_edited(world: World) -> None:
    answer = edit(world, REST, patch={})
    assert (answer.status_code, "is live nowhere" in answer.json()["detail"]) == (400, True)


@pytest.mark.parametrize("wish", [{}, {"patch": {}, "spec": {}}, {"patch": 1}, {"patch": {}, "by": "me"}])
def test_an_edit_that_is_not_understood_says_so(world: World, wish: dict[str, Any]) -> None:
    assert edit(world, world.create(), **wish).status_code == 400


def test_the_log_is_read_and_cleared(world: World) -> None:
    world.client.get("/flowSpecs")
    log = world.stranger.get(f"{ADMIN}/requests").json()
    assert [(entry["method"], entry["path"][-10:], entry["status"]) for entry in log] == [("GET", "/flowSpecs", 200)]
    assert world.stranger.delete(f"{ADMIN}/requests").status_code == 204
    assert world.stranger.get(f"{ADMIN}/requests").json() == []


def test_the_switches_are_read_and_set(world: World) -> None:
    answer = world.stranger.put(f"{ADMIN}/behaviour", json={"pages": 1, "static_token": "open-sesame"})
    assert answer.json()["pages"] == 1
    assert len(world.items("/flowSpecs")) == 1
    assert world.stranger.get(f"{ADMIN}/behaviour").json() == answer.json()


def test_a_switch_that_does_not_exist_is_declined(world: World) -> None:
    answer = world.stranger.put(f"{ADMIN}/behaviour", json={"page": 1})
    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        "behaviour.page is not a valid key (did you mean 'pages'?)",
    )


def test_faults_are_read_and_set(world: World) -> None:
    rules = [{"path": "/flowSpecs", "break": "before", "times": 1}, {"path": "*", "status": 500}]
    assert world.stranger.put(f"{ADMIN}/faults", json={"faults": rules}).json() == {"faults": rules}
    assert world.stranger.get(f"{ADMIN}/faults").json() == {"faults": rules}
    with pytest.raises(httpx.RemoteProtocolError):
        world.client.get("/flowSpecs")
    assert world.client.get("/flowSpecs").status_code == 500


def test_a_fault_that_does_not_fit_is_declined(world: World) -> None:
    answer = world.stranger.put(f"{ADMIN}/faults", json={"faults": [{"path": "*"}]})
    assert (answer.status_code, answer.json()["detail"][:9]) == (400, "faults[0]")


def test_all_tokens_can_be_ended(world: World) -> None:
    token = world.stranger.post(TOKENS, data=FORM).json()["access_token"]
    assert world.stranger.delete(f"{ADMIN}/tokens").status_code == 204
    assert world.client.get("/flowSpecs", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_other_paths_and_methods_of_the_administration_are_declined(world: World) -> None:
    assert world.stranger.get(f"{ADMIN}/nothing").status_code == 404
    assert world.stranger.post(f"{ADMIN}/requests").headers["allow"] == "DELETE, GET"
