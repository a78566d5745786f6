from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reconciler.documents.comparison import Cause
from reconciler.errors import Problem, Severity
from reconciler.planning.plan import Action
from reconciler.reports.drift.markdown import render_drift_markdown
from reconciler.reports.drift.view import drift_of
from reconciler.reports.plan.markdown import LIMIT
from reconciler.reports.plan.view import PlanView, view_of
from tests.reports.plans import MAILCHIMP, attach, change, plan, spec, update
from tests.reports.sinks.test_markdown import NASTY, assert_safe, fences_of, ours, text_of
from tests.reports.strategies import TEXT, VIEWS

MARKER = "<!-- reconciler:drift target=stage specs=specs -->"
TITLE = (
    "### Drift in <code>stage</code> · <code>platform-stage&#46;adobe&#46;io</code>"
    " · org <code>123<wbr>&#64;AdobeOrg</code> · sandbox <code>dev</code>"
)
HOST = "/sourceSpec/attributes/urlParams/host"


def drifted(*actions: Action, problems: tuple[Problem, ...] = (), file: str | None = None) -> PlanView:
    view = drift_of(view_of(plan(*actions, problems=problems, specs=(spec("one"),))))
    return replace(view, actions=tuple(replace(action, file=file, line=59 if file else None) for action in view.actions))


@given(VIEWS, st.integers(2_000, LIMIT), st.none() | TEXT)
def test_no_drift_shows_any_markdown_but_ours_or_exceeds_its_limit(view: PlanView, limit: int, command: str | None) -> None:
    report = render_drift_markdown(drift_of(view), links=ours, limit=limit, import_command=command, apply_command=command)
    assert_safe(report)
    assert re.fullmatch(r"<!-- reconciler:drift target=\S* specs=specs -->", report.partition("\n")[0])
    assert len(report.encode()) <= limit


@pytest.mark.parametrize("text", NASTY)
def test_hostile_text_is_only_text_wherever_it_stands(text: str) -> None:
    hostile = change("replace", f"/{text}", text, f"{text}\n{text}", Cause.DRIFT)
    view = drifted(update(hostile, key=text, name=text, id=text, updated_by=text, cause=Cause.DRIFT), file=text)
    tokens = assert_safe(render_drift_markdown(view, links=ours, import_command="import", apply_command="apply"))
    assert sum(token.type == "fence" for token in tokens) == 3


def test_drift_names_pointer_place_person_time_both_values_and_the_ways_out() -> None:
    view = drifted(update(change("replace", HOST, "evil", "us6", Cause.DRIFT), cause=Cause.DRIFT), file="a.yaml")
    report = render_drift_markdown(
        view, links=ours, import_command="reconciler import --as mailchimp-members", apply_command="reconciler apply"
    )
    assert (
        report
        == f"""\
{MARKER}

{TITLE}

**1 spec drifted.** `-` is the repository, `+` is live.

#### connection spec <code>mailchimp-members</code> <code>MailChimp Members</code>

[<code>a&#46;yaml&#58;59</code>](<{ours("a.yaml", 59)}>) · id <code>{MAILCHIMP}</code>\\
drift: changed in Flow Service by <code>jane<wbr>&#64;acme</code> at 2026-01-01T12:00:00Z

```diff
  {HOST}
- "us6"
+ "evil"
```

#### What to do

To keep the live values, import them into the spec files:

```sh
reconciler import --as mailchimp-members
```

To undo the drift, apply the spec files:

```sh
reconciler apply
```
"""
    )


def test_what_was_added_live_is_an_addition() -> None:
    view = drifted(update(change("remove", "/extra", old=1, cause=Cause.UNKNOWN), cause=Cause.DRIFT))
    assert "```diff\n  /extra  [unknown]\n+ 1\n```" in render_drift_markdown(view)


def test_an_id_that_was_taken_out_live_is_a_removal() -> None:
    lost = attach(change("add", "/sourceConnectionSpecIds/-", new="abc", cause=Cause.DRIFT), cause=Cause.DRIFT)
    assert "```diff\n- abc\n```" in render_drift_markdown(drifted(lost))


def test_without_commands_the_ways_out_are_told_in_words() -> None:
    report = render_drift_markdown(drifted(update(change("replace", "/a", 1, 2, Cause.DRIFT), cause=Cause.DRIFT)))
    assert report.endswith(
        "To keep the live values, import them into the spec files.\n\nTo undo the drift, apply the spec files.\n"
    )


def test_an_unknown_cause_is_neither_drift_to_undo_nor_taken_over_as_drift() -> None:
    drift, unknown = (update(change("replace", "/a", 1, 2, cause), cause=cause) for cause in (Cause.DRIFT, Cause.UNKNOWN))
    assert render_drift_markdown(drifted(unknown)).endswith(
        "import them into the spec files.\n\nTo overwrite them, apply the spec files.\n"
    )
    assert render_drift_markdown(drifted(drift, unknown)).endswith(
        "import them into the spec files (`import --drift` does not take over what has an unknown cause).\n\n"
        "To undo the drift, apply the spec files.\n"
    )


def test_no_drift_is_one_line() -> None:
    assert render_drift_markdown(drifted()) == f"{MARKER}\n\n**reconciler** <code>stage</code> · no drift\n"


def test_no_drift_is_not_claimed_where_it_could_not_be_looked_for() -> None:
    report = render_drift_markdown(drifted(problems=(Problem(Severity.ERROR, "yaml", "unreadable", "a.yaml"),)))
    assert (
        report
        == f"""\
{MARKER}

{TITLE}

**no drift found, but the check is incomplete**

#### Problems

- **error** <code>a&#46;yaml</code> unreadable (<code>yaml</code>)
"""
    )


def test_two_thousand_drifted_specs_stay_within_the_limit_and_the_rest_is_named() -> None:
    actions = (
        update(change("replace", HOST, "a", "b", Cause.DRIFT), cause=Cause.DRIFT, key=f"k{index}") for index in range(2_000)
    )
    report = render_drift_markdown(drifted(*actions, file="a.yaml"), links=ours)
    assert len(report.encode()) <= LIMIT
    told = report.count("#### connection spec")
    assert told > 100
    assert f"… {2_000 - told:,} more specs with differences: k{told}, k{told + 1}, " in text_of(assert_safe(report))
    assert report.endswith("To undo the drift, apply the spec files.\n")


def test_one_value_of_five_megabytes_leaves_room_for_every_other_spec() -> None:
    big = update(change("replace", "/a", "x\n" * 2_500_000, ["y"] * 10, Cause.DRIFT), cause=Cause.DRIFT)
    small = (update(change("replace", "/b", 1, 2, Cause.DRIFT), cause=Cause.DRIFT, key=f"k{index}") for index in range(20))
    report = render_drift_markdown(drifted(big, *small))
    assert len(list(fences_of(assert_safe(report)))) == 21


def test_a_command_that_takes_too_much_room_is_told_in_words() -> None:
    view = drifted(update(change("replace", "/a", 1, 2, Cause.DRIFT), cause=Cause.DRIFT))
    command = "reconciler import " + " ".join(f"--id {MAILCHIMP}" for _ in range(2_000))
    report = render_drift_markdown(view, import_command=command, apply_command="reconciler apply")
    assert report.endswith(
        "import them into the spec files.\n\nTo undo the drift, apply the spec files:\n\n```sh\nreconciler apply\n```\n"
    )
