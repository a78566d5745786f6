"""The cells of the table: what waits at a gate, and how far live is behind."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from msgspec import structs

from reconciler.documents.comparison import Cause
from reconciler.documents.json_text import decode
from reconciler.documents.kinds import Kind
from reconciler.planning.comparing.ownership import Marker
from reconciler.planning.gate import Gate, GateName, Wait
from reconciler.planning.plan import Plan, State
from reconciler.reports.fleet.cells import cells_of
from reconciler.reports.fleet.columns import cell_words
from reconciler.reports.fleet.html import render_fleet_html
from reconciler.reports.fleet.json import render_fleet_json
from reconciler.reports.fleet.markdown import FleetMarkdown, render_fleet_markdown
from reconciler.reports.fleet.text import FleetText, render_fleet_text
from reconciler.reports.fleet.view import Behind, Cell, CellState, TargetState
from reconciler.reports.plan.view import view_of
from tests.reports.fleet.fleets import EDIT, QUIET, settings, view_over
from tests.reports.plans import change, plan, spec, update

COMMIT = "a" * 40
MAILCHIMP = (Kind.CONNECTION_SPEC, "mailchimp-members")
SOAK = Wait(
    "stage", GateName.SOAK, "19h of 24h", "it may go on later", since=1_700_000_000.0, until=1_700_086_400.0, left=18_000.0
)
SAME = Wait("stage", GateName.SAME, "stage has 2 changes pending")


def waiting(*waits: Wait) -> Plan:
    """A plan whose only change waits for these reasons."""
    action = update(change("replace", "/a", 1, 2))
    specs = (structs.replace(spec("mailchimp-members"), state=State.UPDATE, cause=Cause.PENDING), spec("orders"))
    return replace(plan(specs=specs, digest="5" * 64), waiting=(action,), gates={MAILCHIMP: Gate(waits)})


def cell_of(made: Plan, lag: tuple[int, int] | None = None) -> Cell:
    return dict(cells_of(made, view_of(made), lambda _commit, _file: lag))[MAILCHIMP]


def test_what_is_withheld_waits_with_the_reasons_and_moments_of_its_gate() -> None:
    cell = cell_of(waiting(SOAK))
    assert cell.state is CellState.WAITING
    assert cell.gate is not None
    assert (cell.gate.ready, cell.gate.waits[0].until) == (False, "2023-11-15T22:13:20Z")


def test_a_change_that_is_ready_is_pending_although_another_one_waits() -> None:
    made = replace(EDIT, waiting=(update(change("replace", "/b", 1, 2)),), gates={MAILCHIMP: Gate((SOAK,))})
    assert cell_of(made).state is CellState.PENDING


def test_a_target_where_everything_waits_is_waiting_and_one_in_sync_is_not() -> None:
    view = view_over(settings("prod", "stage"), {"prod": waiting(SOAK), "stage": QUIET})
    assert [target.state for target in view.targets] == [TargetState.WAITING, TargetState.IN_SYNC]
    assert (view.summary.waiting, view.summary.to_do) == (1, 0)


def test_the_commit_of_live_and_how_far_it_is_behind_are_in_the_cell() -> None:
    pending = structs.replace(EDIT.specs[0], file="specs/sources/mailchimp-members/connection-spec.yaml")
    made = replace(EDIT, specs=(pending,), markers={MAILCHIMP: Marker("r", "s", "mailchimp-members", commit=COMMIT)})
    cell = cell_of(made, (3, 1_700_000_000))
    assert (cell.commit, cell.behind) == (COMMIT, Behind(3, "2023-11-14T22:13:20Z"))
    assert cell_of(made).behind is None


def test_nobody_counts_commits_of_a_spec_that_is_in_sync() -> None:
    same = structs.replace(QUIET.specs[0], file="specs/a.yaml")
    made = replace(QUIET, specs=(same,), markers={MAILCHIMP: Marker("r", "s", "mailchimp-members", commit=COMMIT)})
    assert cell_of(made, (3, 1_700_000_000)).behind is None


def test_each_report_says_what_waits_for_what() -> None:
    view = view_over(settings("prod", "uat"), {"prod": waiting(SOAK), "uat": waiting(SAME)})
    text = render_fleet_text(view, FleetText())
    assert "mailchimp-members  waiting 5h  waiting stage" in text
    assert "soak: 19h of 24h" in text
    shown = render_fleet_markdown(view, FleetMarkdown())
    assert "- <code>mailchimp-members</code> in <code>prod</code>: soak: 19h of 24h\\\n  hint: it may go on later" in shown
    assert "nothing to do" not in shown
    page = render_fleet_html(view)
    assert "<p>same: stage has 2 changes pending</p>" in page
    assert ">waiting stage</span>" in page


def test_a_reason_is_shared_although_two_jobs_asked_at_different_seconds() -> None:
    later = replace(SOAK, left=17_999.0)
    view = view_over(settings("prod", "uat"), {"prod": waiting(SOAK), "uat": waiting(later)})
    assert render_fleet_text(view, FleetText()).count("19h of 24h") == 1


def cell_that_waits(*waits: Wait) -> str:
    return cell_words([cell_of(waiting(*waits))])


def test_a_cell_says_how_long_the_longest_soak_still_lasts() -> None:
    assert cell_that_waits(SOAK, replace(SOAK, on="eu", left=24_500.0)) == "waiting 7h"


def test_a_cell_says_what_time_alone_does_not_end() -> None:
    unsure = Wait("stage", GateName.SOAK, "the answers of stage have no Date", unsure=True)
    assert cell_that_waits(SOAK, Wait("stage", GateName.PROVED, "no proof")) == "waiting proved"
    assert cell_that_waits(SOAK, unsure) == "waiting soak"
    assert cell_that_waits() == "waiting"


def test_cells_of_several_targets_that_wait_for_the_same_say_so() -> None:
    soak, same = cell_of(waiting(SOAK)), cell_of(waiting(SAME))
    assert cell_words([soak, soak]) == "waiting 5h"
    assert cell_words([soak, same]) == "waiting"


def test_the_json_has_the_seconds_that_are_left_of_a_soak_and_of_nothing_else() -> None:
    document = decode(render_fleet_json(view_over(settings("prod", "uat"), {"prod": waiting(SOAK), "uat": waiting(SAME)})))
    (soak,), (same,) = (row_of(document, name)["gate"]["waits"] for name in ("prod", "uat"))
    assert (soak["left"], "left" in same) == (18_000, False)


def row_of(document: Any, target: str) -> Any:
    return next(row["cells"][target] for row in document["matrix"] if row["key"] == "mailchimp-members")


def test_a_reason_that_several_targets_share_is_given_once() -> None:
    view = view_over(settings("prod", "uat"), {"prod": waiting(SOAK), "uat": waiting(SOAK)})
    assert render_fleet_text(view, FleetText()).count("19h of 24h") == 1
    assert render_fleet_markdown(view, FleetMarkdown()).count("19h of 24h") == 1
