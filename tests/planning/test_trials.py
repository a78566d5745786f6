"""Which actions need a trial, and what is done about specs that were not tried."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Severity
from reconciler.planning.guards.untried import untried_problems
from reconciler.planning.plan import Action, ActionName, Options, Plan
from reconciler.planning.trials import may_need_trial, with_tried
from reconciler.planning.tried import NEVER_TRIED, Tried, TriedOutcome
from tests.planning.situations import connection, flow_file, live, marked, only_action, plan, shared_flow

STREAMS = "521eee4d-8cbe-4906-bb48-fb6bd4450033"
HELD = Tried(TriedOutcome.HELD, 237, 4, "2026-11-27T08:00:00Z")
FAILED = Tried(TriedOutcome.FAILED, 100, 1, "2026-11-27T08:00:00Z", "the answer has no list at $.members")


def body(**attributes: Any) -> Document:
    """A batch source with these attributes over its usual ones."""
    usual = {
        "uiAttributes": {"label": {"text": "Members"}, "isBeta": True},
        "urlParams": {"host": "https://api.example.com", "path": "/members", "method": "GET"},
        "contentPath": {"path": "$.members"},
        "paginationParams": {"type": "OFFSET", "limitName": "count", "limitValue": "100", "offSetName": "offset"},
        "scheduleParams": {"scheduleStartParamName": "since"},
    }
    spec = {"attributes": usual | attributes, "spec": {"type": "object", "properties": {"listId": {"type": "string"}}}}
    return {"type": "generic-rest", "authSpec": [{"name": "Key", "type": "KeyBased"}], "sourceSpec": spec}


BEFORE = connection(**body())


def changed(**sections: Any) -> Action:
    """The action for a file that has these sections in the place of those that are live."""
    return only_action(plan([connection(**body() | sections)], [marked(BEFORE)]))


def source(**parts: Any) -> Document:
    return {"sourceSpec": body()["sourceSpec"] | parts}


def attributes(**parts: Any) -> Document:
    return {"sourceSpec": body(**parts)["sourceSpec"]}


@pytest.mark.parametrize(
    "sections",
    [
        attributes(urlParams={"host": "https://api.example.com", "path": "/people", "method": "GET"}),
        attributes(headerParams={"accept": "application/json"}),
        attributes(bodyParams={"size": 10}),
        attributes(contentPath={"path": "$.data"}),
        attributes(explodeEntityPath={"path": "$.member.tags"}),
        attributes(paginationParams={"type": "NONE"}),
        attributes(scheduleParams={"scheduleStartParamName": "from"}),
        source(spec={"type": "object"}),
        {"authSpec": [{"name": "Key", "type": "BasicAuthentication"}]},
    ],
    ids=lambda sections: str(sections)[-40:],
)
def test_what_changes_a_request_its_records_or_its_pages_may_need_a_trial(sections: Document) -> None:
    assert may_need_trial(changed(**sections))


@pytest.mark.parametrize(
    "sections",
    [
        {"description": "Members of a list"},
        {"name": "Members (all)"},
        {"exploreSpec": {"type": "Resource"}},
    ],
    ids=lambda sections: str(sections)[:30],
)
def test_a_change_of_name_or_description_needs_none(sections: Document) -> None:
    assert not may_need_trial(changed(**sections))


def test_each_new_batch_source_may_need_a_trial() -> None:
    assert may_need_trial(only_action(plan([BEFORE], [])))
    assert may_need_trial(only_action(plan([connection(type="generic-rest")], [])))


def test_a_source_without_a_type_needs_one_if_it_has_a_request() -> None:
    untyped = {name: value for name, value in body().items() if name != "type"}
    assert may_need_trial(only_action(plan([connection(**untyped)], [])))
    assert not may_need_trial(only_action(plan([connection(**untyped, providerId=STREAMS)], [])))
    assert not may_need_trial(only_action(plan([connection(sourceSpec={"attributes": {"urlParams": "none"}})], [])))


def test_streaming_sources_and_flow_specs_need_none() -> None:
    streams = connection(**body() | {"type": "generic-streaming"}, providerId=STREAMS)
    assert not may_need_trial(only_action(plan([streams], [])))
    flow = only_action(plan([flow_file(sourceSpec=body()["sourceSpec"], type="generic-rest")], []))
    assert flow.kind is Kind.FLOW_SPEC
    assert not may_need_trial(flow)


def test_an_adoption_without_other_changes_needs_none() -> None:
    adopted = only_action(plan([replace(BEFORE, adopt=True)], [live(BEFORE)]))
    assert adopted.action is ActionName.ADOPT
    assert not may_need_trial(adopted)


def test_a_spec_that_only_joins_a_flow_spec_needs_none() -> None:
    joins = replace(BEFORE, flow_specs=("RestStorageToAEP",))
    assert not may_need_trial(only_action(plan([joins], [marked(joins), shared_flow()])))


def tried(evidence: Tried | None, desired: DesiredSpec = BEFORE) -> Plan:
    return with_tried(plan([desired], []), {} if evidence is None else {"members": evidence})


def problems(evidence: Tried | None, **options: Any) -> tuple[Problem, ...]:
    return untried_problems(tried(evidence).actions, Options(**options))


def test_the_evidence_is_part_of_the_action_and_of_no_digest() -> None:
    assert only_action(tried(HELD)).tried == HELD
    assert tried(HELD).digest == tried(FAILED).digest == tried(None).digest


def test_an_action_that_needs_no_trial_has_no_evidence() -> None:
    made = with_tried(plan([connection(**body(), description="x")], [marked(BEFORE)]), {"members": HELD})
    assert only_action(made).tried is None


RECORD = "run `reconciler try members --record`, then commit specs/proofs/members/"


def test_a_spec_that_was_not_tried_is_a_warning() -> None:
    (problem,) = problems(NEVER_TRIED)
    assert (problem.severity, problem.code, problem.key, problem.guard) == (Severity.WARNING, "untried", "members", True)
    assert (problem.file, problem.line) == ("specs/members.yaml", None)
    assert problem.message == "connection spec 'members' was not tried"
    assert problem.hint == RECORD


@dataclass(frozen=True)
class InFile:
    """Where a spec was read from, in the specs folder."""

    path: str

    def position(self, pointer: str) -> tuple[int, int] | None:
        raise NotImplementedError(pointer)


def test_the_hint_names_the_folder_of_the_proof_in_another_specs_folder_and_the_problem_its_line() -> None:
    elsewhere = replace(BEFORE, file="data/aep/sources/members.yaml", source=InFile("sources/members.yaml"))
    (action,) = tried(NEVER_TRIED, elsewhere).actions
    (problem,) = untried_problems((replace(action, line=7),), Options())
    assert problem.hint == "run `reconciler try members --record`, then commit data/aep/proofs/members/"
    assert (problem.file, problem.line) == ("data/aep/sources/members.yaml", 7)


def test_a_failed_trial_is_reported_with_its_first_finding() -> None:
    (problem,) = problems(FAILED)
    assert problem.message == "connection spec 'members' was tried, and it failed: the answer has no list at $.members"
    assert problem.hint == f"correct the spec, {RECORD}"


@pytest.mark.parametrize("evidence", [NEVER_TRIED, FAILED])
def test_where_the_settings_refuse_it_the_hint_names_every_way_out(evidence: Tried) -> None:
    (problem,) = problems(evidence, untried="refuse")
    assert (problem.severity, problem.guard) == (Severity.ERROR, True)
    assert (problem.hint or "").endswith(
        f"{RECORD}; or pass `--allow-untried` for this run, or set `safety.untried: warn` in reconciler.yaml"
    )


def test_a_run_that_allows_it_is_warned_all_the_same() -> None:
    (problem,) = problems(NEVER_TRIED, untried="refuse", allow_untried=True)
    assert (problem.severity, problem.hint) == (Severity.WARNING, RECORD)


@pytest.mark.parametrize("evidence", [NEVER_TRIED, FAILED])
def test_where_the_settings_allow_it_there_is_no_problem(evidence: Tried) -> None:
    assert problems(evidence, untried="allow") == ()


@pytest.mark.parametrize("level", ["allow", "warn", "refuse"])
def test_a_spec_whose_trial_held_is_no_problem(level: str) -> None:
    assert problems(HELD, untried=level) == ()
    assert problems(None, untried=level) == ()


def test_why_a_recording_does_not_count_is_in_the_message() -> None:
    (problem,) = problems(Tried(TriedOutcome.NOT_TRIED, reason="the recording is of other content"))
    assert problem.message == "connection spec 'members' was not tried: the recording is of other content"


def test_a_trial_against_a_stub_is_refused_where_the_settings_require_one() -> None:
    stubbed = replace(HELD, stub=True)
    (problem,) = problems(stubbed, untried="refuse")
    assert (problem.severity, problem.message) == (Severity.ERROR, "connection spec 'members' was only tried against a stub")
    assert "--record" in (problem.hint or "")
    assert problems(stubbed, untried="warn") == ()
    assert problems(stubbed, untried="refuse", allow_untried=True) == ()
