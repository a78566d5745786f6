"""Reads that lag, show less than there is, or have no fine times: nothing that was live is lost, and nothing is said that is not so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.applying.outcome import ApplyReport, OutcomeName
from reconciler.desired.specs import DesiredSpec
from reconciler.emulator import Behaviour
from tests.applying.world import BATCH, World, changed, errors, outcomes
from tests.planning.situations import connection

FLOW = "RestStorageToAEP"
THEIRS = "99999999-0000-4000-8000-000000000001"
LIMIT = {"attributes": {"limit": "500"}}


def source(key: str = "a", **body: Any) -> DesiredSpec:
    return connection(key, flow_specs=[FLOW], **({"description": "A source", "sourceSpec": LIMIT} | body))


def shared(tmp_path: Path) -> World:
    """A flow spec that others use too, with sections and an id that are not ours; one source of ours is attached."""
    world = World(tmp_path, [source()])
    world.attach(THEIRS)
    world.edit(BATCH, lambda body: body | {"permissionsInfo": {"view": [1]}, "attributes": {"theirs": 1}})
    world.clock.sleep(100)
    assert world.apply().converged
    world.clock.sleep(100)
    return world


def behave(world: World, **switches: Any) -> None:
    world.emulator.service.behave(Behaviour(**switches))


def attach_another(world: World) -> ApplyReport:
    world.files.append(source("b"))
    return world.apply()


PARTIAL = [
    {"get_without": ("permissionsInfo",)},
    {"get_without": ("attributes", "transformationSpecs")},
    {"get_without": ("targetConnectionSpecIds", "version")},
    {"get_summary": True, "partial_ids": (BATCH,)},
    {"get_ids": 2},
    {"get_ids": 0},
]
STALE = [
    {"get_lag": 4},
    {"get_lag": 40},
    {"stale_gets": 3},
    {"stale_gets": 40},
    {"get_replicas": (0, 30)},
    {"list_bodies_lag": 15},
    {"list_replicas": (0, 15)},
    {"list_lag": 30},
]
TIMES = [
    {"updated_at": "missing"},
    {"updated_at": "missing", "updated_at_in": ("get",)},
    {"updated_at": "missing", "updated_at_in": ("write",)},
    {"updated_at": "whole_seconds"},
    {"updated_at": "whole_seconds", "updated_at_in": ("get",)},
    {"updated_at": "seconds"},
    {"updated_at": "seconds", "updated_at_in": ("list",)},
    {"updated_at_not_bumped": True},
    {"seconds_per_call": 3.2},
    {"reorder_ids": True, "reorder_keys": True},
    {"upper_case_ids": ("get",)},
]


@pytest.mark.parametrize("switches", PARTIAL, ids=str)
def test_nothing_is_written_on_a_reading_that_shows_less_than_the_list(tmp_path: Path, switches: dict[str, Any]) -> None:
    world = shared(tmp_path)
    before = world.flow()
    behave(world, **switches)
    report = attach_another(world)
    assert report.exit_code == 4
    assert world.flow() == before


@pytest.mark.parametrize("switches", [*PARTIAL, *STALE, *TIMES], ids=str)
def test_no_section_and_no_id_of_others_is_lost(tmp_path: Path, switches: dict[str, Any]) -> None:
    world = shared(tmp_path)
    before = world.flow()
    behave(world, **switches)
    report = attach_another(world)
    after = world.flow()
    assert before.keys() <= after.keys()
    assert {item.lower() for item in before["sourceConnectionSpecIds"]} <= {item.lower() for item in world.held()}
    if report.converged:
        assert world.ours()["b"][0] in world.held()


@pytest.mark.parametrize("switches", TIMES, ids=str)
def test_without_fine_times_an_apply_converges_all_the_same(tmp_path: Path, switches: dict[str, Any]) -> None:
    world = shared(tmp_path)
    behave(world, **switches)
    assert attach_another(world).converged
    world.files[0] = changed(world.files[0], name="renamed")
    assert world.apply().converged
    assert world.plan().actions == ()


@pytest.mark.parametrize("switches", STALE, ids=str)
def test_what_reads_do_not_show_in_time_is_done_by_a_later_run(tmp_path: Path, switches: dict[str, Any]) -> None:
    world = shared(tmp_path)
    behave(world, **switches)
    attach_another(world)
    behave(world)
    world.clock.sleep(100)
    assert world.apply().converged
    assert {len(ids) for ids in world.ours().values()} == {1}


def test_an_unowned_section_of_a_connection_spec_is_not_lost_to_a_partial_answer(tmp_path: Path) -> None:
    world = shared(tmp_path)
    (spec_id,) = world.ours()["a"]
    world.edit(spec_id, lambda body: body | {"permissionsInfo": {"view": [1]}})
    world.clock.sleep(100)
    behave(world, get_without=("permissionsInfo",))
    world.files[0] = changed(world.files[0], name="renamed")
    report = world.apply()
    assert (outcomes(report)["a"], errors(report)["a"]) == (OutcomeName.FAILED, "unproven")
    assert world.writes()[-1][0] != "PUT" or spec_id not in world.writes()[-1][1]


def test_a_removal_that_the_list_shows_too_is_believed(tmp_path: Path) -> None:
    world = shared(tmp_path)
    world.files.append(source("b"))
    made = world.plan()
    world.edit(BATCH, lambda body: body | {"sourceConnectionSpecIds": world.ours()["a"]})
    report = world.apply(made)
    assert report.converged
    assert THEIRS not in world.held()


def test_a_change_back_that_the_service_makes_a_moment_later_is_settled_when_it_is_repaired(tmp_path: Path) -> None:
    world = shared(tmp_path)
    behave(world, drop_description=True, normalise_after=0.02, normalised_by="")
    world.files[0] = changed(world.files[0], name="renamed")
    assert world.apply().converged
    world.clock.sleep(60)
    assert world.apply().converged
    world.clock.sleep(60)
    made = world.plan()
    assert (made.actions, [problem.code for problem in made.problems]) == ((), ["not-kept"])


def drifted(tmp_path: Path) -> tuple[World, str]:
    world = shared(tmp_path)
    (spec_id,) = world.ours()["a"]
    world.edit(spec_id, lambda body: body | {"sourceSpec": {"attributes": {"limit": "100"}}})
    world.clock.sleep(60)
    return world, spec_id


@pytest.mark.parametrize("times", [{}, {"updated_at": "missing"}, {"updated_at": "whole_seconds"}], ids=str)
@pytest.mark.parametrize("lag", [{"stale_gets": 1}, {"stale_gets": 40}, {"get_lag": 30}], ids=str)
def test_drift_that_a_stale_read_still_shows_is_never_taken_for_the_services_habit(
    tmp_path: Path, lag: dict[str, Any], times: dict[str, Any]
) -> None:
    world, spec_id = drifted(tmp_path)
    behave(world, **lag, **times)
    world.apply()
    (body,) = (body for body in world.live() if body["id"] == spec_id)
    assert body["sourceSpec"] == LIMIT
    assert body["attributes"]["reconciler"]["settled"] == {}


def test_a_record_that_somebody_forged_hides_no_change(tmp_path: Path) -> None:
    from reconciler.documents.canonical import short_digest  # noqa: PLC0415

    world, spec_id = drifted(tmp_path)
    known = {"sent": short_digest("500"), "kept": short_digest("100")}

    def forge(body: dict[str, Any]) -> dict[str, Any]:
        marker = body["attributes"]["reconciler"] | {"settled": {"/sourceSpec/attributes/limit": known}}
        return body | {"attributes": {"reconciler": marker}}

    world.edit(spec_id, forge)
    (action,) = world.plan().actions
    assert [change.path for change in action.changes] == ["/sourceSpec/attributes/limit"]


@pytest.mark.parametrize("count", [False, True])
def test_a_list_whose_pages_shift_once_is_read_again(tmp_path: Path, count: bool) -> None:
    world = shared(tmp_path)
    behave(world, page_by_offset=True, pages=3, shifting_pages=1, list_count=count)
    assert attach_another(world).converged


def test_nothing_is_created_on_a_list_whose_pages_never_stand_still(tmp_path: Path) -> None:
    world = shared(tmp_path)
    behave(world, page_by_offset=True, pages=3, shifting_pages=1000)
    world.files.append(source("b"))
    assert {problem.code for problem in world.plan().errors} == {"list-incomplete"}


@pytest.mark.parametrize(
    "switches", [{"updated_at": "whole_seconds"}, {"updated_at": "missing"}, {"updated_at_not_bumped": True}], ids=str
)
def test_an_addition_just_after_our_write_is_somebody_elses_whatever_times_say(tmp_path: Path, switches: dict[str, Any]) -> None:
    world = shared(tmp_path)
    (spec_id,) = world.ours()["a"]
    behave(world, **switches)
    world.files[0] = changed(world.files[0], name="renamed")

    def add(request: httpx.Request, _response: httpx.Response) -> None:
        if request.method == "PUT":
            world.tap.after = lambda *_: None
            world.edit(spec_id, lambda body: body | {"sourceSpec": {"attributes": {"limit": "500", "theirs": True}}})

    world.tap.after = add
    report = world.apply()
    assert (outcomes(report)["a"], errors(report)["a"]) == (OutcomeName.NOT_CONVERGED, "changed-under-write")


def test_a_section_that_only_the_answer_to_a_get_lacks_is_not_settled_as_lost(tmp_path: Path) -> None:
    world = World(tmp_path, [source()], behaviour=Behaviour(get_without=("version",)))
    report = world.apply()
    assert (outcomes(report)["a"], errors(report)["a"]) == (OutcomeName.NOT_CONVERGED, "not-confirmed")
    (body,) = (body for body in world.live() if body["name"] == "a")
    assert (body["version"], body["attributes"]["reconciler"]["settled"]) == ("1.0", {})


def test_running_again_when_the_pages_stand_still_leads_out(tmp_path: Path) -> None:
    world = shared(tmp_path)
    behave(world, page_by_offset=True, pages=3, shifting_pages=1000)
    world.files.append(source("b"))
    assert "run the command again" in str(world.plan().errors[0].hint)
    behave(world)
    assert world.apply().converged
