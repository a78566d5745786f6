"""Whether a spec is proved, as the reports of a plan say it."""

from __future__ import annotations

import pytest

from reconciler.planning.proved import NOT_PROVED, PlannedProof
from reconciler.proofs.kept.status import ProvedStatus
from reconciler.reports.drift.view import drift_of
from reconciler.reports.plan.html.report import render_plan_html
from reconciler.reports.plan.json import render_plan_json
from reconciler.reports.plan.markdown import render_plan_markdown
from reconciler.reports.plan.notes import proved_sentence
from reconciler.reports.plan.reading import read_plan
from reconciler.reports.plan.text import render_plan_text
from reconciler.reports.plan.view import PlanView, view_of
from tests.reports.plans import create, plan

PROVED = PlannedProof(ProvedStatus.YES, "stage", "20261127T1012-7f3a", "2026-11-27T10:16:20Z", 237)
SAID = "proved in stage: 237 records, run 20261127T1012-7f3a on 2026-11-27"
STALE = PlannedProof(ProvedStatus.STALE, "stage", reason="<b>authSpec</b> changed")


def view(proved: PlannedProof | None, secrets: frozenset[str] = frozenset()) -> PlanView:
    return view_of(plan(create("members", proved=proved, secrets=secrets)))


@pytest.mark.parametrize(
    ("proved", "said"),
    [
        (PROVED, SAID),
        (PlannedProof(ProvedStatus.YES, "dev", emulated=True), "proved in dev by an emulator"),
        (STALE, "proof is stale: <b>authSpec</b> changed"),
        (NOT_PROVED, "not proved"),
        (None, None),
    ],
)
def test_the_evidence_is_said_in_a_sentence(proved: PlannedProof | None, said: str | None) -> None:
    assert proved_sentence(proved) == said


def test_every_format_says_it() -> None:
    assert f"\n    {SAID}\n" in render_plan_text(view(PROVED))
    assert (
        "#### Proved\n\n- <code>members</code> · proved in <code>stage</code>: 237 records, run <code>"
        in render_plan_markdown(view(PROVED))
    )
    assert SAID in render_plan_html(view(PROVED))
    assert "proved" not in render_plan_text(view(None))


def test_a_saved_plan_has_it() -> None:
    assert read_plan(render_plan_json(view(PROVED)).encode(), "plan.json") == view(PROVED)


def test_no_text_of_a_file_becomes_markup() -> None:
    assert "<b>" not in render_plan_markdown(view(STALE))
    assert "<b>authSpec" not in render_plan_html(view(STALE))


def test_a_secret_in_a_reason_is_not_shown() -> None:
    assert "changed" not in render_plan_json(view(STALE, frozenset({"changed"})))


def test_drift_does_not_say_it() -> None:
    assert all(action.proved is None for action in drift_of(view(PROVED)).actions)
