from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.emulator.world import BASE, HEADERS, World

ORDER = ["Authorization", "x-api-key", "x-gw-ims-org-id", "x-sandbox-name"]


@pytest.mark.parametrize(
    ("missing", "status", "body"),
    [
        ("Authorization", 403, {"error_code": "403010", "message": "Oauth token is missing."}),
        ("x-api-key", 403, {"error_code": "403000", "message": "Api Key is required"}),
        ("x-gw-ims-org-id", 400, {"error_code": "400003", "message": "Missing header"}),
    ],
)
def test_a_missing_header_answers_as_the_gateway_does(world: World, missing: str, status: int, body: dict[str, str]) -> None:
    headers = {name: value for name, value in HEADERS.items() if name != missing}
    answer = world.stranger.get(f"{BASE}/connectionSpecs", headers=headers)
    assert (answer.status_code, answer.json()) == (status, body)


def test_headers_are_checked_in_the_gateways_order(world: World) -> None:
    headers: dict[str, str] = {}
    codes: list[Any] = []
    for name in ORDER:
        body = world.stranger.get(f"{BASE}/nothing/at/all", headers=headers).json()
        codes.append(body.get("error_code") or body["type"][-8:])
        headers[name] = HEADERS[name]
    assert codes == ["403010", "403000", "400003", "2105-400"]


@pytest.mark.parametrize("authorization", ["Bearer nonsense", "Basic open-sesame", "open-sesame"])
def test_a_token_that_is_not_good_answers_401013(world: World, authorization: str) -> None:
    answer = world.client.get("/connectionSpecs", headers={"Authorization": authorization})
    assert answer.status_code == 401
    assert answer.json() == {"error_code": "401013", "message": "Oauth token is not valid"}


def test_a_missing_sandbox_header_answers_2105(world: World) -> None:
    answer = world.client.get("/connectionSpecs", headers={"x-sandbox-name": ""})
    assert answer.status_code == 400
    assert answer.json()["title"] == "Header is missing"
    assert answer.json()["errorMessage"].startswith("The header x-sandbox-name is missing in the request.")


@pytest.mark.parametrize("name", ["nowhere", "Prod", "*"])
def test_an_unknown_sandbox_answers_2100_and_404(world: World, name: str) -> None:
    answer = world.client.get("/connectionSpecs", headers={"x-sandbox-name": name})
    assert (answer.status_code, answer.json()["type"]) == (404, "https://ns.adobe.com/aep/errors/FLOW-2100-404")
    assert answer.json()["report"]["request-id"] == answer.headers["x-request-id"]


def test_an_api_key_that_is_no_client_answers_403003(make_world: Callable[..., World]) -> None:
    world = make_world(clients={"somebody": "else"})
    answer = world.client.get("/connectionSpecs")
    assert (answer.status_code, answer.json()) == (403, {"error_code": "403003", "message": "Api Key is invalid"})
