"""The rules hold at the write: what they find in a spec that would be written is a problem of the plan, and secrets are not shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reconciler.breaking.effects import effects_of
from reconciler.desired.specs import DesiredSet
from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from reconciler.documents.withholding import WITHHELD
from reconciler.errors import ExitCode, Severity, exit_code_of
from reconciler.observing.rules_at_write import WriteRules
from reconciler.observing.spec_files import with_files
from reconciler.planning.plan import Plan
from reconciler.reports.plan.html.report import render_plan_html
from reconciler.reports.plan.json import render_plan_json
from reconciler.reports.plan.markdown import render_plan_markdown
from reconciler.reports.plan.text import render_plan_text
from reconciler.reports.plan.view import PlanView, view_of
from reconciler.revisions.spec_diff import spec_changes
from tests.planning.situations import connection, flow_file, live, marked, plan, shared_flow

SECRET, OTHER_SECRET = "5e8f2a91c07d4b36", "9c41d7aa03be5f12"


def source(**attributes: Any) -> Document:
    return {"sourceSpec": {"attributes": attributes}}


def pages(**params: Any) -> Document:
    return source(paginationParams=params)


def header(secret: str = SECRET) -> Document:
    return source(headerParams={"x-api-key": secret})


RULES = WriteRules()


def made(*arguments: Any, rules: WriteRules | None = RULES, **rest: Any) -> Plan:
    return with_files(plan(*arguments, **rest), rules)


def weights(found: Plan) -> list[tuple[str, Severity]]:
    return [(problem.code, problem.severity) for problem in found.problems if problem.code not in {"unknown-commit", "not-kept"}]


ERRORS = [
    ("literal-secret", header()),
    ("unknown-section", {"sourcespec": {}}),
    ("pagination-type", pages(type="CURSOR")),
    ("json-schema", {"sourceSpec": {"spec": {"type": "object", "properties": {"a": {"type": "text"}}}}}),
    ("json-schema", {"sourceSpec": {"spec": '{"type": "object"'}}),
    ("json-schema", {"sourceSpec": {"spec": {"properties": {"a": {"pattern": "[a-z"}}}}}),
    ("schema-reference", {"sourceSpec": {"spec": {"properties": {"a": {"$ref": "#/definitions/a"}}}}}),
    ("example-host", source(urlParams={"host": "https://api.example.com", "path": "/a", "method": "GET"})),
    ("section-shape", {"authSpec": {"name": "A"}}),
    ("other-resource", {"connectionSpec": {"id": "1"}, "auth": {"specName": "A", "params": {}}}),
    ("literal-secret", {"connectionSpec": {"id": "1"}, "auth": {"specName": "A", "params": {"password": "x1"}}}),
]


@pytest.mark.parametrize(("code", "body"), ERRORS)
def test_a_create_with_an_error_is_refused_by_a_guard(code: str, body: Document) -> None:
    found = made([connection(**body)], [])
    assert (code, Severity.ERROR) in weights(found)
    assert exit_code_of(found.problems) is ExitCode.REFUSED


def test_the_problem_names_the_spec_and_the_ways_out() -> None:
    (problem,) = made([connection(**pages(type="CURSOR"))], []).errors
    assert problem.message.startswith("connection spec 'members' is not created: 'CURSOR'")
    assert problem.key == "members"
    assert "`rules: {pagination-type: warning}` in reconciler.yaml" in (problem.hint or "")
    assert "# reconciler: ignore[pagination-type]" in (problem.hint or "")


@pytest.mark.parametrize(("code", "body"), ERRORS)
def test_where_no_rules_are_handed_in_nothing_is_asked(code: str, body: Document) -> None:
    assert code not in dict(weights(made([connection(**body)], [], rules=None)))


def test_the_settings_turn_errors_into_warnings() -> None:
    found = made([connection(**pages(type="CURSOR"))], [], rules=WriteRules(refuses=False))
    assert weights(found) == [("pagination-type", Severity.WARNING)]
    assert exit_code_of(found.problems) is ExitCode.DONE


@pytest.mark.parametrize("level", ["off", "warning"])
def test_a_rule_that_weighs_less_here_refuses_nothing(level: str) -> None:
    assert made([connection(**pages(type="CURSOR"))], [], rules=WriteRules({"pagination-type": level})).problems == ()


def test_a_rule_that_weighs_more_here_refuses() -> None:
    body = source(urlParams={"host": "http://acme.example", "path": "/a", "method": "GET"})
    assert weights(made([connection(**body)], [], rules=WriteRules({"host-https": "error"}))) == [("host-https", Severity.ERROR)]


def test_what_is_not_written_is_not_judged() -> None:
    wrong = connection(**pages(type="CURSOR"))
    assert weights(made([wrong], [marked(wrong)])) == []
    assert weights(made([wrong, connection("orders")], [], keys=("orders",))) == []


def test_an_update_that_makes_a_fault_is_refused() -> None:
    before = connection(**pages(type="NONE"))
    found = made([connection(**pages(type="CURSOR"))], [marked(before)])
    assert weights(found) == [("pagination-type", Severity.ERROR)]
    assert found.errors[0].message.startswith("connection spec 'members' is not written: ")


def test_an_update_elsewhere_goes_through_and_says_that_live_has_the_fault() -> None:
    before = connection(description="old", **pages(type="CURSOR"))
    found = made([connection(description="new", **pages(type="CURSOR"))], [marked(before)])
    (problem,) = (problem for problem in found.problems if problem.code == "pagination-type")
    assert (problem.severity, problem.message.endswith("; the live spec already has it")) == (Severity.WARNING, True)


def test_an_update_that_moves_a_faulty_entry_goes_through() -> None:
    entry = {"name": "A", "spec": {"properties": {"a": {"type": "text"}}}}
    before = connection(authSpec=[entry])
    found = made([connection(authSpec=[{"name": "B"}, entry])], [marked(before)])
    assert weights(found) == [("json-schema", Severity.WARNING), ("breaking", Severity.ERROR)] or (
        "json-schema",
        Severity.WARNING,
    ) in weights(found)


def test_an_update_with_one_fault_more_of_a_kind_is_refused() -> None:
    def form(*names: str) -> Document:
        return {"sourceSpec": {"spec": {"properties": {name: {"type": "text"} for name in names}}}}

    found = made([connection(**form("a", "b"))], [marked(connection(**form("a")))])
    severities = [severity for code, severity in weights(found) if code == "json-schema"]
    assert sorted(severities) == [Severity.ERROR, Severity.WARNING]


def test_an_update_with_another_secret_in_the_same_place_is_refused() -> None:
    found = made([connection(**header(OTHER_SECRET))], [marked(connection(**header()))])
    assert ("literal-secret", Severity.ERROR) in weights(found)


def test_a_flow_spec_is_judged_as_one() -> None:
    assert weights(made([flow_file(authSpec=[])], [])) == [("section-of-kind", Severity.ERROR)]


def test_an_attach_to_a_flow_spec_that_has_a_fault_goes_through() -> None:
    wanted = connection(flow_specs=["RestStorageToAEP"])
    found = made([wanted], [marked(wanted), shared_flow(transformationSpecs={"name": "Mapping"})])
    assert ([action.action for action in found.actions], weights(found)) == (["attach"], [])


SINKS: dict[str, Callable[[PlanView], str]] = {
    "text": lambda view: render_plan_text(view, verbose=True),
    "json": render_plan_json,
    "markdown": lambda view: render_plan_markdown(view, specs="specs"),
    "html": lambda view: render_plan_html(view, title="Plan"),
}
BODIES = {
    "a header": header(),
    "a query": source(urlParams={"host": f"https://acme.example/?api_key={SECRET}", "path": "/a", "method": "GET"}),
    "a default": {"authSpec": [{"name": "A", "spec": {"properties": {"apiKey": {"type": "string", "default": SECRET}}}}]},
    "a default behind allOf": {
        "authSpec": [{"name": "A", "spec": {"allOf": [{"properties": {"apiKey": {"type": "string", "default": SECRET}}}]}}]
    },
    "credentials of a connection": {"connectionSpec": {"id": "1"}, "auth": {"specName": "A", "params": {"password": SECRET}}},
    "a text on its own": {"description": f"use sk-proj-Ab1{SECRET}Cd2Ef3"},
}


@pytest.mark.parametrize("sink", SINKS)
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_no_report_shows_a_secret_that_would_be_created(sink: str, body: Document) -> None:
    found = made([connection(**body)], [])
    shown = SINKS[sink](view_of(found))
    assert SECRET not in shown
    assert any(problem.code == "literal-secret" for problem in found.problems)


@pytest.mark.parametrize("sink", SINKS)
@pytest.mark.parametrize("secrets", [(SECRET, "${key}"), ("${key}", SECRET), (SECRET, OTHER_SECRET)])
def test_no_report_shows_a_secret_that_was_or_will_be_live(sink: str, secrets: tuple[str, str]) -> None:
    was, will_be = secrets
    found = made([connection(**header(will_be))], [marked(connection(**header(was)))])
    shown = SINKS[sink](view_of(found))
    assert SECRET not in shown
    assert OTHER_SECRET not in shown
    assert "x-api-key" in shown


def test_one_secret_in_the_place_of_another_is_still_a_difference() -> None:
    found = made([connection(**header(OTHER_SECRET))], [marked(connection(**header()))])
    (change,) = view_of(found).actions[0].changes
    assert change.old != change.new
    assert [effect.code for effect in view_of(found).actions[0].effects] == ["request"]


def test_a_plan_without_secrets_is_shown_as_it_is() -> None:
    found = made([connection(**header("${key}"))], [])
    assert view_of(found).actions[0].changes[-1].new == header("${key}")["sourceSpec"]


def test_the_digest_is_that_of_the_values_themselves() -> None:
    assert made([connection(**header())], []).digest != made([connection(**header(OTHER_SECRET))], []).digest


def test_the_findings_are_no_part_of_the_digest() -> None:
    wrong = [connection(**pages(type="CURSOR"))]
    assert made(wrong, []).digest == made(wrong, [], rules=None).digest


def test_a_diff_of_files_shows_no_secret() -> None:
    (change,) = spec_changes(DesiredSet((), ()), DesiredSet((connection(**header()),), ()))
    assert WITHHELD in str(change.changes)
    assert SECRET not in str(change.changes)


def test_what_breaks_is_told_without_the_secret() -> None:
    effects = effects_of(Kind.CONNECTION_SPEC, header(), header(OTHER_SECRET))
    assert [effect.code for effect in effects] == ["request"]
    assert SECRET not in str(effects)
    assert OTHER_SECRET not in str(effects)


def test_a_live_spec_without_a_marker_is_compared_all_the_same() -> None:
    wanted = connection(adopt=True, **pages(type="CURSOR"))
    found = made([wanted], [live(wanted)])
    assert ("pagination-type", Severity.WARNING) in weights(found)
    assert found.errors == ()


def test_a_problem_that_quotes_a_secret_is_shown_without_it() -> None:
    token = f"sk-proj-Ab1{SECRET}Cd2Ef3"
    found = made([connection("a", name=token), connection("b", name=token)], [])
    assert "same-name" in [problem.code for problem in found.problems]
    assert token not in str(found.problems)
    assert token not in render_plan_json(view_of(found))
