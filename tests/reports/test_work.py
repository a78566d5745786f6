"""How much work and how many bytes a report of many specs takes: four times as many specs take four times as much, or less."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

from reconciler.applying.outcome import ApplyReport, OutcomeName, Result
from reconciler.documents.kinds import Kind
from reconciler.journal.writing import SentWrite
from reconciler.planning.plan import Action
from reconciler.reports.apply.json import render_view_json
from reconciler.reports.apply.markdown import render_apply_markdown
from reconciler.reports.apply.text import render_apply_text
from reconciler.reports.apply.view import apply_view_of
from reconciler.reports.fleet.html import render_fleet_html
from reconciler.reports.fleet.json import render_fleet_json
from reconciler.reports.fleet.markdown import FleetMarkdown, render_fleet_markdown
from reconciler.reports.fleet.text import FleetText, render_fleet_text
from reconciler.reports.fleet.view import FleetView
from reconciler.reports.plan.html.report import render_plan_html
from reconciler.reports.plan.json import render_plan_json
from reconciler.reports.plan.markdown import render_plan_markdown
from reconciler.reports.plan.text import render_plan_text
from reconciler.reports.plan.view import PlanView, view_of
from tests.reports.fleet.fleets import settings, view_over
from tests.reports.plans import DIGEST, TARGET, change, create, plan, update

FEW, MANY = 60, 240
TIMES = MANY / FEW
ROOM = 1.1
"""What more work may be for more specs than for few: the logarithm of a sort, longer numbers."""
TARGETS = 50

PLAN: dict[str, Callable[[PlanView], str]] = {
    "text": render_plan_text,
    "text, verbose": lambda view: render_plan_text(view, verbose=True, color=True),
    "Markdown": render_plan_markdown,
    "HTML": render_plan_html,
    "JSON": render_plan_json,
}
APPLY: dict[str, Callable[[ApplyReport], str]] = {
    "text": lambda report: render_apply_text(report, verbose=True),
    "Markdown": lambda report: render_apply_markdown(apply_view_of(report)),
    "JSON": lambda report: render_view_json(apply_view_of(report)),
}
FLEET: dict[str, Callable[[FleetView], str]] = {
    "text": lambda view: render_fleet_text(view, FleetText(verbose=True)),
    "Markdown": lambda view: render_fleet_markdown(view, FleetMarkdown()),
    "HTML": render_fleet_html,
    "JSON": render_fleet_json,
}


def created(number: int) -> Action:
    body = {"attributes": {"urlParams": {"path": f"/items/{number}"}, "lines": [f"{number} {line}" for line in range(20)]}}
    return create(f"key-{number}", change("add", "/sourceSpec", new=body), name=f"Source {number}")


def edited(number: int) -> Action:
    changes = (change("replace", f"/sourceSpec/attributes/limit{part}", number, number + 1) for part in range(3))
    return update(*changes, key=f"key-{number}", name=f"Source {number}", id=f"{number:08d}-07f4-4586-8190-b40eccef1c5a")


def applied(count: int) -> ApplyReport:
    results = []
    for number in range(count):
        name, spec_id = f"Source {number}", f"{number:08d}-07f4-4586-8190-b40eccef1c5a"
        sent = (SentWrite("PUT", f"/connectionSpecs/{spec_id}", 200, f"r{number}"),)
        results.append(Result(Kind.CONNECTION_SPEC, f"key-{number}", name, spec_id, OutcomeName.UPDATED, sent))
    return ApplyReport(TARGET, DIGEST, tuple(results), (), "j.jsonl")


def fleet(targets: int, specs: int) -> FleetView:
    names = [f"t{number:02d}" for number in range(targets)]
    made = plan(*(edited(number) for number in range(specs)))
    return view_over(settings(*names), dict.fromkeys(names, made))


@pytest.mark.parametrize("form", PLAN)
@pytest.mark.parametrize("action", [created, edited])
def test_a_plan(form: str, action: Callable[[int], Action]) -> None:
    few, many = (view_of(plan(*map(action, range(count)))) for count in (FEW, MANY))
    grows_by_its_specs(PLAN[form], few, many)


@pytest.mark.parametrize("form", APPLY)
def test_an_apply(form: str) -> None:
    grows_by_its_specs(APPLY[form], applied(FEW), applied(MANY))


@pytest.mark.parametrize("form", FLEET)
def test_a_fleet_by_its_specs(form: str) -> None:
    grows_by_its_specs(FLEET[form], fleet(4, FEW), fleet(4, MANY))


@pytest.mark.parametrize("form", FLEET)
def test_a_fleet_by_its_targets(form: str) -> None:
    grows_by_its_specs(FLEET[form], fleet(TARGETS // 4, 8), fleet(TARGETS, 8), TARGETS / (TARGETS // 4))


def test_work_that_grows_with_the_square_is_noticed() -> None:
    def each_with_each(names: list[str]) -> str:
        return "".join(name for name in names if all(map(other_than, names, names)))

    def other_than(one: str, other: str) -> bool:
        return one is other

    with pytest.raises(AssertionError):
        grows_by_its_specs(each_with_each, ["a"] * FEW, ["a"] * MANY)


def grows_by_its_specs(render: Callable[[Any], str], few: Any, many: Any, times: float = TIMES) -> None:
    """Whether rendering `many` takes at most `times` the work and the bytes of rendering `few`."""
    render(few)  # what is made once for all reports
    (less, short), (more, long) = (work_of(render, view) for view in (few, many))
    assert more <= ROOM * times * less, f"{more} calls for {times:g} times as many, {less} before"
    assert long <= ROOM * times * short, f"{long} bytes for {times:g} times as many, {short} before"


def work_of(render: Callable[[Any], str], view: Any) -> tuple[int, int]:
    """How many functions are called, and how many bytes come out."""
    with counting() as calls:
        text = render(view)
    return len(calls), len(text.encode())


@contextmanager
def counting() -> Iterator[list[None]]:
    calls: list[None] = []

    def count(_frame: FrameType, event: str, _of: object) -> None:
        if event in ("call", "c_call"):
            calls.append(None)

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield calls
    finally:
        sys.setprofile(before)
