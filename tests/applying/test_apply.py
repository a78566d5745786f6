"""An apply against the emulated service: what is written, in which order, and what it says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.applying.outcome import OutcomeName
from reconciler.desired.specs import DesiredSpec
from reconciler.documents.kinds import Kind
from reconciler.planning.plan import ActionName
from reconciler.settings.values import Network
from tests.applying.world import BATCH, World, changed, outcomes
from tests.planning.situations import connection, flow_file

FLOW = "RestStorageToAEP"


def source(key: str, **body: object) -> DesiredSpec:
    return connection(key, flow_specs=[FLOW], **{"sourceSpec": {"attributes": {"x": 1}}, **body})


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, [source(key) for key in ("a", "b", "c")])


def test_six_new_sources_are_six_posts_and_one_put(tmp_path: Path) -> None:
    world = World(tmp_path, [source(key) for key in "abcdef"])
    report = world.apply()
    assert report.converged
    assert world.writes() == [("POST", "/connectionSpecs")] * 6 + [("PUT", f"/flowSpecs/{BATCH}")]


def test_the_next_plan_is_quiet_and_costs_two_lists(world: World) -> None:
    world.apply()
    world.forget_requests()
    assert (world.plan().actions, len(world.emulator.store.requests())) == ((), 2)


def test_one_edit_is_one_put(world: World) -> None:
    world.apply()
    world.forget_requests()
    world.files[1] = changed(world.files[1], sourceSpec={"attributes": {"x": 2}})
    assert outcomes(world.apply())["b"] is OutcomeName.UPDATED
    assert world.writes() == [("PUT", f"/connectionSpecs/{world.ours()['b'][0]}")]


def test_every_spec_is_named_once_in_the_report(world: World) -> None:
    world.files.append(source("d"))
    world.apply(keys=("a",), max_creates=1)
    report = world.apply(keys=())
    assert sorted(outcomes(report)) == [FLOW, "a", "b", "c", "d"]
    assert outcomes(report)["a"] is OutcomeName.IN_SYNC


def test_created_ids_are_attached_behind_those_of_others(world: World) -> None:
    before = world.held()
    world.apply()
    assert world.held() == [*before, *(world.ours()[key][0] for key in "abc")]


def test_sections_that_a_file_leaves_out_survive_a_put(world: World) -> None:
    world.apply()
    spec_id = world.ours()["a"][0]
    world.edit(spec_id, lambda body: body | {"permissionsInfo": {"view": [{"name": "x"}]}})
    world.files[0] = changed(world.files[0], sourceSpec={"attributes": {"x": 2}})
    world.apply()
    (body,) = (body for body in world.live() if body["id"] == spec_id)
    assert (body["permissionsInfo"], body["sourceSpec"]) == ({"view": [{"name": "x"}]}, {"attributes": {"x": 2}})


def test_a_put_does_not_send_what_the_server_manages(world: World) -> None:
    world.apply()
    world.files[0] = changed(world.files[0], sourceSpec={})
    world.apply()
    before = next(line for line in world.journal(2) if line["event"] == "intent")["before"]
    assert before["id"] == world.ours()["a"][0]


def test_drift_is_put_right(world: World) -> None:
    world.apply()
    world.edit(world.ours()["a"][0], lambda body: body | {"sourceSpec": {"attributes": {"x": 9}}})
    world.apply()
    assert world.plan().actions == ()


def test_a_rename_writes_only_the_marker(world: World) -> None:
    world.apply()
    (spec_id,) = world.ours()["a"]
    world.forget_requests()
    world.files[0] = connection("z", flow_specs=[FLOW], former_keys=("a",), sourceSpec={"attributes": {"x": 1}}, name="a")
    report = world.apply()
    assert (outcomes(report)["z"], world.writes(), world.ours()["z"]) == (
        OutcomeName.UPDATED,
        [("PUT", f"/connectionSpecs/{spec_id}")],
        [spec_id],
    )


def test_an_adopted_spec_gets_our_marker_and_keeps_its_id(tmp_path: Path) -> None:
    desired = connection("a", adopt=True)
    world = World(tmp_path, [desired])
    spec_id = world.post(desired.body)
    world.apply()
    assert world.ours() == {"a": [spec_id]}


def test_a_removed_file_leaves_its_spec_alone(world: World) -> None:
    world.apply()
    world.forget_requests()
    del world.files[0]
    assert (world.apply().converged, world.writes()) == (True, [])


def test_pruning_detaches_and_then_retires(world: World) -> None:
    world.apply()
    (spec_id,) = world.ours()["a"]
    world.forget_requests()
    del world.files[0]
    report = world.apply(prune=True, max_detaches=1)
    assert (report.converged, world.writes()) == (True, [("PUT", f"/flowSpecs/{BATCH}"), ("PUT", f"/connectionSpecs/{spec_id}")])
    assert spec_id not in world.held()
    assert world.plan(prune=True).actions == ()


def test_a_flow_spec_is_retired_together_with_a_source_that_it_holds(tmp_path: Path) -> None:
    files = [connection("a", flow_specs=["own-flow"]), flow_file(sourceConnectionSpecIds=[]), connection("keep")]
    world = World(tmp_path, files)
    assert world.apply().converged
    del world.files[:2]
    report = world.apply(prune=True, max_detaches=1)
    assert (report.converged, [result.error for result in report.results]) == (True, [None] * len(report.results))
    assert world.plan(prune=True).actions == ()


def test_a_flow_spec_of_our_own_is_made_after_the_specs_that_it_refers_to(tmp_path: Path) -> None:
    files = [connection("a", flow_specs=["own-flow"]), flow_file(sourceConnectionSpecIds=[{"ref": "b"}]), connection("b")]
    world = World(tmp_path, files)
    assert world.apply().converged
    (flow,) = (body for body in world.live(Kind.FLOW_SPEC) if body["name"] == "own-flow")
    assert flow["sourceConnectionSpecIds"] == [world.ours()["b"][0], world.ours()["a"][0]]
    assert world.plan().actions == ()


def test_a_new_source_joins_a_flow_spec_of_our_own_with_one_put(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a", flow_specs=["own-flow"]), flow_file(sourceConnectionSpecIds=[])])
    world.apply()
    world.forget_requests()
    world.files.append(connection("b", flow_specs=["own-flow"]))
    assert world.apply().converged
    assert [method for method, _ in world.writes()] == ["POST", "PUT"]
    assert world.plan().actions == ()


def test_an_apply_of_nothing_writes_nothing_and_keeps_no_journal(tmp_path: Path) -> None:
    report = World(tmp_path).apply()
    assert (report.results, report.journal, list(tmp_path.iterdir())) == ((), None, [])


def test_only_named_keys_are_applied(world: World) -> None:
    world.apply(keys=("b",))
    assert list(world.ours()) == ["b"]


def test_a_create_waits_until_specs_made_a_moment_ago_would_show(world: World) -> None:
    began = world.clock.now()
    world.apply()
    assert world.clock.now() - began >= world.network.consistency_window


def test_an_update_does_not_wait(world: World) -> None:
    world.apply()
    world.files[0] = changed(world.files[0], sourceSpec={})
    began = world.clock.now()
    world.apply()
    assert world.clock.now() == began


def test_progress_counts_the_actions(world: World) -> None:
    world.apply()
    assert world.progress.done == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_several_workers_end_in_the_same_state(tmp_path: Path) -> None:
    world = World(tmp_path, [source(f"s{number:02}") for number in range(20)], network=Network(concurrency=4))
    report = world.apply()
    assert (report.converged, len(world.writes())) == (True, 21)
    assert [result.key for result in report.results[:20]] == [f"s{number:02}" for number in range(20)]


def test_the_plan_says_what_apply_did(world: World) -> None:
    made = world.plan()
    planned = [(request.method, request.path) for action in made.actions for request in action.requests]
    world.apply(made)
    assert sorted(planned) == sorted(world.writes())
    assert {action.action for action in made.actions} == {ActionName.CREATE, ActionName.ATTACH}


def test_a_reference_to_a_spec_out_of_scope_is_written_with_its_id(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a", flow_specs=[])])
    world.apply()
    world.files.append(flow_file(sourceConnectionSpecIds=[{"ref": "a"}]))
    assert world.apply(keys=("own-flow",)).converged
    (flow,) = (body for body in world.live(Kind.FLOW_SPEC) if body["name"] == "own-flow")
    assert flow["sourceConnectionSpecIds"] == world.ours()["a"]


def test_a_reference_means_the_pinned_one_of_two_twins(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a", flow_specs=[])])
    world.apply()
    (first,) = world.ours()["a"]
    twin = world.post(next(body for body in world.live() if body["id"] == first))
    world.files = [connection("a", flow_specs=[], pinned_id=first), flow_file(sourceConnectionSpecIds=[{"ref": "a"}])]
    world.apply()
    (flow,) = (body for body in world.live(Kind.FLOW_SPEC) if body["name"] == "own-flow")
    assert (flow["sourceConnectionSpecIds"], twin != first) == ([first], True)


def test_an_odd_id_in_a_shared_list_does_not_keep_anybody_from_creating(world: World) -> None:
    world.attach("../x y")
    assert world.apply().converged
    assert "../x y" in world.held()
