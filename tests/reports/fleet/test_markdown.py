"""The Markdown over several targets: one comment, however many there are."""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from reconciler.documents.comparison import Cause
from reconciler.errors import Problem, Severity
from reconciler.planning.plan import State
from reconciler.reports.fleet.markdown import FleetMarkdown, render_fleet_markdown
from reconciler.reports.problems.view import problem_view
from reconciler.reports.sinks.markdown import fleet_marker, has_marker, marker
from tests.reports.fleet.fleets import EDIT, NEW, QUIET, REFUSED, REPOSITORY, UNREADABLE, settings, view_over
from tests.reports.plans import change, plan, spec, update

_HERE = FleetMarkdown()


def test_the_hidden_marker_names_the_repository_of_the_settings_not_a_target() -> None:
    shown = render_fleet_markdown(view_over(settings("dev"), {"dev": EDIT}), _HERE)
    assert has_marker(shown, fleet_marker("plan", REPOSITORY, "specs"))
    assert not has_marker(shown, marker("plan", "dev", "specs"))


def test_each_target_has_its_state_and_its_whole_digest() -> None:
    shown = render_fleet_markdown(view_over(settings("dev", "stage", "prod"), {"dev": EDIT, "stage": NEW, "prod": QUIET}), _HERE)
    assert f"| <code>dev</code> | to do | <code>{'1' * 64}</code> |" in shown
    assert f"| <code>stage</code> | to do | <code>{'2' * 64}</code> |" in shown
    assert "In sync: <code>prod</code>" in shown
    assert "**1 in sync, 2 to do**" in shown


def test_a_change_that_several_targets_share_is_shown_once_with_their_names() -> None:
    shown = render_fleet_markdown(view_over(settings("dev", "stage"), {"dev": EDIT, "stage": EDIT}), _HERE)
    assert shown.count("```diff") == 1
    assert "update connection spec <code>mailchimp-members</code> · 1 change · all 2 targets" in shown


def test_changes_that_differ_are_shown_each_with_their_target() -> None:
    other = replace(EDIT, actions=plan(update(change("replace", "/a", 1, 3))).actions)
    shown = render_fleet_markdown(view_over(settings("dev", "stage"), {"dev": EDIT, "stage": other}), _HERE)
    assert shown.count("```diff") == 2
    assert "· 1 change · <code>dev</code></summary>" in shown
    assert "· 1 change · <code>stage</code></summary>" in shown


def test_a_target_that_could_not_be_read_is_named_with_the_reason_and_hides_no_other() -> None:
    shown = render_fleet_markdown(view_over(settings("dev", "stage"), {"dev": UNREADABLE, "stage": EDIT}), _HERE)
    assert "**1 target failed, so this report is not complete.**" in shown
    assert "- <code>dev</code>: the list of connection specs could not be read: 403\\\n  hint: check the credential" in shown
    assert "| <code>mailchimp-members</code> | ? | pending |" in shown


def test_a_problem_of_several_targets_is_shown_once() -> None:
    shown = render_fleet_markdown(view_over(settings("dev", "stage"), {"dev": REFUSED, "stage": REFUSED}), _HERE)
    assert shown.count("too many") == 1
    assert "too many (<code>too-many-updates</code>)\\\n  in all 2 targets" in shown


def test_what_is_permanent_is_counted_over_all_targets_and_named() -> None:
    shown = render_fleet_markdown(view_over(settings("dev", "stage"), {"dev": NEW, "stage": NEW}), _HERE)
    assert (
        "2 specs will be created; **a spec cannot be deleted once created**:\n\n- <code>orders</code> in all 2 targets" in shown
    )


def test_nothing_to_do_is_one_line() -> None:
    shown = render_fleet_markdown(view_over(settings("dev", "stage"), {"dev": QUIET, "stage": QUIET}), _HERE)
    assert len(shown.strip().split("\n\n")) == 2
    assert "**reconciler** 2 targets · nothing to do: 2 specs in sync · digest <code>" in shown


def test_a_report_that_could_not_be_merged_is_never_taken_for_nothing_to_do() -> None:
    lost = problem_view(Problem(Severity.ERROR, "no-report", "plan-2.json: not a report"))
    shown = render_fleet_markdown(view_over(settings("dev"), {"dev": QUIET}), replace(_HERE, problems=(lost,)))
    assert "#### Reports\n\n- **error**" in shown
    assert "nothing to do" not in shown


def test_more_targets_than_a_table_holds_are_counted_by_column() -> None:
    names = [f"t{number}" for number in range(12)]
    shown = render_fleet_markdown(view_over(settings(*names), dict.fromkeys(names, EDIT)), _HERE)
    assert "| spec | <code>all &#40;12&#41;</code> |" in shown
    assert "| <code>mailchimp-members</code> | pending |" in shown


def test_drift_shows_the_repository_first() -> None:
    drifted = plan(
        update(change("replace", "/a", "theirs", "ours", cause=Cause.DRIFT), cause=Cause.DRIFT),
        specs=(structs.replace(spec("mailchimp-members"), state=State.UPDATE, cause=Cause.DRIFT),),
    )
    shown = render_fleet_markdown(view_over(settings("dev"), {"dev": drifted}, "drift"), _HERE)
    assert '- "ours"\n+ "theirs"' in shown
    assert "### Drift in 1 target" in shown
