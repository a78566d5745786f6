from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest

from reconciler.emulator.dataplane.row_schema import schema_of
from reconciler.sources.messages import NoAnswer
from tests.emulator.dataplane.connecting.things import (
    BASIC,
    GENERIC_STREAMING,
    MEMBERS,
    NOBODY,
    SOURCE,
    Party,
    acme,
    attach,
    base,
    by,
    called,
    code,
)
from tests.emulator.world import World

QUERY = {"objectType": "rest", "object": "json", "fileType": "json", "preview": "true"}
BOB = {"id": 2, "email": "bob@acme.com"}


def encoded(params: Any) -> str:
    return base64.b64encode(json.dumps(params).encode()).decode()


def explored(world: World, base_id: str, params: Any = None, **query: Any) -> httpx.Response:
    asked = {**QUERY, "sourceParams": encoded(params or {"listId": "7"}), **query}
    return world.client.get(
        f"/connections/{base_id}/explore", params={name: value for name, value in asked.items() if value is not None}
    )


class Seen:
    """A spec with a base connection, and a third party."""

    def __init__(self, world: World, page: Any = None, **changes: Any) -> None:
        self.party = Party(page)
        called(world, self.party)
        self.world = world
        self.spec = acme(world, **changes)
        self.base = world.create("/connections", **base(self.spec))

    def __call__(self, params: Any = None, **query: Any) -> httpx.Response:
        return explored(self.world, self.base, params, **query)


def test_a_preview_has_one_row_for_each_record_beside_its_schema(world: World) -> None:
    seen = Seen(world)
    answer = seen()
    assert answer.status_code == 200
    shown = answer.json()
    assert shown["format"] == "hierarchical"
    assert shown["data"] == [{"list": "7", "member": MEMBERS[0]}, {"list": "7", "member": BOB}]
    assert shown["schema"]["properties"]["member"]["properties"]["email"] == {"type": "string"}


def test_a_preview_fetches_one_page_with_everything_that_was_entered(world: World) -> None:
    seen = Seen(world)
    seen()
    assert seen.party.urls == ["https://api.acme.com/lists/7?count=2&offset=0"]


def test_a_preview_is_the_page_itself_where_the_service_does_not_flatten(make_world: Any) -> None:
    seen = Seen(make_world(explore_shape="raw"))
    assert seen().json() == {"data": [seen.party.page]}


def test_a_preview_may_be_the_rows_alone(make_world: Any) -> None:
    seen = Seen(make_world(explore_shape="array"))
    assert seen().json() == [{"list": "7", "member": MEMBERS[0]}, {"list": "7", "member": BOB}]


@pytest.mark.parametrize(
    ("engine", "row"),
    [
        ({"row.wrapped": "bare"}, {"id": 2, "email": "bob@acme.com"}),
        ({"row.nulls": "kept"}, {"list": "7", "member": {**BOB, "vip": None}}),
    ],
)
def test_the_rows_of_a_preview_follow_the_switches_of_the_engine(make_world: Any, engine: Any, row: Any) -> None:
    assert Seen(make_world(engine=engine))().json()["data"][1] == row


@pytest.mark.parametrize("preview", [None, "false"])
def test_without_a_preview_there_is_a_schema_and_no_data(world: World, preview: str | None) -> None:
    assert set(Seen(world)(preview=preview).json()) == {"format", "schema"}


def test_a_page_without_records_is_a_preview_without_rows(world: World) -> None:
    assert Seen(world, {"members": []})().json()["data"] == []


def test_an_answer_without_content_is_a_preview_without_rows(world: World) -> None:
    seen = Seen(world)
    seen.party.status = 204
    assert seen().json()["data"] == []


# Mistakes of a spec that a preview shows


@pytest.mark.parametrize(
    ("page", "changes", "expected"),
    [
        ({"items": []}, {}, "1313-400"),
        ({"members": {}}, {}, "1315-400"),
        ({"members": [1]}, {}, "1315-400"),
        (None, {"contentPath": {"path": "$.members[*].x"}}, "1314-400"),
        (None, {"paginationParams": {}}, "1316-400"),
        (None, {"paginationParams": {"type": "WHATEVER"}}, "1312-400"),
        (None, {"scheduleParams": {}}, "1317-400"),
        (None, {"explodeEntityPath": {"path": "$.member.tags"}}, "1319-400"),
        (None, {"urlParams": {**SOURCE["attributes"]["urlParams"], "method": "GO"}}, "1308-400"),
    ],
)
def test_a_mistake_of_the_spec_is_refused_with_its_code(world: World, page: Any, changes: Any, expected: str) -> None:
    assert code(Seen(world, page, **changes)()) == expected


def test_the_path_without_records_is_named(world: World) -> None:
    assert "The provided path $.members should point to an array" in Seen(world, {"members": {}})().text


def test_mistakes_of_later_pages_do_not_show_in_a_preview(world: World) -> None:
    pointer = {"type": "POINTER", "limitName": "count", "limitValue": 2, "pointerPath": "$.members"}
    assert Seen(world, paginationParams=pointer)().status_code == 200


def test_a_refusal_of_the_third_party_is_passed_on(world: World) -> None:
    seen = Seen(world)
    seen.party.status = 500
    answer = seen()
    assert (code(answer), "HTTP 500" in answer.text) == ("1308-400", True)


def test_a_third_party_that_is_not_reached_is_a_refusal(world: World) -> None:
    seen = Seen(world)
    called(world, lambda _: NoAnswer("host-refused", "this emulator does not call api.acme.com"))
    answer = seen()
    assert (code(answer), "does not call api.acme.com" in answer.text) == ("1308-400", True)


def test_no_secret_is_in_a_refusal(world: World) -> None:
    seen = Seen(world, headerParams={"X-Key": "${password}\n"})
    answer = seen()
    assert code(answer) == "1308-400"
    assert "hush" not in answer.text


# What is asked for


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"objectType": None}, "1334-400"),
        ({"objectType": ""}, "1334-400"),
        ({"objectType": "graph"}, "1358-400"),
        ({"objectType": "table"}, "1336-400"),
        ({"object": None}, "1337-400"),
        ({"fileType": ""}, "1337-400"),
        ({"sourceParams": ""}, "1334-400"),
        ({"sourceParams": "%"}, "1389-400"),
        ({"sourceParams": encoded([1])}, "1389-400"),
        ({"sourceParams": base64.b64encode(b"{").decode()}, "1389-400"),
        ({"sourceParams": None}, "1304-400"),
        ({"sourceParams": encoded({"listId": 7})}, "1312-400"),
    ],
)
def test_an_incomplete_question_is_refused(world: World, query: dict[str, Any], expected: str) -> None:
    assert code(Seen(world)(**query)) == expected


def test_a_value_that_no_property_requires_is_missed_where_it_is_sent(world: World) -> None:
    optional = {**SOURCE, "spec": {"type": "object", "properties": {"listId": {"type": "string"}}}}
    called(world, Party())
    spec = world.create(authSpec=[BASIC], sourceSpec=optional, exploreSpec={"name": "Resource"})
    made = world.create("/connections", **base(spec))
    answer = explored(world, made, {"other": 1})
    assert (code(answer), "The param: listId" in answer.text) == ("1329-400", True)


@pytest.mark.parametrize(
    ("switch", "query", "status"),
    [
        ("either", {"objectType": "REST", "FileType": "JSON", "fileType": None}, 200),
        ("tutorial", {}, 200),
        ("tutorial", {"objectType": "REST"}, 400),
        ("tutorial", {"FileType": "JSON", "fileType": None}, 400),
        ("openapi", {"objectType": "REST", "FileType": "JSON", "fileType": None}, 200),
        ("openapi", {}, 400),
        ("openapi", {"objectType": "REST"}, 400),
    ],
)
def test_both_published_spellings_are_a_switch(make_world: Any, switch: str, query: Any, status: int) -> None:
    assert Seen(make_world(explore_names=switch))(**query).status_code == status


def test_a_spec_without_an_explore_spec_cannot_be_explored(world: World) -> None:
    called(world, Party())
    spec = world.create(authSpec=[BASIC], sourceSpec=SOURCE)
    attach(world, spec)
    assert code(explored(world, world.create("/connections", **base(spec)))) == "1336-400"


def test_a_streaming_source_cannot_be_explored(world: World) -> None:
    made = world.create("/connections", name="stream", **by(GENERIC_STREAMING))
    assert code(explored(world, made)) == "1336-400"


def test_a_spec_cannot_be_explored_without_a_connection(world: World) -> None:
    spec = acme(world)
    assert code(world.client.get(f"/connectionSpecs/{spec}/explore")) == "1372-400"
    assert code(world.client.get(f"/connectionSpecs/{NOBODY}/explore")) == "1439-404"


def test_a_connection_that_does_not_exist_cannot_be_explored(world: World) -> None:
    assert code(explored(world, NOBODY)) == "1439-404"


# The schema of rows


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2], {"type": "integer", "minimum": -9007199254740992, "maximum": 9007199254740991}),
        ([1, 2.5], {"type": "number"}),
        ([True, False], {"type": "boolean"}),
        (["a", None], {"type": "string"}),
        ([None], {"type": "string"}),
        ([1, "a"], {"type": "string"}),
        ([[1.5], []], {"type": "array", "items": {"type": "number"}}),
        ([[]], {"type": "array", "items": {"type": "string"}}),
        ([{"a": True}, {"b": "x"}], {"type": "object", "properties": {"a": {"type": "boolean"}, "b": {"type": "string"}}}),
    ],
)
def test_the_schema_of_a_row_is_that_of_its_values(values: list[Any], expected: dict[str, Any]) -> None:
    rows = [{"field": value} for value in values]
    assert schema_of(rows) == {"type": "object", "properties": {"field": expected}}


def test_rows_nested_very_deep_have_a_schema_that_ends() -> None:
    row: dict[str, Any] = {}
    for _ in range(100):
        row = {"inner": row}
    assert json.dumps(schema_of([row])).count("inner") == 21
    assert schema_of([]) == {"type": "object", "properties": {}}
