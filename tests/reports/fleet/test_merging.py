from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from reconciler.applying.outcome import ApplyReport, OutcomeName, Result
from reconciler.documents.kinds import Kind
from reconciler.errors import ReconcilerError
from reconciler.journal.writing import SentWrite
from reconciler.planning.gate import Gate, GateName, Wait
from reconciler.planning.gating.held import held_in
from reconciler.planning.overdue import Overdue
from reconciler.planning.plan import Options, Plan
from reconciler.reports.apply.view import apply_view_of
from reconciler.reports.drift.view import drift_of
from reconciler.reports.fleet.columns import cell_words
from reconciler.reports.fleet.merging import Broken, Expected, Merged, Part, merged
from reconciler.reports.fleet.reading import read_fleet
from reconciler.reports.fleet.view import CellState, FleetView, TargetState
from reconciler.reports.plan.view import view_of
from reconciler.reports.problems.view import ErrorView, NoPlanView
from reconciler.reports.report_reading import DriftReport
from reconciler.settings.values import TargetSettings
from tests.reports.fleet.fleets import (
    CHOSEN,
    EDIT,
    NEW,
    QUIET,
    REFUSED,
    UNREADABLE,
    report_over,
    settings,
    target_plan,
    view_over,
)

GIVEN = settings(
    stage=TargetSettings(name="stage"), dev=TargetSettings(name="dev"), prod=TargetSettings(name="prod", after=("stage",))
)
NAMES = ("stage", "dev", "prod")
WAITING = replace(EDIT, actions=(), waiting=EDIT.actions)
BELONGING = {name: frozenset({(Kind.CONNECTION_SPEC, "mailchimp-members"), (Kind.CONNECTION_SPEC, "orders")}) for name in NAMES}
EXPECTED = Expected(GIVEN, CHOSEN, NAMES)


def part(plans: Mapping[str, Plan | ReconcilerError], file: str = "a.json") -> Part:
    return Part(file, read_fleet(report_over(GIVEN, plans), file))


def state_of(found: Merged, target: str) -> tuple[TargetState, str | None]:
    return next((one.state, one.why) for one in found.view.targets if one.name == target)


def cells(view: FleetView, target: str) -> list[CellState]:
    return [row.cells[target].state for row in view.matrix]


def test_the_reports_of_several_jobs_are_the_report_of_one_run() -> None:
    parts = [part({"prod": NEW}), part({"stage": EDIT, "dev": QUIET})]
    found = merged(parts, EXPECTED)
    assert found.view == view_over(GIVEN, {"stage": EDIT, "dev": QUIET, "prod": NEW})
    assert not found.failed


def test_the_order_of_the_files_does_not_matter() -> None:
    parts = [part({"prod": EDIT}), part({"stage": EDIT}), part({"dev": QUIET})]
    assert merged(parts, EXPECTED).view == merged(parts[::-1], EXPECTED).view


def test_the_same_change_of_two_jobs_is_one_variant() -> None:
    (variant,) = merged([part({"prod": EDIT}), part({"stage": EDIT, "dev": QUIET})], EXPECTED).view.variants
    assert variant.targets == ("stage", "prod")


def test_a_target_without_a_report_has_failed() -> None:
    found = merged([part({"stage": EDIT, "dev": QUIET})], EXPECTED)
    state, why = state_of(found, "prod")
    assert (state, found.failed) == (TargetState.FAILED, True)
    assert why == "no report of it was found: its job was canceled, or ended before it wrote one"
    assert cells(found.view, "prod") == [CellState.UNKNOWN, CellState.UNKNOWN]
    assert found.view.summary.failed == 1


def test_without_any_report_every_target_has_failed() -> None:
    found = merged([], EXPECTED)
    assert [target.state for target in found.view.targets] == [TargetState.FAILED] * 3
    assert found.failed


def test_a_file_that_is_no_report_is_named_where_a_target_is_missing_and_is_a_problem() -> None:
    found = merged([part({"stage": EDIT, "dev": QUIET}), Part("b.json", Broken("b.json", "it is empty"))], EXPECTED)
    assert state_of(found, "prod")[1] == "no usable report of it was found; b.json: it is empty"
    assert [problem.message for problem in found.problems] == ["b.json: it is empty"]


def test_a_broken_file_fails_the_run_though_every_target_is_there() -> None:
    complete = part({"stage": EDIT, "dev": QUIET, "prod": QUIET})
    assert merged([complete, Part("b.json", Broken("b.json", "it is empty"))], EXPECTED).failed


def test_a_command_that_failed_says_why_its_targets_are_missing() -> None:
    failure = NoPlanView(ErrorView("settings", "no credentials", "set them"), ())
    found = merged([part({"stage": EDIT, "dev": QUIET}), Part("b.json", failure)], EXPECTED)
    (target,) = [one for one in found.view.targets if one.name == "prod"]
    assert (target.why, target.hint) == ("no usable report of it was found; b.json: no credentials", "set them")


def test_a_target_in_two_reports_has_failed_since_nothing_says_which_is_true() -> None:
    found = merged([part({"stage": EDIT}), part({"stage": QUIET, "dev": QUIET, "prod": QUIET}, "b.json")], EXPECTED)
    state, why = state_of(found, "stage")
    assert (state, why) == (TargetState.FAILED, "two reports have it: a.json and b.json")
    assert found.view.variants == ()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"repository": "other/repo"}, "it is of the repository 'other/repo', not of 'acme/aep-sources'"),
        ({"commit": "a" * 40}, "it is of commit aaaaaaaaaa, the others are of cccccccccc"),
        ({"report": "drift", "targets": []}, "it is a report of drift, the others are of plan"),
    ],
)
def test_a_report_of_another_run_is_not_used(change: dict[str, Any], why: str) -> None:
    document = json.loads(report_over(GIVEN, {"prod": NEW})) | change
    other = Part("b.json", read_fleet(json.dumps(document).encode(), "b.json"))
    found = merged([part({"stage": EDIT}), part({"dev": QUIET}), other], EXPECTED)
    assert [problem.message for problem in found.problems] == [f"b.json: {why}"]
    assert found.failed


def test_a_job_that_could_read_nothing_says_why_for_each_of_its_targets() -> None:
    found = merged([part({"prod": UNREADABLE}), part({"stage": EDIT, "dev": QUIET}, "b.json")], EXPECTED)
    assert (state_of(found, "prod"), found.problems) == ((TargetState.FAILED, UNREADABLE.message), ())
    assert found.view.commit == EDIT.commit


def test_a_target_that_the_settings_do_not_have_is_a_problem() -> None:
    known = settings("stage", "dev")
    stranger = read_fleet(report_over(settings("x"), {"x": EDIT}), "b.json")
    found = merged([part({"stage": EDIT, "dev": QUIET}), Part("b.json", stranger)], Expected(known, CHOSEN, ("stage", "dev")))
    assert [problem.message for problem in found.problems] == ["b.json: 'x' is not a target of reconciler.yaml"]
    assert [target.name for target in found.view.targets] == ["stage", "dev"]


def test_order_and_groups_are_those_of_the_settings_whatever_a_report_says() -> None:
    document = json.loads(report_over(GIVEN, {"prod": EDIT}))
    document["targets"][0] |= {"wave": 1, "after": [], "environment": "dev"}
    found = merged([Part("a.json", read_fleet(json.dumps(document).encode(), "a.json"))], EXPECTED)
    (target,) = [one for one in found.view.targets if one.name == "prod"]
    assert (target.wave, target.after, target.environment) == (2, ("stage",), "prod")


def test_a_refused_plan_fails_the_run() -> None:
    assert merged([part({"stage": REFUSED, "dev": QUIET, "prod": QUIET})], EXPECTED).failed


def alone(name: str, plan: Plan) -> Part:
    made = target_plan(name, plan).plan
    assert made is not None
    return Part(f"{name}.json", view_of(made))


def test_reports_of_one_target_give_the_same_table() -> None:
    plans: dict[str, Plan | ReconcilerError] = {"stage": EDIT, "dev": QUIET, "prod": NEW}
    parts = [alone("stage", EDIT), part({"dev": QUIET}), alone("prod", NEW)]
    found = merged(parts, Expected(GIVEN, CHOSEN, NAMES, BELONGING)).view
    whole = view_over(GIVEN, plans)
    assert [cells(found, name) for name in NAMES] == [cells(whole, name) for name in NAMES]
    assert (found.variants, found.digest, found.summary) == (whole.variants, whole.digest, whole.summary)


def test_a_spec_that_does_not_belong_to_a_target_is_absent_there() -> None:
    belonging = BELONGING | {"stage": frozenset({(Kind.CONNECTION_SPEC, "orders")})}
    found = merged([alone("stage", QUIET)], Expected(GIVEN, CHOSEN, ("stage",), belonging)).view
    assert cells(found, "stage") == [CellState.ABSENT, CellState.IN_SYNC]


def test_a_plan_of_some_specs_says_nothing_of_the_others() -> None:
    some = replace(QUIET, options=Options(keys=("orders",)))
    found = merged([alone("stage", some)], Expected(GIVEN, CHOSEN, ("stage",), BELONGING)).view
    assert cells(found, "stage") == [CellState.UNKNOWN, CellState.IN_SYNC]


def test_drift_reports_are_merged_too() -> None:
    plans: dict[str, Plan | ReconcilerError] = {"dev": QUIET}
    drifted = DriftReport(drift_of(view_of(EDIT)))
    other = Part("b.json", read_fleet(report_over(GIVEN, plans, "drift"), "b.json"))
    found = merged([Part("a.json", drifted), other], Expected(GIVEN, CHOSEN, ("stage", "dev")))
    assert (found.view.report, found.failed) == ("drift", False)


def test_a_change_that_is_overdue_in_a_drift_report_is_not_in_sync() -> None:
    late = replace(QUIET, overdue=(Overdue(Kind.CONNECTION_SPEC, "orders", None, "c" * 40, "2026-11-18T09:00:00Z"),))
    drift = DriftReport(drift_of(view_of(late)))
    found = merged([Part("a.json", drift)], Expected(GIVEN, CHOSEN, ("stage",), BELONGING)).view
    (target,) = found.targets
    assert (target.state, target.exit_code, found.summary.in_sync) == (TargetState.TO_DO, 2, 0)
    assert cells(found, "stage") == [CellState.IN_SYNC, CellState.PENDING]


def test_a_target_where_all_waits_is_no_failure() -> None:
    found = merged([alone("stage", WAITING)], Expected(GIVEN, CHOSEN, ("stage",), BELONGING))
    assert (state_of(found, "stage")[0], found.failed) == (TargetState.WAITING, False)
    assert cells(found.view, "stage") == [CellState.WAITING, CellState.IN_SYNC]


def applied(name: str, plan: Plan, *outcomes: OutcomeName) -> Part:
    """The report of an apply of one target, with an outcome for each action of its plan; only what was written has a request."""
    made = target_plan(name, plan).plan
    assert made is not None
    results = tuple(
        Result(
            one.kind,
            one.key,
            one.name,
            one.id,
            outcome,
            (SentWrite("PUT", "/", 200, None),) if outcome is OutcomeName.UPDATED else (),
        )
        for one, outcome in zip(made.actions, outcomes, strict=True)
    )
    in_sync = Result(Kind.CONNECTION_SPEC, "orders", "Orders", "9", OutcomeName.IN_SYNC)
    done = ApplyReport(made.target, made.digest, (*results, in_sync), waiting=held_in(made))
    return Part(f"{name}.json", apply_view_of(done, view_of(made)))


def test_an_apply_of_one_target_that_wrote_nothing_is_not_called_applied() -> None:
    parts = [applied("stage", EDIT, OutcomeName.UPDATED), applied("dev", QUIET), applied("prod", WAITING)]
    found = merged(parts, Expected(GIVEN, CHOSEN, NAMES, BELONGING))
    assert [state_of(found, name)[0] for name in NAMES] == [TargetState.APPLIED, TargetState.IN_SYNC, TargetState.WAITING]
    assert (found.view.summary.applied, found.view.summary.waiting) == (1, 1)


def test_the_cells_of_an_apply_of_one_target_say_what_became_of_each_spec() -> None:
    parts = [applied("stage", EDIT, OutcomeName.UPDATED), applied("dev", EDIT, OutcomeName.FAILED)]
    found = merged(parts, Expected(GIVEN, CHOSEN, ("stage", "dev"), BELONGING)).view
    assert [cells(found, name) for name in ("stage", "dev")] == [
        [CellState.APPLIED, CellState.IN_SYNC],
        [CellState.FAILED, CellState.IN_SYNC],
    ]


def test_what_waits_in_one_target_says_for_what() -> None:
    soak = Wait("stage", GateName.SOAK, "19h of 1d", since=0.0, until=86_400.0, left=18_000.0)
    held = replace(WAITING, gates={(Kind.CONNECTION_SPEC, "mailchimp-members"): Gate((soak,))})
    found = merged([alone("stage", held)], Expected(GIVEN, CHOSEN, ("stage",), BELONGING)).view
    assert [cell_words([row.cells["stage"]]) for row in found.matrix] == ["waiting 5h", "in sync"]
