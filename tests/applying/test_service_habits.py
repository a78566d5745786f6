"""What the service keeps otherwise than it was sent: settled once, and quiet afterwards."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.applying.outcome import OutcomeName
from reconciler.desired.specs import DesiredSpec
from reconciler.documents.kinds import Kind
from reconciler.emulator import Behaviour
from reconciler.emulator.switches.behaviour import TransformationField
from reconciler.planning.comparing.ownership import marker_of
from tests.applying.world import BATCH, World, changed, errors, outcomes
from tests.planning.situations import connection, flow_file

FLOW = "RestStorageToAEP"
CONTENT = {"path": "$.members", "skipAttributes": ["_links"]}


def source(key: str = "a", **body: Any) -> DesiredSpec:
    attributes = {"contentPath": CONTENT, "uiAttributes": {"isSource": True}}
    rest = {
        "description": "A source",
        "authSpec": [{"name": "Basic", "type": "x"}, {"name": "OAuth", "spec": {"required": ["b", "a"]}}],
        "sourceSpec": {"attributes": attributes},
    }
    return connection(key, flow_specs=[FLOW], **(rest | body))


LOSSY = [
    {"drop_description": True},
    {"default_auth_required": True},
    {"content_path_string": True},
    {
        "drop_description": True,
        "default_auth_required": True,
        "content_path_string": True,
        "reorder_auth": True,
        "default_permissions": True,
    },
]
HARMLESS = [
    {},
    {"default_permissions": True},
    {"reorder_auth": True},
    {"wrap_get": "bare"},
    {"wrap_post": "items", "wrap_put": "items"},
    {"pages": 2},
    {"pages": 1, "absolute_links": True},
    {"list_lag": 5},
    {"etags": True},
    {"rename_transformations": "transformationSpec"},
    {"rename_transformations": "transformationSpecDTOS"},
    {"updated_at_not_bumped": True},
]


@pytest.mark.parametrize("switches", HARMLESS, ids=str)
def test_a_create_is_one_post_and_the_next_plan_is_quiet(tmp_path: Path, switches: dict[str, Any]) -> None:
    world = World(tmp_path, [source("a"), source("b")], Behaviour(**switches))
    report = world.apply()
    assert (report.converged, [method for method, _ in world.writes()]) == (True, ["POST", "POST", "PUT"])
    world.clock.sleep(10)
    made = world.plan()
    assert (made.actions, made.problems) == ((), ())


@pytest.mark.parametrize("switches", LOSSY, ids=str)
def test_what_is_not_kept_is_settled_with_one_more_put_and_the_next_plan_is_quiet(
    tmp_path: Path, switches: dict[str, Any]
) -> None:
    world = World(tmp_path, [source("a")], Behaviour(**switches))
    report = world.apply()
    assert (report.converged, [method for method, _ in world.writes()]) == (True, ["POST", "PUT", "PUT"])
    made = world.plan()
    assert (made.actions, [problem.code for problem in made.problems]) == ((), ["not-kept"])


@pytest.mark.parametrize("switches", LOSSY, ids=str)
def test_only_a_new_loss_costs_a_second_put(tmp_path: Path, switches: dict[str, Any]) -> None:
    world = World(tmp_path, [source("a")], Behaviour(**switches))
    world.apply()
    world.forget_requests()
    world.files[0] = changed(world.files[0], name="renamed")
    assert world.apply().converged
    assert [method for method, _ in world.writes()] == ["PUT"]
    assert world.plan().actions == ()


def test_an_edit_beside_a_settled_loss_is_one_put(tmp_path: Path) -> None:
    world = World(tmp_path, [source("a")], Behaviour(default_auth_required=True))
    world.apply()
    world.forget_requests()
    world.files[0] = changed(world.files[0], sourceSpec={"attributes": {"contentPath": CONTENT, "x": 1}})
    assert (world.apply().converged, len(world.writes())) == (True, 1)


def test_a_shared_flow_spec_keeps_its_transformations_under_the_name_that_it_answers(tmp_path: Path) -> None:
    world = World(tmp_path, [source()], Behaviour(transformation_field="transformationSpec"))
    before = world.flow()
    assert world.apply().converged
    after = world.flow()
    name = "transformationSpec" if "transformationSpec" in after else "transformationSpecs"
    assert after[name] == before.get("transformationSpecs", before.get("transformationSpec"))


def test_a_section_that_is_lost_whole_is_never_settled(tmp_path: Path) -> None:
    world = World(
        tmp_path, [flow_file(transformationSpecs=[{"name": "Mapping"}])], Behaviour(transformation_field="transformationSpecDTOS")
    )
    report = world.apply()
    assert (outcomes(report)["own-flow"], report.exit_code) == (OutcomeName.NOT_CONVERGED, 4)
    (result,) = report.results
    assert result.error is not None
    assert (result.error.pointers, result.error.ignore) == (("/transformationSpecs",), ("ignore:", "  - /transformationSpecs"))


NAMES = ("transformationSpecs", "transformationSpec", "transformationSpecDTOS")


@pytest.mark.parametrize(("taken", "written"), [(one, other) for one in NAMES for other in NAMES if one != other])
def test_a_section_that_a_service_takes_by_another_of_its_names_is_told_the_others(
    tmp_path: Path, taken: TransformationField, written: str
) -> None:
    behaviour = Behaviour(transformation_field=taken)
    mapping: list[Any] = [{"name": "Mapping"}]
    world = World(tmp_path, [changed(flow_file(), **{written: mapping})], behaviour)
    (result,) = world.apply().results
    assert result.error is not None
    assert all(f"`{name}`" in str(result.error.hint) for name in NAMES)
    world.files = [changed(flow_file(), **{taken: mapping})]
    assert world.apply().converged
    assert world.plan().actions == ()


def test_a_service_that_drops_the_marker_is_noticed_at_the_first_create(tmp_path: Path) -> None:
    world = World(tmp_path, [source("a"), source("b")], Behaviour(drop_unknown_attributes=True))
    report = world.apply()
    assert outcomes(report) == {
        "a": OutcomeName.NOT_CONVERGED,
        "b": OutcomeName.SKIPPED,
        FLOW: OutcomeName.SKIPPED,
    }
    assert errors(report)["a"] == "marker-dropped"
    assert world.writes() == [("POST", "/connectionSpecs")]


def test_after_that_ownership_none_finds_the_spec_and_goes_on(tmp_path: Path) -> None:
    world = World(tmp_path, [source("a"), source("b")], Behaviour(drop_unknown_attributes=True))
    world.apply()
    world.forget_requests()
    world.ownership = "none"
    assert world.apply().converged
    assert [method for method, _ in world.writes()] == ["POST", "PUT"]
    assert world.plan().actions == ()


DROPS_ATTRIBUTES = Behaviour(drop_unknown_attributes=True, known_attributes=())


def test_a_service_that_drops_attributes_whole_is_told_once_with_both_ways_out(tmp_path: Path) -> None:
    files = [changed(source(key), attributes={"category": "crm"}) for key in ("a", "b", "c")]
    world = World(tmp_path, files, DROPS_ATTRIBUTES)
    report = world.apply()
    told = [result.error for result in report.results if result.error and "ownership: none" in (result.error.hint or "")]
    assert [(error.code, error.ignore) for error in told] == [("marker-dropped", ("ignore:", "  - /attributes/category"))]
    assert "attributes.reconciler), nor /attributes/category" in told[0].message
    assert world.writes() == [("POST", "/connectionSpecs")]


def test_a_service_that_drops_attributes_whole_converges_when_both_ways_out_are_taken(tmp_path: Path) -> None:
    files = [connection(key, flow_specs=[], attributes={"category": "crm"}) for key in ("a", "b")]
    world = World(tmp_path, files, DROPS_ATTRIBUTES)
    world.apply()
    world.ownership = "none"
    world.files = [replace(file, ignore=("/attributes/category",)) for file in files]
    assert world.apply().converged
    assert world.plan().actions == ()


def test_without_markers_a_loss_needs_to_be_ignored(tmp_path: Path) -> None:
    world = World(tmp_path, [source("a")], Behaviour(drop_description=True), ownership="none")
    (_, result) = sorted(world.apply().results, key=lambda result: result.key or "")
    assert result.error is not None
    assert (result.outcome, result.error.ignore) == (OutcomeName.NOT_CONVERGED, ("ignore:", "  - /description"))


def test_ignoring_a_loss_makes_the_next_plan_quiet(tmp_path: Path) -> None:
    world = World(tmp_path, [source("a")], Behaviour(drop_description=True), ownership="none")
    world.apply()
    world.files[0] = replace(world.files[0], ignore=("/description",))
    assert world.apply().converged
    assert world.plan().actions == ()


def test_an_ignored_place_costs_nothing_on_a_create(tmp_path: Path) -> None:
    desired = connection("a", description="dropped", ignore=("/description",))
    world = World(tmp_path, [desired], Behaviour(drop_description=True))
    assert (world.apply().converged, len(world.writes())) == (True, 1)


def test_the_marker_stays_in_a_shared_flow_spec_only_where_there_is_a_file(tmp_path: Path) -> None:
    world = World(tmp_path, [source()])
    world.apply()
    assert marker_of(world.flow(BATCH)) is None


def test_a_pinned_spec_that_the_list_does_not_show_is_read_by_id(tmp_path: Path) -> None:
    desired = connection("a")
    world = World(tmp_path)
    spec_id = world.post(desired.body)
    world.emulator.service.behaviour = Behaviour(unlisted=(spec_id,))
    world.files = [connection("a", pinned_id=spec_id)]
    assert world.plan().summary.in_sync == 1


def test_a_hidden_spec_that_its_flow_spec_holds_is_found_and_no_twin_is_made(tmp_path: Path) -> None:
    world = World(tmp_path, [source()])
    world.apply()
    world.emulator.service.behaviour = Behaviour(unlisted=(world.ours()["a"][0],))
    made = world.plan()
    assert (made.actions, made.summary.in_sync) == ((), 1)


def test_a_flow_spec_under_an_access_label_refuses_the_create(tmp_path: Path) -> None:
    world = World(tmp_path, [source()], Behaviour(hidden=(BATCH,)))
    assert [problem.code for problem in world.plan().errors] == ["flow-spec-not-found"]


def test_connection_specs_come_back_in_both_collections_apart(tmp_path: Path) -> None:
    world = World(tmp_path, [source(), flow_file("f")])
    world.apply()
    assert len([body for body in world.live(Kind.FLOW_SPEC) if body["name"] == "f"]) == 1
