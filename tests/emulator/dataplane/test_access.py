from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.emulator.dataplane.platform import CATALOG, CONVERSION, EXPORT, LIST, REGISTRY, SANDBOXES
from tests.emulator.world import HOST, World

POLICIES = f"{HOST}/data/foundation/access-control/acl/effective-policies"


def test_sandboxes_have_names_titles_types_and_states(make_world: Callable[..., World]) -> None:
    details = {"dev": {"title": "Team A", "state": "creating"}}
    world = make_world(sandboxes=("prod", "dev"), sandbox_details=details)
    shown = world.client.get(f"{SANDBOXES}/sandboxes").json()["sandboxes"]
    assert [(one["name"], one["title"], one["type"], one["state"], one["isDefault"]) for one in shown] == [
        ("prod", "Prod", "production", "active", True),
        ("dev", "Team A", "development", "creating", False),
    ]
    active = world.client.get(f"{SANDBOXES}/").json()["sandboxes"]
    assert [one["name"] for one in active] == ["prod"]


def test_one_sandbox_is_read_by_name(world: World) -> None:
    assert world.client.get(f"{SANDBOXES}/sandboxes/stage").json()["title"] == "Stage"
    assert world.client.get(f"{SANDBOXES}/sandboxes/nowhere").status_code == 404


@pytest.mark.parametrize("sandbox", ["nowhere", ""])
def test_sandboxes_are_listed_for_a_client_with_a_wrong_sandbox(world: World, sandbox: str) -> None:
    assert world.client.get(f"{SANDBOXES}/sandboxes", headers={"x-sandbox-name": sandbox}).status_code == 200


@pytest.mark.parametrize(
    ("permission", "method", "url"),
    [
        ("View Sandboxes", "GET", f"{SANDBOXES}/sandboxes"),
        ("View Schemas", "GET", f"{REGISTRY}/stats"),
        ("Manage Schemas", "POST", f"{REGISTRY}/tenant/schemas"),
        ("View Datasets", "GET", f"{CATALOG}/dataSets"),
        ("Manage Datasets", "DELETE", f"{CATALOG}/dataSets/0"),
        ("View Datasets", "GET", f"{EXPORT}/datasets/0/preview"),
        ("View Sources", "GET", f"{CONVERSION}/mappingSets"),
        ("View Sources", "POST", f"{CONVERSION}/mappingSets/validate"),
        ("Manage Sources", "PUT", f"{CONVERSION}/mappingSets/0"),
        ("View Sources", "GET", "/connectionSpecs"),
        ("Manage Sources", "POST", "/connections"),
    ],
)
def test_a_call_without_its_permission_is_refused_with_its_name(
    make_world: Callable[..., World], permission: str, method: str, url: str
) -> None:
    missing = (permission, permission.replace("View", "Manage"))
    world = make_world(missing_permissions=missing)
    answer = world.client.request(method, url, json={} if method in ("POST", "PUT") else None, headers=LIST)
    assert (answer.status_code, f"'{permission}'" in answer.text) == (403, True)


def test_who_may_manage_may_view(make_world: Callable[..., World]) -> None:
    world = make_world(missing_permissions=("View Datasets",))
    assert world.client.get(f"{CATALOG}/dataSets").status_code == 200


def test_who_may_view_may_not_manage(make_world: Callable[..., World]) -> None:
    world = make_world(missing_permissions=("Manage Datasets",))
    assert world.client.get(f"{CATALOG}/dataSets").status_code == 200
    assert world.client.post(f"{CATALOG}/dataSets", json={}).status_code == 403


def test_permissions_can_be_asked_for(make_world: Callable[..., World]) -> None:
    world = make_world(missing_permissions=("Manage Datasets", "Manage Schemas", "View Schemas"))
    wanted = ["/permissions/manage-datasets", "/permissions/view-datasets", "/permissions/unknown"]
    wanted += ["/resource-types/datasets", "/resource-types/schemas", "/resource-types/sources"]
    assert world.client.post(POLICIES, json=wanted).json() == {
        "policies": {
            "/permissions/manage-datasets": [],
            "/permissions/view-datasets": ["*"],
            "/permissions/unknown": [],
            "/resource-types/datasets": ["read"],
            "/resource-types/schemas": [],
            "/resource-types/sources": ["read", "write", "delete"],
        }
    }


def test_the_names_of_permissions_are_listed(world: World) -> None:
    body = world.client.get(f"{HOST}/data/foundation/access-control/acl/reference").json()
    assert "manage-datasets" in body["permissions"]
    assert "datasets" in body["resource-types"]


@pytest.mark.parametrize("body", [b"{", b"{}", b"[1]"])
def test_permissions_are_asked_for_in_a_list(world: World, body: Any) -> None:
    assert world.client.post(POLICIES, content=body).status_code == 400
