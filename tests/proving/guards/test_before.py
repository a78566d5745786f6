"""What the files alone refuse: a proof runs only where its file says so, and only if nothing is left open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.documents.json_text import Json
from reconciler.documents.kinds import Kind
from reconciler.errors import ExitCode, Problem, Severity, SpecFileError
from reconciler.planning.plan import Plan, SpecStatus, State
from reconciler.proofs.values import Cleanup, Destination, Existing, Mapped, Proof
from reconciler.proving.guards.before import (
    ProofRefused,
    check,
    content_refusals,
    live_refusals,
    refusal,
    status_of,
    target_refusals,
)
from reconciler.proving.options import ProveOptions
from tests.reports.plans import MAILCHIMP, attach, change, plan, spec

FILE = "specs/proofs/members/proof.yaml"
SCHEMA = Existing("https://ns.adobe.com/acme/schemas/1")


def codes_of(proof: Proof, options: ProveOptions | None = None) -> list[str]:
    return [problem.code for problem in content_refusals("members", proof, options or ProveOptions(), FILE)]


def test_a_target_that_is_not_listed_is_refused_with_both_ways_out() -> None:
    (problem,) = target_refusals("members", "stage", Proof(targets=("dev",)), ProveOptions(), FILE)
    assert problem.message == f"{FILE} does not list the target stage (targets: dev)"
    assert problem.hint == f"write targets: [stage] in {FILE}, or pass --allow-target stage"
    assert problem.guard


@pytest.mark.parametrize(
    ("proof", "options"), [(Proof(targets=("stage",)), ProveOptions()), (Proof(), ProveOptions(allow_target="stage"))]
)
def test_a_target_that_is_listed_or_allowed_is_not_refused(proof: Proof, options: ProveOptions) -> None:
    assert list(target_refusals("members", "stage", proof, options, FILE)) == []


def test_another_allowed_target_does_not_count() -> None:
    assert list(target_refusals("members", "prod", Proof(), ProveOptions(allow_target="stage"), FILE))


@pytest.mark.parametrize(
    ("target", "codes"),
    [
        (Destination(), []),
        (Destination(schema=SCHEMA), ["mapping-needed"]),
        (Destination(schema=SCHEMA, mapping=(Mapped("id", "_acme.id"),)), []),
        (Destination(schema=SCHEMA, mapping="none"), []),
        (Destination(dataset=Existing("5e")), ["schema-needed"]),
    ],
)
def test_a_destination_that_leaves_something_open_is_refused(target: Destination, codes: list[str]) -> None:
    assert codes_of(Proof(target=target)) == codes


def test_without_trial_and_preview_there_are_no_records_for_a_schema() -> None:
    assert codes_of(Proof(), ProveOptions(no_try=True, skip=("explore",))) == ["no-records"]
    assert codes_of(Proof(), ProveOptions(no_try=True)) == []


def test_a_kept_dataset_needs_its_schema() -> None:
    assert codes_of(Proof(cleanup=Cleanup(("dataset",)))) == ["keep-schema"]
    assert codes_of(Proof(cleanup=Cleanup(("schema", "dataset")))) == []


def test_refusals_alone_are_a_refusal_and_another_error_is_an_error() -> None:
    guard = refusal("members", "not-live", "it is not live", "apply first")
    with pytest.raises(ProofRefused) as refused:
        check("members", [guard])
    assert refused.value.exit_code is ExitCode.REFUSED
    assert refused.value.hint == "apply first"
    with pytest.raises(SpecFileError):
        check("members", [guard, Problem(Severity.ERROR, "bad-value", "a mistake in a file")])
    check("members", [replace(guard, severity=Severity.WARNING)])


MEMBERS = spec("members", attached_to=("Rest",))


def live(*, on: Plan) -> list[tuple[str, str]]:
    return [(problem.code, problem.message) for problem in live_refusals(on, "members", "stage")]


def test_a_spec_that_is_live_as_in_its_file_and_attached_is_not_refused() -> None:
    assert live(on=plan(specs=(MEMBERS,))) == []


@pytest.mark.parametrize(
    "status",
    [
        (),
        (spec("members", State.CREATE, id=None),),
        (spec("members", State.CREATE, attached_to=("Rest",)),),
        (spec("members", id=None, attached_to=("Rest",)),),
        (spec("others", attached_to=("Rest",)),),
        (spec("members", kind=Kind.FLOW_SPEC, attached_to=("Rest",)),),
    ],
)
def test_a_spec_that_is_not_live_is_refused(status: tuple[SpecStatus, ...]) -> None:
    assert live(on=plan(specs=status)) == [("not-live", "it is not live in stage")]


@pytest.mark.parametrize(
    ("state", "what"),
    [(State.UPDATE, "differs from its file"), (State.AHEAD, "is ahead of its file"), (State.ADOPT, "differs from its file")],
)
def test_what_is_proved_must_be_what_is_in_the_file(state: State, what: str) -> None:
    ((code, message),) = live(on=plan(specs=(spec("members", state, attached_to=("Rest",)),)))
    assert code == "not-applied"
    assert message == f"what is live {what}, and a proof must be about what is in the file"


def test_a_spec_without_a_flow_spec_is_refused() -> None:
    ((code, message),) = live(on=plan(specs=(spec("members"),)))
    assert (code, "attached to no flow spec" in message) == ("not-attached", True)


@pytest.mark.parametrize(("new", "refused"), [(MAILCHIMP, True), ({"ref": "members"}, True), ({"ref": "x"}, False), ("x", False)])
def test_a_spec_that_is_still_to_be_attached_is_refused(new: Json, refused: bool) -> None:
    on = plan(attach(change("add", "/sourceConnectionSpecIds/-", new=new)), specs=(MEMBERS,))
    assert [code for code, _ in live(on=on)] == (["not-attached"] if refused else [])


@pytest.mark.parametrize(("key", "counts"), [(None, True), ("members", True), ("others", False)])
def test_errors_of_the_plan_about_this_spec_or_all_refuse_it(key: str | None, counts: bool) -> None:
    problem = Problem(Severity.ERROR, "bad", "bad", key=key)
    assert live(on=plan(problems=(problem,), specs=(MEMBERS,))) == ([("bad", "bad")] if counts else [])


def test_the_status_is_that_of_the_connection_spec() -> None:
    both = plan(specs=(spec("members", kind=Kind.FLOW_SPEC), spec("others"), MEMBERS))
    assert status_of(both, "members") is MEMBERS
    assert status_of(both, "nobody") is None


def test_a_refusal_has_every_reason_and_says_the_first() -> None:
    with pytest.raises(ProofRefused) as refused:
        check("members", [refusal("members", "a", "first", "do this"), refusal("members", "b", "second", "do that")])
    assert [problem.code for problem in refused.value.problems] == ["a", "b"]
    assert (refused.value.message, refused.value.hint) == ("'members' cannot be proved: first", "do this")


def test_without_targets_the_refusal_says_none() -> None:
    (problem,) = target_refusals("members", "stage", Proof(), ProveOptions(), FILE)
    assert "(targets: none)" in problem.message


@pytest.mark.parametrize(
    ("proof", "options", "codes"),
    [
        (Proof(), ProveOptions(no_try=True, skip=("explore",)), ["no-records"]),
        (Proof(), ProveOptions(skip=("explore",)), []),
        (Proof(), ProveOptions(no_try=True, only=("connection",)), []),
        (
            Proof(target=Destination(schema=SCHEMA, mapping="none")),
            ProveOptions(no_try=True, skip=("explore",)),
            [],
        ),
        (Proof(cleanup=Cleanup(("dataset",))), ProveOptions(), ["keep-schema"]),
        (Proof(cleanup=Cleanup(("schema",))), ProveOptions(), []),
        (Proof(cleanup=Cleanup(("dataset",)), target=Destination(schema=SCHEMA, mapping="none")), ProveOptions(), []),
        (Proof(target=Destination(schema=SCHEMA, dataset=Existing("5e"), mapping="none")), ProveOptions(), []),
    ],
)
def test_what_no_step_can_find_out_is_refused(proof: Proof, options: ProveOptions, codes: list[str]) -> None:
    assert codes_of(proof, options) == codes
