"""Values of live bodies that JSON libraries stumble over, in every report: shown, and never the end of it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from reconciler.documents.places import MISSING
from reconciler.errors import Problem, Severity
from reconciler.reports.drift.markdown import render_drift_markdown
from reconciler.reports.drift.text import render_drift_text
from reconciler.reports.plan.html.report import render_plan_html
from reconciler.reports.plan.json import render_plan_json
from reconciler.reports.plan.markdown import render_plan_markdown
from reconciler.reports.plan.reading import read_plan
from reconciler.reports.plan.text import render_plan_text
from reconciler.reports.plan.view import PlanView, view_of
from reconciler.texts.exact_json import decode_exact
from tests.reports.plans import change, plan, spec, update
from tests.reports.sinks.test_markdown import ours

ODD = [
    b"1e400",
    b"-0",
    b"1.10",
    b"7" * 5000,
    rb'"half \ud83d"',
    rb'"two\nlines \ud83d"',
    rb'{"\udc00":"\ud83d"}',
    b'{"a":{"x":1,"x":2}}',
    b"[" * 3000 + b"]" * 3000,
]
REPORTS: dict[str, Callable[[PlanView], str]] = {
    "text": render_plan_text,
    "verbose": lambda view: render_plan_text(view, verbose=True),
    "markdown": lambda view: render_plan_markdown(view, links=ours),
    "html": render_plan_html,
    "json": render_plan_json,
    "drift text": render_drift_text,
    "drift markdown": lambda view: render_drift_markdown(view, links=ours),
}


def view(odd: bytes) -> PlanView:
    value = decode_exact(odd)
    name = value if isinstance(value, str) else "name"
    changes = (change("replace", "/a", value, 1), change("remove", "/b", value), change("add", "/c", MISSING, [value]))
    problem = Problem(Severity.WARNING, "code", f"{name} is odd", hint=name, key=name)
    return view_of(plan(update(*changes, name=name, updated_by=name), problems=(problem,), specs=(spec("a", name=name),)))


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS.keys())
@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_an_odd_value_is_shown_in_a_report_that_any_sink_takes(odd: bytes, report: Callable[[PlanView], str]) -> None:
    assert report(view(odd)).encode("utf-8")


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_a_saved_plan_with_an_odd_value_can_be_read_again(odd: bytes) -> None:
    text = render_plan_json(view(odd))
    assert json.loads(text)
    assert len(read_plan(text.encode(), "plan.json").actions) == 1
