"""The clients against the emulated platform, whose lists, errors and lags its own authors wrote."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.dataflows.cleaning import ProofCleaner
from reconciler.dataflows.resources import DELETED_IN_ORDER
from reconciler.emulator import Fault
from reconciler.proving.naming import kept_name
from tests.dataflows.emulated import KEY, World, world


@pytest.fixture
def here() -> World:
    return world()


def test_everything_that_a_proof_makes_is_found_by_its_name_and_by_its_id(here: World) -> None:
    made = here.proof()
    for step, created in made.items():
        name = kept_name(KEY, step) if step == "mapping" else here.mark(step)["name"]
        (found,) = here.writer.find(created.type, name)
        assert found.id == created.id
        live = here.writer.get(created.type, created.id)
        assert live is not None
        assert live.name == name
        assert step == "mapping" or live.description == here.mark(step)["description"]
        assert created.id in {one.id for one in here.writer.all(created.type)}


def test_what_does_not_exist_is_none_in_every_service(here: World) -> None:
    for kind in DELETED_IN_ORDER:
        assert here.writer.get(kind, "0d2b1c3e-6f5a-4d4b-8a5e-1b2c3d4e5f60") is None


@pytest.mark.parametrize("count", [99, 100, 101, 205])
def test_long_lists_are_read_to_their_end(here: World, count: int) -> None:
    here.behave(pages=7)
    schema = here.make("schema", "schema", {"type": "object", "allOf": [{"$ref": "https://ns.adobe.com/xdm/context/profile"}]})
    reference = {"id": schema.uri, "contentType": "application/vnd.adobe.xed+json;version=1"}
    writer = here.writer
    for number in range(count):
        writer.create("dataset", {"name": f"d{number}", "schemaRef": reference})
    assert len(writer.all("dataset")) == count
    assert [one.name for one in writer.find("dataset", f"d{count - 1}")] == [f"d{count - 1}"]


def test_a_connection_is_tested_and_previewed(here: World) -> None:
    made = here.proof()
    assert here.writer.test(made["connection"].id).passed
    explored = here.writer.explore(made["connection"].id, {"listId": "9"})
    assert (len(explored.rows), explored.format) == (100, "hierarchical")


@pytest.mark.parametrize("failure", ["result", "error"])
def test_a_wrong_password_does_not_pass_the_test(failure: str) -> None:
    here = world(auth_test="never", auth_test_failure=failure)
    made = here.proof(works=False)
    here.behave(auth_test="at_create")
    tested = here.writer.test(made["connection"].id)
    assert not tested.passed
    assert tested.said


@pytest.mark.parametrize(
    "switches",
    [{"explore_names": "openapi"}, {"explore_names": "tutorial"}, {"explore_shape": "raw"}, {"auth_test_answer": "bare"}],
    ids=str,
)
def test_the_contradictions_of_the_pages_are_coped_with(switches: dict[str, Any]) -> None:
    here = world(**switches)
    made = here.proof()
    assert here.writer.test(made["connection"].id).passed
    assert here.writer.explore(made["connection"].id, {"listId": "9"}).rows


def test_a_mapping_is_checked_and_previewed(here: World) -> None:
    made = here.proof()
    mapping_set = here.mapping_set(made["schema"].uri)
    assert [check.passed for check in here.writer.validate_mapping(mapping_set)] == [True]
    preview = here.writer.preview_mapping(mapping_set, {"member": {"email_address": "a@example.com"}})
    assert preview.data == {"personalEmail": {"address": "a@example.com"}}
    assert preview.errors == ()
    here.writer.replace_mapping_set(made["mapping"].id, mapping_set)


def test_the_tenant_is_known(here: World) -> None:
    assert here.writer.tenant().isalnum()


@pytest.mark.parametrize(
    "path", ["*/connections", "*/dataSets", "*/tenant/schemas", "*/mappingSets", "*/flows", "*/tenant/fieldgroups"]
)
@pytest.mark.parametrize(
    "how", [{"break_off": "after"}, {"status": 502, "committed": True}, {"break_off": "before"}, {"status": 429}], ids=str
)
def test_a_lost_answer_makes_nothing_twice_if_lists_are_up_to_date(path: str, how: dict[str, Any]) -> None:
    here = world([Fault(method="POST", path=path, times=1, **how)])
    made = here.proof()
    for created in made.values():
        assert len(here.writer.all(created.type)) == 1


def test_a_title_that_is_taken_by_a_lost_post_is_found_once_it_is_listed() -> None:
    here = world([Fault(method="POST", path="*/tenant/schemas", times=1, break_off="after")], list_lag=12)
    made = here.proof()
    assert made["schema"].found
    here.clock.sleep(60)
    assert len(here.writer.all("schema")) == 1


def test_a_deleted_resource_is_not_found(here: World) -> None:
    made = here.proof()
    with here.connected(ProofCleaner) as cleaner:
        cleaner.delete("flow", made["flow"].id)
        assert cleaner.get("flow", made["flow"].id) is None
        assert cleaner.all("flow") == ()


@pytest.mark.parametrize("delete_path", ["either", "slash", "no_slash"])
def test_a_base_connection_is_deleted_at_either_path(delete_path: str) -> None:
    here = world(delete_path=delete_path)
    made = here.proof()
    with here.connected(ProofCleaner) as cleaner:
        for step in ("flow", "source", "connection"):
            cleaner.delete(made[step].type, made[step].id)
        assert cleaner.get("connection", made["connection"].id) is None
