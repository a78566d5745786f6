"""A change that several targets share: what holds in some of them only, such as who changed it there, and how far it is behind there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from msgspec import structs

from reconciler.documents.comparison import Cause
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Severity
from reconciler.flowservice.usage import SpecUsage
from reconciler.planning.comparing.ownership import Marker
from reconciler.planning.fleet import TargetPlan
from reconciler.planning.plan import Plan
from reconciler.reports.fleet.columns import cells_of
from reconciler.reports.fleet.html import render_fleet_html
from reconciler.reports.fleet.making import FleetRun, fleet_view
from reconciler.reports.fleet.markdown import FleetMarkdown, render_fleet_markdown
from reconciler.reports.fleet.text import FleetText, render_fleet_text
from reconciler.reports.fleet.view import FleetView
from reconciler.settings.values import TargetSettings
from tests.reports.fleet.fleets import CHOSEN, EDIT, settings, target_plan, view_over
from tests.reports.plans import change, update

MEMBERS = (Kind.CONNECTION_SPEC, "mailchimp-members")
LIVE = "2023-11-14T22:13:20Z"
JANE, JOE = (f"changed in Flow Service by {name}@acme at {LIVE}, and in the repository" for name in ("jane", "joe"))
USED = "used by 3 flows (1 enabled, no known run)"


def edited(who: str, flows: int = 3, *, spec_id: str | None = None) -> Plan:
    """A change of live that the repository changed, too."""
    action = EDIT.actions[0]
    usage = SpecUsage(flows=flows, enabled_flows=1)
    changed = replace(
        action, cause=Cause.BOTH, updated_by=f"{who}@acme", updated_at=1_700_000_000_000, usage=usage, id=spec_id or action.id
    )
    return replace(EDIT, actions=(changed,))


def three(*plans: Plan) -> FleetView:
    names = ("stage", "prod", "emea")[: len(plans)]
    return view_over(settings(*names), dict(zip(names, plans, strict=True)))


def notes_in(text: str) -> list[str]:
    """The lines between the spec and its first change."""
    lines = text.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("~ "))
    end = next(number for number, line in enumerate(lines) if line.strip() == "/a")
    return [line.strip() for line in lines[start + 1 : end]]


def test_what_holds_in_all_targets_is_said_once_and_the_rest_with_its_targets() -> None:
    text = render_fleet_text(three(edited("jane"), edited("joe"), edited("jane")), FleetText())
    assert notes_in(text) == [
        USED,
        f"stage, emea: drift and pending: {JANE}; apply will overwrite it",
        f"prod: drift and pending: {JOE}; apply will overwrite it",
    ]


def test_a_summary_over_targets_has_the_first_problems_of_each_code_and_counts_the_rest() -> None:
    found = tuple(Problem(Severity.WARNING, "untried", f"k{number} was not tried") for number in range(40))
    view = three(replace(edited("jane"), problems=found))
    text = render_fleet_text(view, FleetText(summary=True))
    assert (text.count("was not tried"), "… 37 more, 40 warnings in all [untried]" in text) == (3, True)
    for given in (FleetText(), FleetText(summary=True, verbose=True)):
        assert render_fleet_text(view, given).count("was not tried") == 40


def test_a_note_of_some_targets_is_said_once_for_them_whatever_else_differs() -> None:
    text = render_fleet_text(three(edited("jane"), edited("jane", 0), edited("joe", 0)), FleetText())
    unused = "not used by any flow (connections without a flow were not checked)"
    assert notes_in(text) == [
        f"stage, prod: drift and pending: {JANE}; apply will overwrite it",
        f"stage: {USED}",
        f"prod, emea: {unused}",
        f"emea: drift and pending: {JOE}; apply will overwrite it",
    ]


def test_what_holds_in_all_targets_names_none() -> None:
    text = render_fleet_text(three(edited("jane"), edited("jane")), FleetText())
    assert notes_in(text) == [f"drift and pending: {JANE}; apply will overwrite it", USED]


def test_an_id_is_shown_only_where_it_is_that_of_all_targets() -> None:
    same, other = edited("jane"), edited("jane", spec_id="0000000a-0000-4000-8000-00000000000b")
    first = str(same.actions[0].id)
    for rendered in (_text, _markdown, render_fleet_html):
        assert first in rendered(three(same, same))
        assert first not in rendered(three(same, other)).split("Targets")[-1]


def _text(view: FleetView) -> str:
    return render_fleet_text(view, FleetText())


def _markdown(view: FleetView) -> str:
    return render_fleet_markdown(view, FleetMarkdown())


def test_markdown_says_who_changed_it_where() -> None:
    shown = re.sub(r"<[^>]*>", "", _markdown(three(edited("jane"), edited("joe", 0))))
    assert "\nIn stage: drift and pending: changed in Flow Service by jane&#64;acme" in shown
    assert "\nIn prod: drift and pending: changed in Flow Service by joe&#64;acme" in shown
    assert f" · {USED}." in shown
    assert " · not used by any flow" in shown


def test_the_page_says_who_changed_it_where_and_filters_that_by_target() -> None:
    page = render_fleet_html(three(edited("jane"), edited("joe")))
    items = re.findall(r'<li class="of (t\d)"><b>(\w+)</b>\s*<p class="note grave">(.*?)</p>', page)
    assert items == [
        ("t1", "stage", f"drift and pending: {JANE}; apply will overwrite it"),
        ("t2", "prod", f"drift and pending: {JOE}; apply will overwrite it"),
    ]
    assert "last changed" not in page


def test_the_page_of_one_target_has_the_notes_at_the_spec() -> None:
    page = render_fleet_html(three(edited("jane")))
    assert 'class="there"' not in page
    assert f"by jane@acme at {LIVE}</dd>" in page


def test_many_different_notes_are_counted() -> None:
    names = [f"t{number}" for number in range(60)]
    view = view_over(settings(*names), {name: edited(f"user-{name}") for name in names})
    assert len(notes_in(_text(view))) == 1 + 8 + 1
    assert notes_in(_text(view))[-1] == "… and other notes on 52 targets (-v shows them)"
    assert len(notes_in(render_fleet_text(view, FleetText(verbose=True)))) == 1 + 60
    assert "… and other notes on 55 targets." in _markdown(view)
    assert "… and other notes on 10 targets</li>" in render_fleet_html(view)


# how far live is behind


def lagging(lags: Sequence[int], *plans: Plan) -> FleetView:
    """Targets whose live spec is so many commits behind the checkout."""
    names = ("stage", "prod", "emea")[: len(plans)]
    made: list[TargetPlan] = []
    for name, lag, plan in zip(names, lags, plans, strict=True):
        spec = structs.replace(plan.specs[0], file="specs/a.yaml")
        marker = Marker("r", "s", "mailchimp-members", commit=str(lag))
        made.append(target_plan(name, replace(plan, specs=(spec, *plan.specs[1:]), markers={MEMBERS: marker})))
    run = FleetRun(
        "plan",
        settings(**{name: TargetSettings(name=name, groups=("all",)) for name in names}),
        CHOSEN,
        made,
        lambda _plan, _view: {},
        lagging=lambda commit, _file: (int(commit), 1_700_000_000) if int(commit) else None,
    )
    return fleet_view(run)


def test_a_cell_and_the_change_say_how_far_live_is_behind() -> None:
    view = lagging((3, 0, 1), EDIT, EDIT, EDIT)
    text = _text(view)
    assert re.search(r"mailchimp-members +pending, 3 behind +pending +pending, 1 behind\n", text)
    assert notes_in(text)[1:] == [f"stage: 3 commits behind, since {LIVE}", f"emea: 1 commit behind, since {LIVE}"]
    shown = _markdown(view)
    assert "| pending, 3 behind | pending | pending, 1 behind |" in shown
    assert f"In <code>stage</code>: 3 commits behind, since {LIVE}." in shown
    assert f"3 commits behind, since {LIVE}</p>" in render_fleet_html(view)


def test_a_terminal_without_room_for_it_keeps_a_column_for_each_target() -> None:
    text = render_fleet_text(lagging((3, 0, 1), EDIT, EDIT, EDIT), FleetText(columns=60))
    assert re.search(r"SPEC +stage +prod +emea\nmailchimp-members +pending +pending +pending\n", text)


def test_a_column_of_several_targets_does_not_say_it() -> None:
    text = render_fleet_text(lagging((3, 0, 1), EDIT, EDIT, EDIT), FleetText(columns=20))
    assert text.startswith("SPEC               all (3)\nmailchimp-members  pending\n")
    (row, _) = lagging((3, 3), EDIT, EDIT).matrix
    assert cells_of(row, {"all": ("stage", "prod")}, behind=True) == ["pending"]


def test_the_same_lag_everywhere_is_said_once() -> None:
    assert notes_in(_text(lagging((2, 2), EDIT, EDIT)))[1:] == [f"2 commits behind, since {LIVE}"]


def test_two_changes_of_one_spec_in_different_targets_have_their_own_notes() -> None:
    other = replace(
        edited("joe"), actions=(replace(edited("joe").actions[0], changes=update(change("replace", "/b", 1, 2)).changes),)
    )
    text = _text(three(edited("jane"), other))
    assert text.index(JANE) < text.index("in prod:") < text.index(JOE)
