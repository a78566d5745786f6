from __future__ import annotations

from typing import Any

import pytest

from reconciler.sources.messages import NoAnswer
from tests.emulator.dataplane.connecting.things import (
    BASIC,
    NOBODY,
    PARAMS,
    SOURCE,
    TEST_URL,
    Party,
    acme,
    base,
    by,
    called,
    code,
    on_s3,
)
from tests.emulator.world import World


@pytest.fixture
def party(world: World) -> Party:
    third = Party()
    called(world, third)
    return third


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"auth": None}, "1304-400"),
        ({"auth": {"params": PARAMS}}, "1304-400"),
        ({"auth": {"specName": "OAuth2", "params": PARAMS}}, "1415-400"),
        ({"auth": {"specName": "basic authentication", "params": PARAMS}}, "1415-400"),
        ({"auth": {"specName": "Basic Authentication"}}, "1304-400"),
        ({"auth": {"specName": "Basic Authentication", "params": {"username": "ann"}}}, "1304-400"),
        ({"auth": {"specName": "Basic Authentication", "params": {**PARAMS, "username": 5}}}, "1312-400"),
        ({"auth": {"specName": "Basic Authentication", "params": []}}, "1312-400"),
        ({"name": ""}, "1304-400"),
        ({"connectionSpec": None}, "1304-400"),
        ({"connectionSpec": {}}, "1304-400"),
        ({"connectionSpec": {"id": NOBODY}}, "1439-404"),
    ],
)
def test_a_base_connection_has_to_fit_to_its_spec(world: World, changes: dict[str, Any], expected: str) -> None:
    sent = {**base(acme(world)), **changes}
    assert code(world.client.post("/connections", json=sent)) == expected


def test_the_missing_field_and_the_wrong_value_are_named(world: World) -> None:
    spec = acme(world)
    missing = world.client.post("/connections", json=base(spec, password=None)).json()["errorMessage"]
    assert missing == "The mandatory field password is not provided. Please provide the password and try again."
    wrong = world.client.post("/connections", json=base(spec, username=5)).json()["errorMessage"]
    assert wrong.startswith("The provided param value 5 is not a valid input for property=username.")


def test_a_wrong_password_is_not_repeated_in_the_refusal(world: World) -> None:
    answer = world.client.post("/connections", json=base(acme(world), password=4711))
    assert code(answer) == "1312-400"
    assert "4711" not in answer.text


def test_an_authentication_that_the_engine_cannot_send_is_refused(world: World) -> None:
    spec = world.create(authSpec=[{**BASIC, "type": "Kerberos"}], sourceSpec=SOURCE)
    answer = world.client.post("/connections", json=base(spec))
    assert code(answer) == "1301-400"
    assert "Kerberos" in answer.text


def test_the_types_of_other_connectors_are_theirs(world: World) -> None:
    world.create("/connections", name="s3", **on_s3())


def test_a_name_that_is_required_but_not_declared_is_not_missed(make_world: Any) -> None:
    world: World = make_world()
    world.create("/connections", name="s3", **on_s3())
    strict: World = make_world(undeclared_required="enforced")
    answer = strict.client.post("/connections", json={"name": "s3", **on_s3()})
    assert (code(answer), "accessKeyId" in answer.text) == ("1304-400", True)


def test_a_schema_that_takes_for_ever_to_check_accepts_everything(world: World) -> None:
    levels = {f"l{n}": {"allOf": [{"$ref": f"#/definitions/l{n + 1}"}] * 2} for n in range(60)}
    schema = {"definitions": {**levels, "l60": {}}, "$ref": "#/definitions/l0"}
    spec = world.create(authSpec=[{**BASIC, "spec": schema}], sourceSpec=SOURCE)
    world.create("/connections", **base(spec))


@pytest.mark.parametrize("schema", [{"$ref": "https://acme.com/schema"}, {"type": 5}, "object", []])
def test_a_schema_that_cannot_be_used_accepts_everything(world: World, schema: Any) -> None:
    spec = world.create(authSpec=[{**BASIC, "spec": schema}], sourceSpec=SOURCE)
    world.create("/connections", **base(spec))


def test_a_spec_without_authentication_needs_none(world: World) -> None:
    world.create("/connections", name="open", **by(world.create(sourceSpec=SOURCE)))


def test_names_of_auth_specs_may_be_loose(make_world: Any) -> None:
    world: World = make_world(auth_spec_names="loose")
    auth = {"specName": "BasicAuthentication", "params": PARAMS}
    made = world.create("/connections", name="base", auth=auth, **by(acme(world)))
    assert world.read(f"/connections/{made}")["auth"]["specName"] == "Basic Authentication"


def test_a_reference_without_a_version_means_the_latest(world: World) -> None:
    sent = {**base(acme(world)), "connectionSpec": {"id": acme(world)}}
    made = world.create("/connections", **sent)
    assert world.read(f"/connections/{made}")["connectionSpec"]["version"] == "1.0"


def test_a_reference_may_need_a_version(make_world: Any) -> None:
    world: World = make_world(spec_version="required")
    sent = {**base(acme(world)), "connectionSpec": {"id": acme(world)}}
    answer = world.client.post("/connections", json=sent)
    assert (answer.status_code, answer.content) == (422, b"")


# What answers show of credentials


def test_a_password_is_masked_in_answers(world: World) -> None:
    made = world.create("/connections", **base(acme(world)))
    shown = world.read(f"/connections/{made}")
    assert shown["auth"]["params"] == {"username": "ann", "password": "********"}
    assert "hush" not in world.client.get("/connections").text
    assert "secretParams" not in shown


@pytest.mark.parametrize(
    ("switch", "params"), [("absent", {"username": "ann"}), ("returned", {"username": "ann", "password": "hush"})]
)
def test_what_a_service_shows_of_a_password_is_a_switch(make_world: Any, switch: str, params: dict[str, str]) -> None:
    world: World = make_world(credentials_shown=switch)
    made = world.create("/connections", **base(acme(world)))
    shown = world.read(f"/connections/{made}")
    assert (shown["auth"]["params"], "secretParams" in shown) == (params, False)


def test_a_client_cannot_write_into_the_kept_passwords(world: World, party: Party) -> None:
    spec = acme(world)
    sent = {**base(spec, authorizationTestUrl=TEST_URL), "secretParams": {"password": "other"}}
    made = world.create("/connections", **sent)
    assert world.client.get(f"/connections/{made}/test").json() == {"result": True}
    assert len(party.requests) == 2


# The test of credentials


def test_a_wrong_credential_is_refused_at_once_where_there_is_a_test_url(world: World, party: Party) -> None:
    spec = acme(world)
    answer = world.client.post("/connections", json=base(spec, authorizationTestUrl=TEST_URL, password="wrong"))
    assert code(answer) == "1308-400"
    assert "authorizationTestUrl answered with HTTP 401" in answer.text
    assert world.items("/connections") == []
    assert party.urls == [TEST_URL]


def test_the_test_url_is_called_with_the_authentication_of_the_spec(world: World, party: Party) -> None:
    world.create("/connections", **base(acme(world), authorizationTestUrl=TEST_URL))
    (request,) = party.requests
    assert (request.method, request.url) == ("GET", TEST_URL)
    assert dict(request.headers) == {"Authorization": "Basic YW5uOmh1c2g=", "Accept": "application/json"}


def test_the_default_of_the_spec_is_a_test_url_too(world: World, party: Party) -> None:
    schema = {**BASIC["spec"], "properties": {**BASIC["spec"]["properties"], "authorizationTestUrl": {"default": TEST_URL}}}
    spec = world.create(authSpec=[{**BASIC, "spec": schema}], sourceSpec=SOURCE)
    assert code(world.client.post("/connections", json=base(spec, password="wrong"))) == "1308-400"
    assert party.urls == [TEST_URL]


def test_a_test_url_is_filled_with_the_values_of_the_connection(world: World, party: Party) -> None:
    world.create("/connections", **base(acme(world), authorizationTestUrl="https://${username}.acme.com/me"))
    assert party.urls == ["https://ann.acme.com/me"]
    refused = world.client.post("/connections", json=base(acme(world), authorizationTestUrl="https://${nobody}.acme.com/"))
    assert "`nobody` in authorizationTestUrl has no value" in refused.text


def test_a_credential_that_no_header_can_have_is_not_sent(world: World, party: Party) -> None:
    schema = {"type": "object", "properties": {"key": {"format": "password", "restAttributes": {"headerParamName": "X-Key"}}}}
    spec = world.create(authSpec=[{"name": "Key", "type": "KeyBased", "spec": schema}], sourceSpec=SOURCE)
    auth = {"specName": "Key", "params": {"key": "a\nb", "authorizationTestUrl": TEST_URL}}
    answer = world.client.post("/connections", json={"name": "base", "auth": auth, **by(spec)})
    assert (code(answer), party.requests) == ("1308-400", [])


@pytest.mark.parametrize(("hint", "said"), [(None, "it was refused"), ("open it", "it was refused (open it)")])
def test_a_third_party_that_cannot_be_reached_refuses_the_credential(world: World, hint: str | None, said: str) -> None:
    called(world, lambda _: NoAnswer("no-answer", "it was refused", hint))
    answer = world.client.post("/connections", json=base(acme(world), authorizationTestUrl=TEST_URL))
    assert code(answer) == "1308-400"
    assert answer.json()["errorMessage"].endswith(f"Error message: {said}")


def test_without_a_test_url_a_base_connection_proves_nothing(world: World, party: Party) -> None:
    made = world.create("/connections", **base(acme(world), password="wrong"))
    assert world.client.get(f"/connections/{made}/test").json() == {"result": True}
    assert party.requests == []


def test_a_credential_that_was_revoked_shows_in_the_test(world: World, party: Party) -> None:
    made = world.create("/connections", **base(acme(world), authorizationTestUrl=TEST_URL))
    party.status = 403
    assert world.client.get(f"/connections/{made}/test").json() == {"result": False}


@pytest.mark.parametrize(
    ("switches", "status", "body"),
    [
        ({"auth_test": "never"}, 200, {"result": False}),
        ({"auth_test": "always_true"}, 200, {"result": True}),
        ({"auth_test": "never", "auth_test_answer": "bare"}, 200, False),
        ({"auth_test": "always_true", "auth_test_answer": "bare"}, 200, True),
        ({"auth_test": "never", "auth_test_failure": "error"}, 400, None),
    ],
)
def test_when_a_wrong_credential_shows_is_a_switch(make_world: Any, switches: Any, status: int, body: Any) -> None:
    world: World = make_world(**switches)
    called(world, Party())
    made = world.create("/connections", **base(acme(world), authorizationTestUrl=TEST_URL, password="wrong"))
    answer = world.client.get(f"/connections/{made}/test")
    assert answer.status_code == status
    if body is None:
        assert code(answer) == "1308-400"
    else:
        assert answer.json() == body


def test_only_a_base_connection_that_exists_can_be_tested(world: World) -> None:
    assert code(world.client.get(f"/connections/{NOBODY}/test")) == "1439-404"


def test_a_test_needs_the_permission_to_view_connections(make_world: Any) -> None:
    world: World = make_world(forbidden=("connections",))
    assert code(world.client.get(f"/connections/{NOBODY}/test")) == "2118-403"
    assert code(world.client.get(f"/connections/{NOBODY}/explore")) == "2118-403"
