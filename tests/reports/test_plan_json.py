from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.comparison import Cause
from reconciler.documents.json_text import decode, encode
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING
from reconciler.errors import Problem, Severity, UsageError
from reconciler.planning.plan import ActionName, Options, PlanTarget, Request, State, Summary
from reconciler.reports.plan_json import render_plan_json
from reconciler.reports.plan_reading import read_plan
from reconciler.reports.view import ActionView, ChangeView, PlanView, view_of

from .plans import DIGEST, MAILCHIMP, NOON, change, create, plan, spec, update

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
MAYBE_CAUSE = st.none() | st.sampled_from(Cause)
CHANGES = st.one_of(
    st.builds(ChangeView, st.just("add"), TEXT, st.just(MISSING), JSON, MAYBE_CAUSE),
    st.builds(ChangeView, st.just("remove"), TEXT, JSON, st.just(MISSING), MAYBE_CAUSE),
    st.builds(ChangeView, st.just("replace"), TEXT, JSON, JSON, MAYBE_CAUSE),
)
COUNTS = st.integers(0, 9)
LINES = st.none() | st.integers(1, 9)
ACTIONS = st.builds(
    ActionView,
    kind=st.sampled_from(Kind),
    key=st.none() | TEXT,
    name=TEXT,
    id=st.none() | TEXT,
    action=st.sampled_from(ActionName),
    cause=MAYBE_CAUSE,
    fingerprint=TEXT,
    changes=st.lists(CHANGES, max_size=3).map(tuple),
    requests=st.lists(st.builds(Request, TEXT, TEXT), max_size=2).map(tuple),
    updated_at=st.none() | st.integers(0, 2**53),
    updated_by=st.none() | TEXT,
    file=st.none() | TEXT,
    line=LINES,
)
PROBLEMS = st.builds(
    Problem,
    st.sampled_from(Severity),
    TEXT,
    TEXT,
    st.none() | TEXT,
    LINES,
    LINES,
    st.none() | TEXT,
    st.none() | TEXT,
    st.booleans(),
)
VIEWS = st.builds(
    PlanView,
    target=st.builds(PlanTarget, TEXT, TEXT, TEXT, TEXT),
    repository=TEXT,
    commit=st.none() | TEXT,
    options=st.builds(Options, keys=st.lists(TEXT, max_size=2).map(tuple), prune=st.booleans(), max_creates=COUNTS),
    digest=TEXT,
    summary=st.builds(Summary, create=COUNTS, drift=COUNTS),
    actions=st.lists(ACTIONS, max_size=3).map(tuple),
    problems=st.lists(PROBLEMS, max_size=3).map(tuple),
)


@given(VIEWS)
def test_a_saved_plan_reads_back_as_it_was(view: PlanView) -> None:
    assert read_plan(render_plan_json(view).encode(), "plan.json") == view


def test_the_keys_are_those_that_are_promised() -> None:
    saved = plan(
        update(change("remove", "/description", old="x", cause=Cause.PENDING)),
        problems=(Problem(Severity.WARNING, "not-kept", "lost", "specs/a.yaml", 3, 7, "ignore it", "a"),),
        specs=(spec("mailchimp-members", State.UPDATE),),
    )
    document = decode(render_plan_json(view_of(saved)))
    assert document == {
        "format_version": 1,
        "target": {"name": "stage", "host": "platform-stage.adobe.io", "org_id": "123@AdobeOrg", "sandbox": "dev"},
        "repository": "acme/aep-sources",
        "commit": "c" * 40,
        "options": {
            "keys": [],
            "prune": False,
            "allow_create": [],
            "allow_rewind": False,
            "allow_in_use": False,
            "max_creates": 20,
            "max_updates": 20,
            "max_detaches": 0,
        },
        "digest": DIGEST,
        "summary": {
            "create": 0,
            "update": 1,
            "attach": 0,
            "detach": 0,
            "in_sync": 0,
            "orphan": 0,
            "drift": 0,
            "pending": 1,
            "both": 0,
            "ahead": 0,
            "error": 0,
        },
        "actions": [
            {
                "kind": "ConnectionSpec",
                "key": "mailchimp-members",
                "name": "MailChimp Members",
                "id": MAILCHIMP,
                "action": "update",
                "cause": "pending",
                "fingerprint": "f1",
                "changes": [{"op": "remove", "path": "/description", "old": "x", "new": None, "cause": "pending"}],
                "requests": [{"method": "PUT", "path": f"/connectionSpecs/{MAILCHIMP}"}],
                "updated_at": NOON,
                "updated_by": "jane@acme",
                "file": None,
                "line": None,
            }
        ],
        "problems": [
            {
                "severity": "warning",
                "code": "not-kept",
                "message": "lost",
                "file": "specs/a.yaml",
                "line": 3,
                "column": 7,
                "hint": "ignore it",
                "key": "a",
                "guard": False,
            }
        ],
    }


def test_it_is_indented_by_two_and_ends_its_last_line() -> None:
    text = render_plan_json(view_of(plan()))
    assert text.startswith('{\n  "format_version": 1,\n')
    assert text.endswith("}\n")


def test_numbers_beyond_any_double_stay_exact() -> None:
    text = render_plan_json(view_of(plan(create("a", change("add", "/n", new=2**70 + 1)))))
    assert read_plan(text.encode(), "p").actions[0].changes[0].new == 2**70 + 1


def saved(**fields: Any) -> bytes:
    return encode(decode(render_plan_json(view_of(plan()))) | fields)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "p is not a saved plan: Input data was truncated"),
        (b"\xff\xfe", "p is not a saved plan"),
        (b"[1]", "p is not a saved plan: Expected `object`, got `array`"),
        (b"{}", "p is not a saved plan: Object missing required field `format_version`"),
        (b"[" * 100_000, "p is not a saved plan"),
        (saved(format_version=2), "p is a plan of format version 2, and this reconciler reads version 1"),
        (saved(format_version="1"), "p is not a saved plan: Expected `int`, got `str`"),
        (saved(extra=1), "p is not a saved plan: Object contains unknown field `extra`"),
        (saved(digest=None), "p is not a saved plan: Expected `str`, got `null`"),
    ],
)
def test_what_is_no_plan_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_plan(data, "p")
    assert refused.value.message.startswith(reason)
    assert refused.value.hint
    assert "plan" in refused.value.hint
