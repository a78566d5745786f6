"""What a plan keeps of new specs: texts in place of trees, and digests only of what is written. Nobody sees a difference."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.comparison import Change
from reconciler.documents.json_text import encode
from reconciler.documents.places import MISSING
from reconciler.planning.comparing.difference import section_digests
from reconciler.planning.plan import Plan
from reconciler.reports.plan.json import render_plan_json
from reconciler.reports.plan.reading import read_plan
from reconciler.reports.plan.text import render_plan_text
from reconciler.reports.plan.view import view_of
from tests.documents.test_comparison import NAMED, VALUES
from tests.planning.situations import connection, flow_file, only_action, plan

FIELDS = st.sampled_from(
    ["sourceSpec", "authSpec", "attributes", "transformationSpec", "transformationSpecs", "a", "description"]
)
BODIES = st.dictionaries(FIELDS, VALUES | NAMED, max_size=5)
ORDERS = '\u00e9 \\n "required"'


def new(body: dict[str, Any]) -> tuple[DesiredSpec, Plan]:
    desired = connection()
    desired = replace(desired, body_json=encode({**desired.body, **body}))
    return desired, plan([desired], [])


def with_values(made: Plan) -> Plan:
    """The plan with each new value as a tree."""
    return replace(
        made,
        actions=tuple(
            replace(action, changes=tuple(replace(change, written=change.new) for change in action.changes))
            for action in made.actions
        ),
    )


@given(BODIES)
def test_a_new_spec_is_planned_with_the_values_of_its_file(body: dict[str, Any]) -> None:
    desired, made = new(body)
    action = only_action(made)
    written = [(change.op, change.path, change.old, change.new) for change in action.changes]
    assert written == [("add", f"/{field}", MISSING, value) for field, value in desired.body.items() if value is not None]
    assert action.changes == only_action(with_values(made)).changes
    assert action.marker is not None
    assert action.marker.digests == section_digests(desired)


@given(BODIES)
def test_its_reports_are_those_of_the_values(body: dict[str, Any]) -> None:
    _, made = new(body)
    view, other = view_of(made), view_of(with_values(made))
    assert view == other
    assert render_plan_json(view) == render_plan_json(other)
    assert render_plan_text(view, verbose=True) == render_plan_text(other, verbose=True)
    assert read_plan(render_plan_json(view).encode(), "plan.json") == view


def test_a_mapping_or_list_of_a_new_spec_is_kept_as_text() -> None:
    _, made = new({"sourceSpec": {"a": [1.5, ORDERS]}, "authSpec": [], "version": "1.0", "attributes": None})
    kept = {change.path: change.written for change in only_action(made).changes}
    assert isinstance(kept["/sourceSpec"], msgspec.Raw)
    assert isinstance(kept["/authSpec"], msgspec.Raw)
    assert kept["/version"] == "1.0"
    assert "/attributes" not in kept


def test_the_ids_of_a_new_flow_spec_are_resolved() -> None:
    named = flow_file(sourceConnectionSpecIds=[{"ref": "members"}, "B"], attributes={"a": 1})
    action = next(action for action in plan([connection(), named], []).actions if action.key == named.key)
    assert {change.path: change.new for change in action.changes}["/sourceConnectionSpecIds"] == [{"ref": "members"}, "B"]


def test_a_plan_of_new_specs_computes_no_digest_that_only_a_write_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    computed: list[DesiredSpec] = []

    def digests(spec: DesiredSpec) -> dict[str, str]:
        computed.append(spec)
        return {}

    monkeypatch.setattr("reconciler.planning.comparing.difference.section_digests", digests)
    _, made = new({"sourceSpec": {"a": 1}})
    render_plan_json(view_of(made))
    assert not computed
    marker = only_action(made).marker
    assert marker is not None
    marker.to_json()
    marker.to_json()
    assert len(computed) == 1


def test_changes_are_equal_by_what_they_change() -> None:
    kept = Change("add", "/a", MISSING, msgspec.Raw(b'{"b":1}'), ("a",))
    assert kept == Change("add", "/a", MISSING, {"b": 1}, ("a",))
    assert hash(kept) == hash(Change("add", "/a", MISSING, {"b": 1}, ("a",)))
    assert kept != Change("add", "/a", MISSING, {"b": 2}, ("a",))
    assert kept != "a change"
