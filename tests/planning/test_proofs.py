"""Which actions need a proof, and what is done about specs that are not proved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.errors import Problem, Severity
from reconciler.planning.guards.unproved import unproved_problems
from reconciler.planning.plan import Action, Options
from reconciler.planning.proofs import needs_proof, with_proved
from reconciler.planning.proved import NOT_PROVED, PlannedProof
from reconciler.proofs.kept.status import ProvedStatus
from tests.planning.situations import connection, flow_file, marked, only_action, plan
from tests.planning.test_trials import BEFORE, attributes, body

PROVED = PlannedProof(ProvedStatus.YES, "stage", "20261127T1012-7f3a", "2026-11-27T10:16:20Z", 237)
STALE = PlannedProof(ProvedStatus.STALE, "stage", reason="sourceSpec changed since the proof of 2026-11-27")


def changed(**sections: Any) -> Action:
    return only_action(plan([connection(**body() | sections)], [marked(BEFORE)]))


def created(**sections: Any) -> Action:
    return only_action(plan([connection(**body() | sections)], []))


def problems(proved: PlannedProof, **options: Any) -> tuple[Problem, ...]:
    return unproved_problems([replace(created(), proved=proved)], Options(**options))


@pytest.mark.parametrize("kind", ["generic-rest", "generic-streaming"])
def test_a_new_source_needs_a_proof(kind: str) -> None:
    assert needs_proof(created(type=kind))


def test_a_spec_that_nothing_can_be_read_from_needs_none() -> None:
    assert not needs_proof(only_action(plan([connection("members")], [])))
    assert not needs_proof(only_action(plan([flow_file()], [])))


@pytest.mark.parametrize(
    "sections",
    [attributes(headerParams={"a": "b"}), {"authSpec": [{"name": "Key", "type": "Basic"}]}, {"exploreSpec": {"name": "x"}}],
)
def test_a_change_of_what_a_proof_is_about_needs_another(sections: dict[str, Any]) -> None:
    assert needs_proof(changed(**sections))


@pytest.mark.parametrize("sections", [{"name": "Other"}, attributes(uiAttributes={"label": {"text": "Other"}})])
def test_a_change_of_words_needs_none(sections: dict[str, Any]) -> None:
    assert not needs_proof(changed(**sections))


def test_evidence_is_at_the_actions_that_need_it_and_at_every_spec() -> None:
    made = with_proved(plan([connection(**body() | {"name": "Other"})], [marked(BEFORE)]), {"members": PROVED})
    assert made.actions[0].proved is None
    assert made.specs[0].proved == PROVED
    assert with_proved(plan([connection(**body())], []), {"members": PROVED}).actions[0].proved == PROVED


def test_evidence_does_not_change_the_digest_of_a_plan() -> None:
    made = plan([connection(**body())], [])
    assert with_proved(made, {"members": PROVED}).digest == made.digest


@pytest.mark.parametrize("evidence", [NOT_PROVED, STALE])
def test_a_plan_may_warn_or_refuse(evidence: PlannedProof) -> None:
    (warned,) = problems(evidence, unproved="warn")
    (refused,) = problems(evidence, unproved="refuse")
    assert (warned.severity, refused.severity) == (Severity.WARNING, Severity.ERROR)
    assert (refused.code, refused.key, refused.guard) == ("unproved", "members", True)
    assert refused.hint == (
        "apply it to a test sandbox, run `reconciler prove members --target NAME --keep` there, and commit the file that it writes; "
        "or pass `--allow-unproved` for this run, or set `safety.unproved: warn` in reconciler.yaml"
    )


def test_the_reason_is_said() -> None:
    assert problems(NOT_PROVED, unproved="warn")[0].message == "connection spec 'members' is not proved"
    assert problems(STALE, unproved="warn")[0].message == (
        "connection spec 'members' is not proved: sourceSpec changed since the proof of 2026-11-27"
    )


def test_by_default_nothing_is_said() -> None:
    assert problems(NOT_PROVED) == ()


def test_one_run_may_write_what_is_not_proved() -> None:
    (problem,) = problems(NOT_PROVED, unproved="refuse", allow_unproved=True)
    assert problem.severity is Severity.WARNING


def test_a_target_in_which_proofs_run_is_exempt_because_a_spec_must_be_live_there_and_the_plan_says_so() -> None:
    (problem,) = problems(replace(NOT_PROVED, exempt=True), unproved="refuse")
    assert (problem.severity, problem.guard) == (Severity.WARNING, False)
    assert problem.message == (
        "connection spec 'members' is not proved; it is written because its proof.yaml lists this target for proofs"
    )
    assert problems(replace(NOT_PROVED, exempt=True), unproved="warn") == ()


def test_what_is_proved_is_no_problem() -> None:
    assert problems(PROVED, unproved="refuse") == ()
