"""The evidence of proofs is read from the specs folder, without the network."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import GivenFiles
from reconciler.observing.proofs import OLD, KeptProofs, with_proofs
from reconciler.planning.plan import Options, Plan, PlanTarget
from reconciler.planning.proved import NOT_PROVED, PlannedProof
from reconciler.proofs.kept.status import ProvedStatus
from reconciler.proving.keeping import kept_proof
from tests.planning.situations import connection, flow_file, plan
from tests.proving.samples import PROOF, RUN, SPEC, TARGET, proof

STAGE = PlanTarget("stage", TARGET.host, TARGET.org_id, TARGET.sandbox)
PROD = PlanTarget("prod", TARGET.host, TARGET.org_id, "prod")
DAY = 86_400.0
PROVED_AT = datetime(2026, 11, 27, 10, 16, 20, tzinfo=UTC).timestamp()


def kept(**files: bytes) -> KeptProofs:
    named = {"proved-stage.json": kept_proof(proof()), "proof.yaml": PROOF} | {
        name.replace("__", "-").replace("_json", ".json").replace("_yaml", ".yaml"): data for name, data in files.items()
    }
    return KeptProofs(GivenFiles({f"proofs/members/{name}": data for name, data in named.items()}))


def found(evidence: KeptProofs, target: PlanTarget = STAGE, spec: DesiredSpec = SPEC) -> PlannedProof:
    return evidence(spec, target)


def made(
    *specs: DesiredSpec, target: PlanTarget = STAGE, max_age: float | None = None, now: float = PROVED_AT, **options: Any
) -> Plan:
    new = replace(plan(specs, []), target=target, options=Options(**options))
    return with_proofs(new, specs, kept(), max_age, now)


def test_a_proof_in_this_target_is_evidence() -> None:
    assert found(kept()) == PlannedProof(ProvedStatus.YES, "stage", RUN, "2026-11-27T10:16:20Z", 237, exempt=True)


def test_a_proof_in_another_target_is_evidence_of_the_same_content() -> None:
    assert found(kept(), PROD) == PlannedProof(ProvedStatus.YES, "stage", RUN, "2026-11-27T10:16:20Z", 237)
    other = connection("members", **{**SPEC.body, "exploreSpec": {"name": "x"}})
    stale = found(kept(), PROD, other)
    assert (stale.status, stale.target, stale.reason) == (
        ProvedStatus.STALE,
        "stage",
        "exploreSpec changed since the proof of 2026-11-27",
    )


def test_a_proof_by_an_emulator_is_no_evidence_for_another_target() -> None:
    by_emulator = kept_proof(proof(target=replace(TARGET, emulated=True)))
    assert found(kept(proved__stage_json=by_emulator), PROD) == NOT_PROVED
    local = kept_proof(proof(target=replace(TARGET, host="127.0.0.1:8080")))
    assert found(kept(proved__stage_json=local), PROD) == NOT_PROVED


def test_a_file_of_another_target_under_this_name_is_no_evidence() -> None:
    copied = KeptProofs(GivenFiles({"proofs/members/proved-dev.json": kept_proof(proof()), "proofs/members/proof.yaml": PROOF}))
    assert found(copied, PROD) == NOT_PROVED


def test_without_a_kept_proof_only_the_exemption_is_known() -> None:
    evidence = KeptProofs(GivenFiles({"proofs/members/proof.yaml": PROOF}))
    assert (found(evidence), found(evidence, PROD)) == (replace(NOT_PROVED, exempt=True), NOT_PROVED)
    assert found(KeptProofs(GivenFiles({}))) == NOT_PROVED


def test_a_plan_has_the_evidence_at_what_it_creates() -> None:
    (action,) = made(SPEC, target=PROD).actions
    assert action.proved is not None
    assert action.proved.target == "stage"


def test_a_plan_says_nothing_about_what_was_never_proved_unless_it_must() -> None:
    new = connection("orders", **SPEC.body)
    (silent,) = made(new).actions
    warned = made(new, unproved="warn")
    assert silent.proved is None
    assert warned.actions[0].proved == NOT_PROVED
    assert [(problem.code, problem.key) for problem in warned.problems] == [("unproved", "orders")]


def test_the_status_has_every_source_with_a_file_and_nothing_else() -> None:
    specs = made(SPEC, connection("orders", **SPEC.body), connection("plain"), flow_file()).specs
    assert {spec.key: spec.proved and str(spec.proved.status) for spec in specs} == {
        "members": "yes",
        "orders": "no",
        "plain": None,
        "own-flow": None,
    }


@pytest.mark.parametrize(("days", "is_old"), [(90, False), (90.001, True)])
def test_an_old_proof_of_this_target_is_a_warning(days: float, is_old: bool) -> None:
    problems = made(SPEC, max_age=90 * DAY, now=PROVED_AT + days * DAY).problems
    assert [problem.code for problem in problems] == ([OLD] if is_old else [])
    if is_old:
        assert problems[0].message == "the proof of connection spec 'members' is 90 days old, and `proof.max_age` is 90d"


def test_without_a_maximum_a_proof_does_not_age() -> None:
    assert made(SPEC, now=PROVED_AT + 10_000 * DAY).problems == ()


def test_a_proof_of_another_target_is_not_told_to_be_old_here() -> None:
    assert made(SPEC, target=PROD, max_age=DAY, now=PROVED_AT + 10 * DAY).problems == ()


def test_a_copy_under_another_name_does_not_name_the_target() -> None:
    assert found(kept(proved__dev_json=kept_proof(proof())), PROD).target == "stage"


def test_a_proof_of_the_future_does_not_count_because_it_would_never_be_old() -> None:
    (spec,) = made(SPEC, now=PROVED_AT - 2 * DAY).specs
    assert spec.proved is not None
    assert (str(spec.proved.status), spec.proved.reason) == ("no", "its proof is dated in the future: 2026-11-27T10:16:20Z")
    (spec,) = made(SPEC, now=PROVED_AT - 0.5 * DAY).specs
    assert spec.proved is not None
    assert str(spec.proved.status) == "yes"
