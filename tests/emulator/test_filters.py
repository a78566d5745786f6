from __future__ import annotations

from typing import Any

import msgspec
import pytest

from reconciler.emulator.http.filters import parse_query
from reconciler.emulator.problems import DeclinedError
from tests.emulator.world import S3, World

FLOW: dict[str, Any] = {
    "name": "a flow",
    "state": "enabled",
    "createdAt": 100,
    "live": True,
    "nothing": None,
    "inheritedAttributes": {"sourceConnections": [{"connectionSpec": {"id": "s1"}}, {"connectionSpec": {"id": "s2"}}]},
}


def matches(*properties: str) -> bool:
    query = parse_query("flows", properties, "r")
    found = query.matches(FLOW)
    assert not (found and query.excludes(msgspec.json.encode(FLOW)))
    return found


def excludes(text: str, body: bytes = b'{"name":"a flow","n":1e2,"live":true}') -> bool:
    return parse_query("flows", [text], "r").excludes(body)


def test_a_body_that_lacks_a_string_is_excluded_unread() -> None:
    assert excludes("name==other")
    assert excludes("name==other,another")
    assert not excludes("name==a flow,other")
    assert not excludes("name!=other")
    assert not excludes("n==100")
    assert not excludes("live==true")
    assert not excludes('name=="a/flow"')
    assert not excludes("name==a flow", rb'{"name":"\u0061 flow"}')


@pytest.mark.parametrize(
    "text",
    [
        "name==a flow",
        'name=="a flow"',
        "name==other,a flow",
        'name=="other","a flow"',
        "name!=other",
        "missing!=anything",
        "createdAt==100",
        "createdAt==100.0",
        "createdAt>99",
        "createdAt>=100",
        "createdAt<=100",
        "createdAt<100.5",
        "name>a",
        "live==true",
        "inheritedAttributes.sourceConnections[].connectionSpec.id==s2",
    ],
)
def test_a_filter_lets_through(text: str) -> None:
    assert matches(text)


@pytest.mark.parametrize(
    "text",
    [
        "name==other",
        'name=="a flow, other"',
        "name!=a flow",
        "name!=x,a flow",
        "missing==x",
        "createdAt==hundred",
        "createdAt>100",
        "createdAt<100",
        "createdAt<hundred",
        "live==True",
        "live>0",
        "nothing==null",
        "name.inner==x",
        "name[]==a flow",
        "inheritedAttributes.sourceConnections.connectionSpec.id==s2",
        "inheritedAttributes.sourceConnections[].connectionSpec.id==s3",
    ],
)
def test_a_filter_holds_back(text: str) -> None:
    assert not matches(text)


def test_repeated_properties_must_all_hold() -> None:
    assert matches("name==a flow", "state==enabled")
    assert not matches("name==a flow", "state==disabled")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("name~flow", "1440-400"),
        ("createdAt!>1", "1450-400"),
        ("name=x", "1450-400"),
        ("createdAt==", "1453-400"),
        ("createdAt<=1,2", "1443-400"),
    ],
)
def test_a_filter_that_the_service_does_not_know_is_declined(text: str, code: str) -> None:
    with pytest.raises(DeclinedError) as caught:
        parse_query("flows", [text], "r")
    assert caught.value.body["type"].endswith(code)


def test_connection_specs_are_filtered_by_the_documented_fields_only(world: World) -> None:
    answer = world.client.get("/connectionSpecs", params={"property": "type==generic-rest"})
    assert answer.status_code == 400
    assert "An unhandled field type was provided in ConnectionSpecFiltering" in answer.json()["errorMessage"]
    assert world.names("/connectionSpecs", property=f"id=={S3}") == ["amazon-s3"]


def test_an_attribute_of_a_spec_is_filtered_with_one_equals_sign_and_quotes(world: World) -> None:
    assert world.names("/connectionSpecs", property='attributes.category="Streaming"') == ["generic-streaming"]


def test_a_property_without_an_operator_chooses_the_fields_of_the_answer(world: World) -> None:
    assert world.items("/flowSpecs", property="name,version")[0] == {"name": "CloudStorageToAEP", "version": "1.0"}
