"""What a plan says, and refuses, where a change breaks what uses a spec."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.breaking.effect import Level
from reconciler.documents.canonical import short_digest
from reconciler.documents.comparison import Cause
from reconciler.errors import ExitCode, Severity, exit_code_of
from reconciler.planning.comparing.ownership import Settled
from reconciler.planning.plan import ActionName, Plan
from tests.planning.situations import connection, flow_file, live, marked, marker_for, only_action, plan

BASIC: dict[str, Any] = {"name": "Basic", "type": "BasicAuthentication"}
OAUTH: dict[str, Any] = {"name": "OAuth", "type": "OAuth2RefreshCode"}
BEFORE = connection(authSpec=[BASIC, OAUTH])
AFTER = connection(authSpec=[OAUTH])


def levels(made: Plan) -> list[tuple[Level, str]]:
    return [(effect.level, effect.code) for effect in only_action(made).effects]


def test_a_change_that_breaks_connections_refuses_the_apply() -> None:
    made = plan([AFTER], [marked(BEFORE)])
    (problem,) = made.errors
    assert (problem.code, problem.key, problem.file, problem.guard) == ("breaking", "members", "specs/members.yaml", True)
    assert problem.message == (
        "connection spec 'members' would break connections or flows that use it: "
        "auth spec 'Basic' is removed: connections created with it refer to it by name, "
        "and Flow Service rejects a name that the spec does not have (error 1415)"
    )
    assert problem.hint is not None
    assert "--allow-breaking" in problem.hint
    assert exit_code_of(made.problems) is ExitCode.REFUSED
    assert (made.summary.breaking, made.summary.risky) == (1, 0)


def test_a_change_that_breaks_is_a_warning_where_that_is_allowed() -> None:
    made = plan([AFTER], [marked(BEFORE)], allow_breaking=True)
    assert [(problem.severity, problem.code) for problem in made.problems] == [(Severity.WARNING, "breaking")]
    assert levels(made) == [(Level.BREAKING, "auth-removed")]


def test_the_message_counts_what_else_breaks() -> None:
    (problem,) = plan([connection(authSpec=[{"name": "Other", "type": "x"}])], [marked(BEFORE)]).errors
    assert problem.message.endswith("; and 1 more")


def test_allowing_what_breaks_makes_no_other_plan() -> None:
    refused, allowed = (plan([AFTER], [marked(BEFORE)], allow_breaking=allow) for allow in (False, True))
    assert refused.digest == allowed.digest


def test_what_is_risky_is_told_with_the_action_and_stops_nothing() -> None:
    made = plan([connection(exploreSpec={"type": "Table"})], [marked(connection(exploreSpec={"type": "Resource"}))])
    assert made.problems == ()
    assert levels(made) == [(Level.RISKY, "explore")]
    assert made.summary.risky == 1


def test_a_harmless_change_has_no_effect() -> None:
    made = plan([connection(description="new")], [marked(connection(description="old"))])
    assert only_action(made).effects == ()


def test_drift_that_apply_would_revert_breaks_as_much() -> None:
    made = plan([AFTER], [marked(AFTER, authSpec=[BASIC, OAUTH])])
    assert only_action(made).cause is Cause.DRIFT
    assert [problem.code for problem in made.errors] == ["breaking"]


def test_what_is_ignored_does_not_break() -> None:
    made = plan([connection(authSpec=[OAUTH], description="x", ignore=("/authSpec",))], [marked(BEFORE)])
    assert only_action(made).effects == ()


def test_what_the_service_is_known_not_to_keep_does_not_break() -> None:
    desired = connection(authSpec=[OAUTH | {"type": "OAuth2"}], description="x")
    known = {"/authSpec/OAuth/type": Settled(short_digest("OAuth2"), short_digest("OAuth2RefreshCode"))}
    found: dict[str, Any] = {"authSpec": [OAUTH], "description": "y"}
    assert levels(plan([desired], [marked(desired, **found)])) == [(Level.BREAKING, "auth-type")]
    assert levels(plan([desired], [marked(desired, marker=marker_for(desired, settled=known), **found)])) == []


def test_a_marker_alone_has_no_effect() -> None:
    action = only_action(plan([connection("new", former_keys=("old",), name="A")], [marked(connection("old", name="A"))]))
    assert (action.action, action.effects) == (ActionName.RENAME, ())


def test_taking_over_a_spec_may_break_it() -> None:
    made = plan([connection(authSpec=[OAUTH], adopt=True)], [live(BEFORE)])
    assert only_action(made).action is ActionName.ADOPT
    assert [problem.code for problem in made.errors] == ["breaking"]


def test_a_create_breaks_nothing() -> None:
    assert only_action(plan([BEFORE], [])).effects == ()


@pytest.mark.parametrize("writes_sources", [True, False])
def test_an_own_flow_spec_is_judged_by_its_schedule(writes_sources: bool) -> None:
    sources: dict[str, Any] = {"sourceConnectionSpecIds": []} if writes_sources else {}
    before = flow_file(scheduleSpec={"spec": {"required": []}}, **sources)
    after = flow_file(scheduleSpec={"spec": {"required": ["interval"]}}, **sources)
    assert levels(plan([after], [marked(before, 7)])) == [(Level.BREAKING, "newly-required")]
