"""The plan of one target in the check runs of a pull request: its own, or one over several targets."""

from __future__ import annotations

import dataclasses

from reconciler.github.checks import FLEET, CheckScope, Conclusion, Report
from reconciler.github.fleet_record import fleet_record_of
from reconciler.github.pulls import MergedPull
from reconciler.github.record import record_of
from reconciler.github.recorded import RecordedPlan, recorded_plan
from reconciler.planning.plan import Plan
from reconciler.reports.fleet.view import FleetView
from reconciler.reports.plan.outline import outline_of
from tests.github.reviewed import EDIT, review, view
from tests.github.situations import HEAD, World
from tests.reports.fleet.fleets import EDIT as EDIT_PLAN
from tests.reports.fleet.fleets import NEW, QUIET, REFUSED, settings, view_over


def over(**plans: Plan) -> FleetView:
    return view_over(settings(*plans), plans)


def record(
    world: World, of: FleetView, *, text: str | None = None, digest: str | None = None, conclusion: Conclusion = "success"
) -> None:
    kept = text if text is not None else fleet_record_of(of, base="b" * 40)
    report = Report("title", "summary", kept)
    world.checks.complete(CheckScope("plan", FLEET), HEAD, 1, digest or of.digest, conclusion, report)


def found(world: World, target: str = "stage") -> RecordedPlan | None:
    return recorded_plan(world.checks, "specs", target, MergedPull(1, HEAD, "2999-01-01T00:00:00Z"), HEAD)


def test_the_plan_of_a_target_is_found_among_those_of_several(world: World) -> None:
    several = over(stage=EDIT_PLAN, prod=NEW)
    record(world, several)
    for name in ("stage", "prod"):
        plan = found(world, name)
        assert plan is not None
        assert plan.outline is not None
        assert (plan.digest, plan.outline.target.name, plan.outline.base) == (several.plans[name].digest, name, "b" * 40)


def test_a_target_that_a_check_run_over_several_is_not_about_has_no_plan_there(world: World) -> None:
    record(world, over(stage=EDIT_PLAN))
    assert found(world, "prod") is None
    review(world, view(EDIT))
    record(world, over(prod=NEW))
    plan = found(world)
    assert plan is not None
    assert plan.digest == "1" * 64


def test_another_target_that_could_not_be_planned_is_nothing_against_this_one(world: World) -> None:
    record(world, over(stage=EDIT_PLAN, prod=REFUSED), conclusion="failure")
    plan, refused = found(world), found(world, "prod")
    assert plan is not None
    assert plan.outline is not None
    assert refused == RecordedPlan(None, None)


def test_the_newest_of_both_counts(world: World) -> None:
    record(world, over(stage=QUIET))
    review(world, view(EDIT))
    newest = found(world)
    assert newest is not None
    assert newest.digest == "1" * 64
    record(world, over(stage=NEW))
    newest = found(world)
    assert newest is not None
    assert newest.digest == over(stage=NEW).plans["stage"].digest


def test_a_record_over_several_that_was_tampered_with_hides_what_is_older(world: World) -> None:
    review(world, view(EDIT))
    record(world, over(stage=EDIT_PLAN), digest="5" * 64)
    assert found(world) == RecordedPlan("5" * 64, None)


def test_a_record_that_left_this_target_out_cannot_tell(world: World) -> None:
    several = over(**{f"t{number}": numbered(number) for number in range(40)})
    record(world, several, text=fleet_record_of(several, 1_500))
    assert found(world, "t39") == RecordedPlan(several.digest, None)


def numbered(number: int) -> Plan:
    return dataclasses.replace(EDIT_PLAN, digest=f"{number:064x}")


def test_a_target_called_fleet_has_its_own_check_run(world: World) -> None:
    plan = view(EDIT)
    world.checks.complete(
        CheckScope("plan", "fleet"), HEAD, 1, plan.digest, "success", Report("title", "summary", record_of(outline_of(plan)))
    )
    own = found(world, "fleet")
    assert own is not None
    assert own.outline is not None
