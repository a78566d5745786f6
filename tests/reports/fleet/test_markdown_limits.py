"""The Markdown over several targets fits into a GitHub comment, whatever is in it."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as st
from msgspec.structs import replace

from reconciler.documents.comparison import Change
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Severity
from reconciler.reports.fleet.markdown import FleetMarkdown, render_fleet_markdown
from reconciler.reports.fleet.view import Cell, CellState, FleetView, Row, TargetState
from reconciler.reports.plan.view import ActionView, view_of
from reconciler.reports.problems.view import problem_view
from tests.reports.fleet.shapes import LONGEST_NAME, fleet_of, fleets, target_view
from tests.reports.plans import change, create, plan, update
from tests.reports.sinks.test_escaping import is_harmless

_LIMIT = 60_000
_TARGETS, _SPECS = 256, 1_000


@tries(max_examples=40)
@given(fleets(), st.sampled_from([2_000, 20_000, _LIMIT]))
def test_no_report_is_longer_than_its_limit_or_cuts_a_target_that_has_room(view: FleetView, limit: int) -> None:
    shown = render_fleet_markdown(view, FleetMarkdown(limit=limit))
    assert len(shown.encode()) <= limit
    assert all(is_harmless(line) for line in shown.split("\n"))
    if limit == _LIMIT and shown.startswith("### ", shown.index("\n\n") + 2):
        plain = html.unescape(re.sub("</?code>|<wbr>", "", shown))
        assert all(target.name in plain for target in view.targets)
        assert plain.count("d" * 64) >= sum(target.state is not TargetState.IN_SYNC for target in view.targets)


@pytest.mark.parametrize("name", ["_", "a"])
@pytest.mark.parametrize("report", ["plan", "drift", "status", "apply"])
def test_256_targets_with_1000_specs_fit_and_every_digest_is_whole(report: str, name: str) -> None:
    view = _largest(report, name)
    shown = render_fleet_markdown(view, FleetMarkdown(next_step="**Next**"))
    assert len(shown.encode()) <= _LIMIT
    assert all(re.search(rf"^{target.name} +to do +{target.digest}$", shown, re.MULTILINE) for target in view.targets)
    assert f"digest <code>{view.digest}</code>" in shown
    assert "**Next**" in shown


def test_what_does_not_fit_is_counted() -> None:
    shown = render_fleet_markdown(_largest("plan", "a"), FleetMarkdown())
    rows = len(re.findall(r"^\| <code>spec&#45;|^\| <code>spec-", shown, re.MULTILINE))
    changes = shown.count("```diff")
    assert rows
    assert changes
    assert f"… {_SPECS - rows} more specs omitted from this table" in shown
    assert f"… {_SPECS - changes} changes omitted" in shown


def test_more_targets_than_fit_are_counted_and_the_report_still_fits() -> None:
    targets = [target_view(_name("_", number), TargetState.TO_DO) for number in range(3_000)]
    shown = render_fleet_markdown(fleet_of("plan", targets, (), (), view_of(plan())), FleetMarkdown())
    assert len(shown.encode()) <= _LIMIT
    listed = len(re.findall(r"^\d{4}_+ +to do", shown, re.MULTILINE))
    assert listed > 100
    assert f"… {3_000 - listed:,} more targets" in shown.replace(str(3_000 - listed), f"{3_000 - listed:,}")


def test_long_problems_and_reasons_leave_room_for_the_targets() -> None:
    problems = tuple(Problem(Severity.ERROR, f"p{number}", "long " * 100, hint="do this " * 50) for number in range(500))
    made = view_of(plan(problems=problems))
    targets = [target_view(_name("a", number), TargetState.REFUSED) for number in range(200)]
    targets += [target_view(_name("b", number), TargetState.FAILED, f"reason {number} " * 30) for number in range(56)]
    lost = tuple(problem_view(problem) for problem in problems)
    shown = render_fleet_markdown(fleet_of("plan", targets, (), (), made), FleetMarkdown(problems=lost))
    assert len(shown.encode()) <= _LIMIT
    assert all(target.name in shown for target in targets)


def _largest(report: str, letter: str) -> FleetView:
    """256 targets, all to do, with the longest names; 1,000 specs of which each is created or updated in all of them."""
    targets = [target_view(_name(letter, number), TargetState.TO_DO) for number in range(_TARGETS)]
    made = view_of(plan(create("new", *_changes()), update(*_changes())))
    acted = [_numbered(made.actions[number % 2], number) for number in range(_SPECS)]
    pending = Cell(CellState.PENDING)
    rows = [Row(Kind.CONNECTION_SPEC, f"spec-{number}", {target.name: pending for target in targets}) for number in range(_SPECS)]
    return fleet_of(report, targets, rows, acted, replace(made, actions=tuple(acted)))


def _changes() -> list[Change]:
    return [change("replace", f"/sourceSpec/spec/{number}", "before " * 30, "after " * 30) for number in range(20)]


def _numbered(action: ActionView, number: int) -> ActionView:
    return replace(action, key=f"spec-{number}", name=f"Spec {number}")


def _name(letter: str, number: int) -> str:
    return f"{number:04}".ljust(LONGEST_NAME, letter)
