"""What lists and bodies hold that nobody expects: named, left alone, and sent back as it came."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.applying.outcome import OutcomeName
from reconciler.texts.raw_json import elements, members
from tests.applying.raw_service import FOREIGN, raw_world
from tests.applying.restores import restoring
from tests.applying.world import BATCH, World, changed, errors, outcomes
from tests.journal.events import carry_out
from tests.planning.situations import PROVIDER, connection

FLOW = "RestStorageToAEP"
HELD = b'"%s"' % FOREIGN.encode()
ODD = {
    "respelled numbers": b'{"a":[1E5,1.10,-0,-0.0,123456789012345678901234567890]}',
    "a number that no double holds": b'{"a":1e400}',
    "5,000 digits": b'{"a":' + b"7" * 5000 + b"}",
    "half of a pair": rb'{"a":"\ud83d","\udc00":1}',
    "3,000 levels": b"[" * 3000 + b"]" * 3000,
    "a key twice": b'{"a":{"x":1,"x":2}}',
}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, [connection("acme", flow_specs=[FLOW])])


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_a_section_of_a_shared_flow_spec_goes_back_byte_for_byte(world: World, odd: bytes) -> None:
    service = raw_world(world, permissionsInfo=odd, sourceConnectionSpecIds=b"[" + HELD + b"]")
    assert outcomes(world.apply()) == {"acme": OutcomeName.CREATED, FLOW: OutcomeName.ATTACHED}
    method, path, body = service.sent[-1]
    assert (method, path) == ("PUT", f"/flowSpecs/{BATCH}")
    sent = dict(members(body))
    assert sent["permissionsInfo"] == odd
    assert len(elements(sent["sourceConnectionSpecIds"])) == 2
    assert not world.plan().actions


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_a_section_that_a_file_does_not_write_goes_back_byte_for_byte(world: World, odd: bytes) -> None:
    service = raw_world(world)
    world.files = [connection("acme")]
    world.apply()
    spec_id = service.sent[-1][1].rpartition("/")[2]
    body = service.bodies["connectionSpecs"][spec_id]
    service.bodies["connectionSpecs"][spec_id] = body[:-1] + b',"permissionsInfo":' + odd + b"}"
    world.files = [changed(world.files[0], description="another")]
    assert outcomes(world.apply()) == {"acme": OutcomeName.UPDATED}
    assert dict(members(service.sent[-1][2]))["permissionsInfo"] == odd


def test_a_place_that_a_file_ignores_keeps_its_spelling(world: World) -> None:
    service = raw_world(world)
    world.files = [replace(connection("acme", sourceSpec={"a": 1, "limit": 2}), ignore=("/sourceSpec/limit",))]
    world.apply()
    spec_id = service.sent[-1][1].rpartition("/")[2]
    service.bodies["connectionSpecs"][spec_id] = service.bodies["connectionSpecs"][spec_id].replace(b'"limit":2', b'"limit":2E5')
    world.files = [changed(world.files[0], sourceSpec={"a": 3, "limit": 2})]
    assert outcomes(world.apply()) == {"acme": OutcomeName.UPDATED}
    assert dict(members(service.sent[-1][2]))["sourceSpec"] == b'{"a":3,"limit":2E5}'


@pytest.mark.parametrize("entry", [b"null", b"5", b'{"id":"x"}', b'{"ref":"acme"}', b"1e400", b'["x"]'])
def test_an_entry_of_an_id_list_that_is_no_id_stays_where_it_is(world: World, entry: bytes) -> None:
    service = raw_world(world, sourceConnectionSpecIds=b"[" + entry + b"," + HELD + b"," + entry + b"]")
    assert outcomes(world.apply()) == {"acme": OutcomeName.CREATED, FLOW: OutcomeName.ATTACHED}
    assert elements(dict(members(service.sent[-1][2]))["sourceConnectionSpecIds"])[:3] == [entry, HELD, entry]
    assert not world.plan().actions


@pytest.mark.parametrize(
    "entry", [b"null", b"5", b'"x"', b"{}", b'{"name":"other","providerId":"p"}', b'{"id":"../..","name":"other","x":1}']
)
def test_an_entry_of_a_list_that_is_no_spec_is_a_warning(world: World, entry: bytes) -> None:
    service = raw_world(world)
    service.extra["connectionSpecs"] = [entry]
    plan = world.plan()
    assert [problem.code for problem in plan.problems] == ["unreadable-spec"]
    assert "entry 2 of the list of connection specs" in plan.problems[0].message
    assert outcomes(world.apply(plan)) == {"acme": OutcomeName.CREATED, FLOW: OutcomeName.ATTACHED}


@pytest.mark.parametrize(
    "entry",
    [
        b'{"name":"%s","providerId":"%s"}',
        b'{"id":"../..","name":" %s ","providerId":"%s"}',
        b'{"id":7,"name":"%s","unknown":"%s"}',
        b'{"id":"a","name":"\xff%s%s"}',
        b'{"id":8,"name":"%s-renamed","x":"%s","attributes":{"reconciler":{"key":"acme","repository":"acme/aep-sources","sandbox":"dev"}}}',
    ],
    ids=["no id", "a hostile id", "no provider", "a name that cannot be read", "our marker"],
)
def test_an_entry_that_may_be_the_spec_stops_its_create_alone(world: World, entry: bytes) -> None:
    service = raw_world(world)
    service.extra["connectionSpecs"] = [entry % (b"acme", PROVIDER.encode())]
    plan = world.plan()
    assert [problem.code for problem in plan.errors] == ["unreadable-namesake"]
    assert "`--allow-create acme`" in (plan.errors[0].hint or "")
    assert not world.plan(allow_create=("acme",)).errors


def test_an_entry_of_another_kind_or_provider_is_nobody_s_namesake(world: World) -> None:
    service = raw_world(world)
    service.extra["flowSpecs"] = [b'{"id":7,"name":"acme","providerId":"%s"}' % PROVIDER.encode()]
    service.extra["connectionSpecs"] = [b'{"id":7,"name":"acme","providerId":"another"}']
    assert not world.plan().errors


@pytest.mark.parametrize(
    ("sections", "reason"),
    [
        ({"sourceConnectionSpecIds": b'"abc"'}, "`sourceConnectionSpecIds` is not a list"),
        ({"description": b'1,"description":2'}, "has description more than once"),
    ],
)
def test_a_body_that_cannot_be_sent_back_is_not_written_and_nothing_else_waits_for_it(
    world: World, sections: dict[str, bytes], reason: str
) -> None:
    service = raw_world(world, **sections)
    plan = world.plan()
    assert [(problem.code, reason in problem.message) for problem in plan.problems] == [("unsendable", True)]
    report = world.apply(plan)
    assert outcomes(report) == {"acme": OutcomeName.CREATED, FLOW: OutcomeName.FAILED}
    assert errors(report) == {FLOW: "unsendable"}
    assert [method for method, _, _ in service.sent] == ["POST"]


def test_attributes_that_are_no_object_are_not_replaced_by_a_marker(world: World) -> None:
    service = raw_world(world)
    service.put("connectionSpecs", FOREIGN, b'{"name":"acme","providerId":"%s","attributes":{"a":1,"a":2}}' % PROVIDER.encode())
    world.files = [connection("acme", pinned_id=FOREIGN, adopt=True, description="new")]
    report = world.apply()
    assert errors(report) == {"acme": "unsendable"}
    assert not service.sent


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_the_journal_keeps_a_body_as_it_was_and_restore_puts_it_back_byte_for_byte(world: World, odd: bytes) -> None:
    service = raw_world(world)
    service.put("connectionSpecs", FOREIGN, b'{"name":"acme","providerId":"%s","permissionsInfo":%s}' % (PROVIDER.encode(), odd))
    world.files = [connection("acme", pinned_id=FOREIGN, adopt=True, permissionsInfo={"a": 1})]
    assert outcomes(world.apply()) == {"acme": OutcomeName.UPDATED}
    carry_out(world, restoring(world, world.path / "journal-1.jsonl"))
    assert dict(members(service.sent[-1][2]))["permissionsInfo"] == odd


def test_an_entry_that_may_have_the_name_stops_a_rename(world: World) -> None:
    service = raw_world(world)
    world.files = [connection("acme")]
    world.apply()
    service.extra["connectionSpecs"] = [b'{"id":7,"name":"Other"}']
    world.files = [changed(world.files[0], name="other")]
    plan = world.plan()
    assert [problem.code for problem in plan.errors] == ["unreadable-namesake"]
    assert "use another `name` in specs/acme.yaml" in (plan.errors[0].hint or "")
