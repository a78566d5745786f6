from __future__ import annotations

import pytest

from reconciler.documents.comparison import Cause
from reconciler.errors import Problem, Severity
from reconciler.planning.plan import ActionName, State
from reconciler.planning.summary import Summary
from reconciler.reports.drift.markdown import render_drift_markdown
from reconciler.reports.drift.text import render_drift_text
from reconciler.reports.drift.view import drift_of
from reconciler.reports.plan.html.report import render_plan_html
from reconciler.reports.plan.view import PlanView, view_of
from tests.reports.plans import attach, change, create, plan, spec, update

HEADER = "target stage · platform-stage.adobe.io · org 123@AdobeOrg · sandbox dev\n"
HOST = "/sourceSpec/attributes/urlParams/host"


def drifted(*actions_and_problems: object) -> PlanView:
    actions = tuple(item for item in actions_and_problems if not isinstance(item, Problem))
    problems = tuple(item for item in actions_and_problems if isinstance(item, Problem))
    return drift_of(view_of(plan(*actions, problems=problems, specs=(spec("one"),))))  # type: ignore[arg-type]


def test_only_actions_that_somebody_else_caused_are_drift() -> None:
    causes = [*Cause, None]
    actions = [update(change("replace", "/a", 1, 2, cause), cause=cause, key=str(cause)) for cause in causes]
    assert [action.cause for action in drifted(*actions).actions] == [Cause.DRIFT, Cause.BOTH, Cause.UNKNOWN, Cause.UNCONFIRMED]


def test_of_an_action_only_the_changes_that_drifted_are_shown() -> None:
    mixed = update(change("replace", "/a", 1, 2, Cause.DRIFT), change("replace", "/b", 1, 2, Cause.PENDING), cause=Cause.BOTH)
    assert [item.path for action in drifted(mixed).actions for item in action.changes] == ["/a"]


def test_pending_work_is_no_drift() -> None:
    pending = [create("new"), update(change("replace", "/a", 1, 2, Cause.PENDING)), attach(change("add", "/x", new=1))]
    view = drifted(*pending)
    assert view.actions == ()
    assert view.summary == Summary(in_sync=1)


def test_the_counts_are_of_what_drifted() -> None:
    lost = attach(change("add", "/sourceConnectionSpecIds/-", new="abc", cause=Cause.DRIFT), cause=Cause.DRIFT)
    view = drifted(create("new"), update(change("replace", "/a", 1, 2, Cause.DRIFT), cause=Cause.DRIFT), lost)
    assert view.summary == Summary(update=1, attach=1, in_sync=1, drift=2)


@pytest.mark.parametrize(("code", "kept"), [("too-many-updates", False), ("namesake", False), ("pinned-id-not-found", True)])
def test_a_guard_counts_only_where_it_hides_what_live_is(code: str, kept: bool) -> None:
    assert bool(drifted(Problem(Severity.ERROR, code, "no", guard=True)).problems) is kept


def test_what_is_only_worth_knowing_is_left_to_the_plan() -> None:
    assert drifted(Problem(Severity.INFO, "orphan", "there is one")).problems == ()


def test_drift_names_pointer_both_values_person_time_and_the_ways_out() -> None:
    view = drifted(update(change("replace", HOST, "evil", "us6", Cause.DRIFT), cause=Cause.DRIFT))
    assert render_drift_text(view, apply_command="reconciler --target stage apply") == (
        HEADER
        + """\
1 spec drifted

~ connection spec mailchimp-members "MailChimp Members"  2e8580db-6489-4726-96de-e33f5f60295f
    drift: changed in Flow Service by jane@acme at 2026-01-01T12:00:00Z
    /sourceSpec/attributes/urlParams/host
      repository  "us6"
      live        "evil"

to keep the live values, run `import --drift`, or `import --id` for a whole spec; to undo the drift, run apply
next: reconciler --target stage apply
"""
    )


def differing(*causes: Cause) -> PlanView:
    """One spec for each of these causes."""
    return drifted(*(update(change("replace", "/a", 1, 2, cause), cause=cause, key=f"k{n}") for n, cause in enumerate(causes)))


@pytest.mark.parametrize(
    ("causes", "words"),
    [
        ([Cause.DRIFT, Cause.BOTH], "2 specs drifted"),
        ([Cause.UNKNOWN], "1 spec differs, cause unknown"),
        ([Cause.UNCONFIRMED, Cause.UNCONFIRMED], "2 specs unconfirmed"),
        (
            [Cause.DRIFT, Cause.UNKNOWN, Cause.UNKNOWN, Cause.UNCONFIRMED],
            "1 spec drifted; 2 specs differ, cause unknown; 1 spec unconfirmed",
        ),
    ],
)
def test_only_what_is_known_to_be_drift_is_said_to_have_drifted(causes: list[Cause], words: str) -> None:
    view = differing(*causes)
    assert render_drift_text(view).splitlines()[HEADER.count("\n")] == words
    assert f"**{words}.** `-` is the repository" in render_drift_markdown(view)
    assert f"<title>Drift · stage: {words}</title>" in render_plan_html(view, title="Drift", drift=True)


@pytest.mark.parametrize(
    ("causes", "ways_out"),
    [
        (
            [Cause.UNKNOWN, Cause.UNKNOWN],
            "to keep the live values, run `import --id` for the spec; to overwrite them, run apply",
        ),
        (
            [Cause.UNCONFIRMED],
            "to keep the live values, run `import --drift`, or `import --id` for a whole spec; to overwrite them, run apply",
        ),
        (
            [Cause.DRIFT, Cause.UNKNOWN],
            (
                "to keep the live values, run `import --drift`, or `import --id` for a whole spec (`import --drift` does not take over "
                "what has an unknown cause); to undo the drift, run apply"
            ),
        ),
    ],
)
def test_the_way_to_keep_live_values_is_one_that_does(causes: list[Cause], ways_out: str) -> None:
    assert render_drift_text(differing(*causes)).endswith(f"\n\n{ways_out}\n")


def test_what_was_added_live_is_nothing_in_the_repository() -> None:
    view = drifted(update(change("remove", "/extra", old=1, cause=Cause.UNKNOWN), cause=Cause.DRIFT))
    assert "    /extra  [unknown]\n      repository  (nothing)\n      live        1\n" in render_drift_text(view)


def test_long_values_are_a_diff_from_the_repository_to_live() -> None:
    view = drifted(update(change("replace", "/text", "a\nX\nc", "a\nb\nc", Cause.DRIFT), cause=Cause.DRIFT))
    assert "      from the repository (-) to live (+):\n        a\n      - b\n      + X\n        c\n" in render_drift_text(view)


def test_no_drift_says_so() -> None:
    assert render_drift_text(drifted()) == HEADER + "no drift\n"


def test_no_drift_is_not_claimed_where_it_could_not_be_looked_for() -> None:
    view = drifted(Problem(Severity.ERROR, "yaml", "unreadable", "specs/a.yaml"), Problem(Severity.WARNING, "not-kept", "lost"))
    assert render_drift_text(view) == (
        HEADER
        + """\
no drift found, but the check is incomplete

specs/a.yaml: error: unreadable [yaml]

warning: lost [not-kept]
"""
    )


def test_states_do_not_matter_to_drift() -> None:
    made = plan(update(change("replace", "/a", 1, 2, Cause.DRIFT), cause=Cause.DRIFT), specs=(spec("a", State.UPDATE),))
    assert [action.action for action in drift_of(view_of(made)).actions] == [ActionName.UPDATE]


def test_what_differs_in_a_spec_that_may_be_somebody_elses_is_not_called_drift() -> None:
    pinned = update(change("replace", "/name", "Theirs", "Ours", Cause.UNKNOWN), cause=Cause.UNKNOWN, key="one")
    view = drifted(pinned, Problem(Severity.ERROR, "pinned-unmanaged", "not ours", key="one", guard=True))
    assert view.actions == ()
    assert [problem.code for problem in view.problems] == ["pinned-unmanaged"]
