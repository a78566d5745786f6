from __future__ import annotations

from reconciler.applying.outcome import ApplyReport
from reconciler.documents.comparison import Cause
from reconciler.documents.places import MISSING
from reconciler.reports.apply.markdown import render_apply_markdown
from reconciler.reports.apply.view import apply_view_of
from reconciler.reports.plan.markdown import render_plan_markdown
from reconciler.reports.plan.renamed_entries import with_renames
from reconciler.reports.plan.text import render_plan_text
from reconciler.reports.plan.view import ChangeView, view_of
from tests.reports.plans import change, plan, update

ENTRY = {"name": "Basic", "type": "BasicAuthentication", "spec": {"properties": {f"p{number}": {} for number in range(20)}}}
OTHER = ENTRY | {"name": "Basic Authentication"}


def gone(old: object = ENTRY, path: str = "/authSpec/0") -> ChangeView:
    return ChangeView("remove", path, old, MISSING, Cause.PENDING)


def come(new: object = OTHER, path: str = "/authSpec/-") -> ChangeView:
    return ChangeView("add", path, MISSING, new, Cause.PENDING)


def test_an_entry_with_another_name_and_nothing_else_is_one_change() -> None:
    renamed = ChangeView("replace", "/authSpec/0/name", "Basic", "Basic Authentication", Cause.PENDING)
    assert with_renames((gone(), come())) == (renamed,)


def test_an_entry_that_is_different_in_more_goes_and_comes() -> None:
    for pair in ((gone(), come(OTHER | {"type": "x"})), (gone(), come(path="/encryptionSpecs/-")), (gone("a"), come("b"))):
        assert with_renames(pair) == pair


def test_each_entry_is_paired_once() -> None:
    again = come(ENTRY | {"name": "Third"})
    assert with_renames((gone(), come(), again)) == (*with_renames((gone(), come())), again)


def test_a_plan_shows_the_rename_in_two_lines() -> None:
    made = plan(update(change("remove", "/authSpec/0", old=ENTRY), change("add", "/authSpec/-", new=OTHER)))
    text = render_plan_text(view_of(made))
    assert '/authSpec/0/name\n      "Basic" -> "Basic Authentication"' in text
    assert "p19" not in text
    assert "p19" not in render_plan_markdown(view_of(made))


def test_the_result_of_an_apply_shows_the_rename_too() -> None:
    made = plan(update(change("remove", "/authSpec/0", old=ENTRY), change("add", "/authSpec/-", new=OTHER)))
    shown = render_apply_markdown(apply_view_of(ApplyReport(made.target, made.digest, ()), view_of(made)))
    assert "/authSpec/0/name" in shown
    assert "p19" not in shown
