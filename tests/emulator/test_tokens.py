from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from tests.emulator.world import FORM, HEADERS, SPEC, TOKENS, World


def fetch(world: World, **changes: str) -> httpx.Response:
    return world.stranger.post(TOKENS, data={**FORM, **changes})


def test_client_credentials_get_a_bearer_token_good_for_a_day_in_seconds(world: World) -> None:
    answer = fetch(world)
    assert answer.status_code == 200
    assert answer.json() == {"access_token": answer.json()["access_token"], "token_type": "bearer", "expires_in": 86399}


def test_a_token_lets_in_and_its_technical_account_is_the_author(world: World) -> None:
    token = fetch(world, client_id="ci-robot").json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "x-api-key": "ci-robot"}
    spec = world.client.post("/connectionSpecs", json=SPEC, headers=headers).json()
    assert (spec["createdBy"], spec["createdClient"]) == ("ci-robot@techacct.adobe.com", "ci-robot")


def test_a_token_ends_after_its_lifetime(make_world: Callable[..., World]) -> None:
    world = make_world(token_lifetime=60)
    headers = {"Authorization": f"Bearer {fetch(world).json()['access_token']}"}
    world.clock.now += 59
    assert world.client.get("/flowSpecs", headers=headers).status_code == 200
    world.clock.now += 1
    assert world.client.get("/flowSpecs", headers=headers).json()["error_code"] == "401013"


def test_ended_tokens_are_forgotten_when_new_ones_are_given(make_world: Callable[..., World]) -> None:
    world = make_world(token_lifetime=60)
    old = fetch(world).json()["access_token"]
    world.clock.now += 60
    fetch(world)
    world.clock.now -= 60
    assert world.emulator.store.token_author(old) is None


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_id": ""}, 400, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"scope": ""}, 400, "invalid_scope"),
    ],
)
def test_an_incomplete_request_for_a_token_names_what_is_wrong(
    world: World, changes: dict[str, str], status: int, error: str
) -> None:
    answer = fetch(world, **changes)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_only_the_named_clients_come_in_where_some_are_named(make_world: Callable[..., World]) -> None:
    world = make_world(clients={"robot": "hush"})
    assert fetch(world).status_code == 200
    assert fetch(world, client_secret="shout").status_code == 401
    assert fetch(world, client_id="stranger").status_code == 400


def test_a_token_request_in_json_is_not_understood(world: World) -> None:
    assert world.stranger.post(TOKENS, json=FORM).json()["error"] == "unsupported_grant_type"


def test_credentials_in_the_query_are_taken_too(world: World) -> None:
    assert world.stranger.post(TOKENS, params=FORM).status_code == 200


def test_the_token_endpoint_takes_a_post_only(world: World) -> None:
    answer = world.stranger.get(TOKENS)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_a_static_token_is_good_for_ever_and_its_api_key_is_the_client(world: World) -> None:
    world.clock.now += 10**9
    spec = world.client.post("/connectionSpecs", json=SPEC, headers={**HEADERS, "x-api-key": "laptop"}).json()
    assert (spec["createdBy"], spec["createdClient"]) == ("static-token@AdobeID", "laptop")
