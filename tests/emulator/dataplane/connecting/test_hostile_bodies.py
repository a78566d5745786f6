"""Bodies of any shape are refused, and never an error of the emulator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from tests.emulator.dataplane.connecting.things import BASIC, SOURCE, Line, base, code, flow, source, target
from tests.emulator.world import World

JUNK: tuple[Any, ...] = (
    None,
    True,
    -1,
    1.5,
    10**30,
    "",
    "x" * 3000,
    "\u0000",
    [],
    [None],
    {},
    {"id": None},
    {"id": ["x"]},
    [[{}]],
)
KINDS = ("connections", "sourceConnections", "targetConnections", "flows")


def altered(value: Any, junk: Any) -> Iterator[Any]:
    """The value with each of its parts in turn replaced."""
    yield junk
    if isinstance(value, dict):
        for name, part in value.items():
            for other in altered(part, junk):
                yield {**value, name: other}
    elif isinstance(value, list):
        for index, part in enumerate(value):
            for other in altered(part, junk):
                yield [*value[:index], other, *value[index + 1 :]]


@pytest.fixture
def line(make_world: Any) -> Line:
    return Line(make_world(drafts="always", auth_test="never"))


def bodies(line: Line) -> dict[str, dict[str, Any]]:
    mapping = [{"name": "Mapping", "params": {"mappingId": "x", "mappingVersion": 0}}]
    return {
        "connections": base(line.spec, authorizationTestUrl="https://api.acme.com/me"),
        "sourceConnections": source(line.base, line.spec),
        "targetConnections": target(line.dataset),
        "flows": flow(line.source, line.target, transformations=mapping, options={"errorDiagnosticsEnabled": True}),
    }


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mode", ["", "?mode=draft"])
def test_no_part_of_a_body_is_an_error_of_the_emulator(line: Line, kind: str, mode: str) -> None:
    for junk in JUNK:
        for body in altered(bodies(line)[kind], junk):
            answer = line.world.client.post(f"/{kind}{mode}", json=body)
            assert answer.status_code in (201, 400, 404), (body, answer.text)


@pytest.mark.parametrize("kind", KINDS)
def test_no_change_is_an_error_of_the_emulator(line: Line, kind: str) -> None:
    made = {"connections": line.base, "sourceConnections": line.source, "targetConnections": line.target, "flows": line.flow()}
    path = f"/{kind}/{made[kind]}"
    for junk in JUNK:
        for body in altered([{"op": "replace", "path": "/name/x", "value": "y"}], junk):
            answer = line.world.client.patch(path, json=body, headers={"If-Match": "*"})
            assert answer.status_code in (200, 400), (body, answer.text)


@pytest.mark.parametrize("depth", [500, 50_000])
def test_a_very_deep_body_is_refused_or_kept(line: Line, depth: int) -> None:
    nested = b'{"a":' * depth + b"1" + b"}" * depth
    sent = msgspec.json.encode(bodies(line)["connections"])[:-1] + b',"description":' + nested + b"}"
    answer = line.world.client.post("/connections", content=sent, headers={"content-type": "application/json"})
    assert answer.status_code in (201, 400)


def test_a_spec_of_any_shape_can_be_connected_or_is_refused(world: World) -> None:
    line = Line(world)
    spec = {"authSpec": [BASIC], "sourceSpec": SOURCE, "exploreSpec": {"name": "Resource"}}
    query = "objectType=rest&object=json&fileType=json&preview=true&sourceParams=e30%3D"
    for junk in (None, 5, "x", [], [None], {}, {"type": "object", "properties": {"a": None}}):
        for part in altered(spec, junk):
            if not isinstance(part, dict):
                continue
            made = world.create(**part)
            first = world.client.post("/connections", json=base(made))
            assert first.status_code in (201, 400), (part, first.text)
            if first.status_code == 201:
                seen = world.client.get(f"/connections/{first.json()['id']}/explore?{query}")
                assert seen.status_code in (200, 400), (part, seen.text)
                second = world.client.post("/sourceConnections", json=source(first.json()["id"], made))
                assert second.status_code in (201, 400), (part, second.text)
    assert code(world.client.delete(f"/connections/{'x' * 10}")) == "1413-400"
    assert line.spec
