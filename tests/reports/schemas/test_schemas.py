"""The schema of every report: complete, described throughout, and equal to what is printed."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import fields

from reconciler.applying.outcome import ApplyReport
from reconciler.documents.json_text import Document, Json, decode
from reconciler.errors import Problem, Refused
from reconciler.planning.plan import Plan
from reconciler.reports.apply.json import render_apply_json, render_refusal_json
from reconciler.reports.apply.view import ApplyView
from reconciler.reports.plan.json import render_drift_json, render_plan_json
from reconciler.reports.plan.view import PlanView
from reconciler.reports.problems.json import render_failure_json, render_problems_json
from reconciler.reports.schemas.nodes import DRAFT
from reconciler.reports.schemas.published import report_schema, report_schema_text
from reconciler.reports.status.json import render_status_json
from reconciler.schemas.reports import REPORTS
from tests.reports.plans import plan
from tests.reports.schemas.conforming import differences
from tests.reports.sinks.test_harmless_reports import REPORTS as APPLIES
from tests.reports.sinks.test_harmless_reports import SPECS
from tests.reports.strategies import PROBLEMS, VIEWS

FULL_VIEW = VIEWS.filter(lambda view: bool(view.actions and view.actions[0].changes and view.problems))


def objects(node: Json) -> Iterator[Document]:
    """Every object schema with keys of its own."""
    if isinstance(node, list):
        for item in node:
            yield from objects(item)
    elif isinstance(node, dict):
        if isinstance(node.get("properties"), dict) and node.get("type") == "object":
            yield node
        for item in node.values():
            yield from objects(item)


def nested(document: Json) -> Iterator[Document]:
    """Every object in a document, itself included."""
    if isinstance(document, dict):
        yield document
    for item in document.values() if isinstance(document, dict) else document if isinstance(document, list) else ():
        yield from nested(item)


@pytest.mark.parametrize("name", REPORTS)
def test_every_key_is_described(name: str) -> None:
    schema = report_schema(name)
    for node in objects(schema):
        for key, value in node["properties"].items():
            described = schema["$defs"][value["$ref"].rpartition("/")[2]] if "$ref" in value else value
            assert value.get("description") or described["description"], f"{name}: {key}"


@pytest.mark.parametrize("name", REPORTS)
def test_it_is_a_valid_schema_of_its_draft_and_uses_each_definition_that_it_has(name: str) -> None:
    schema, text = report_schema(name), report_schema_text(name)
    assert schema["$schema"] == DRAFT
    jsonschema_rs.meta.validate(schema)
    assert decode(text) == schema
    assert all(f'"#/$defs/{definition}"' in text for definition in schema["$defs"])


@pytest.mark.parametrize("name", REPORTS)
def test_readers_accept_the_keys_of_a_later_release(name: str) -> None:
    assert 'additionalProperties": false' not in report_schema_text(name)


@given(VIEWS)
def test_a_plan_and_drift_are_as_described(view: PlanView) -> None:
    assert differences(decode(render_plan_json(view))) == []
    assert differences(decode(render_drift_json(view))) == []


@given(APPLIES, st.none() | VIEWS)
def test_an_apply_is_as_described(report: ApplyReport, view: PlanView | None) -> None:
    assert differences(decode(render_apply_json(report, plan=view))) == []


@given(VIEWS, st.booleans())
def test_a_refusal_is_as_described(view: PlanView, shown: bool) -> None:
    assert differences(decode(render_refusal_json(view, Refused("no", hint="yes"), plan=view if shown else None))) == []


@given(st.builds(plan, specs=st.lists(SPECS, max_size=3).map(tuple)))
def test_a_status_is_as_described(found: Plan) -> None:
    assert differences(decode(render_status_json(found))) == []


@given(st.lists(PROBLEMS, max_size=3))
def test_problems_and_failures_are_as_described(problems: list[Problem]) -> None:
    assert differences(decode(render_problems_json(problems))) == []
    assert differences(decode(render_failure_json(Refused("no")))) == []


@settings(max_examples=25, phases=[Phase.generate])
@given(FULL_VIEW, st.data())
def test_a_key_without_a_description_is_noticed_wherever_it_is(view: PlanView, data: st.DataObject) -> None:
    document = decode(render_apply_json(ApplyReport(view.target, "d", ()), plan=view))
    values = [id(value) for one in nested(document) for name in ("old", "new") for value in nested(one.get(name))]
    places = [one for one in nested(document) if id(one) not in values]
    data.draw(st.sampled_from(places))["added"] = 1
    assert differences(document) != []


@settings(max_examples=25, phases=[Phase.generate])
@given(FULL_VIEW, st.data())
def test_a_key_that_is_gone_is_noticed(view: PlanView, data: st.DataObject) -> None:
    document = decode(render_plan_json(view))
    gone = data.draw(st.sampled_from([name for name in document if name != "report"]))
    del document[gone]
    assert gone in "".join(differences(document))


def test_the_keys_of_plan_and_apply_are_those_of_their_values() -> None:
    assert _names(PlanView) | {"report", "integrity"} == set(report_schema("plan")["properties"])
    assert _names(ApplyView) | {"report", "format_version"} == set(report_schema("apply")["properties"])


def test_a_schema_is_made_anew_each_time() -> None:
    changed = deepcopy(report_schema("plan"))
    report_schema("plan")["properties"].clear()
    assert report_schema("plan") == changed


def _names(view: Any) -> set[str]:
    return {field.name for field in fields(view)}
