"""What the files alone refuse: a proof runs only where its file says so, and only if nothing is left open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.errors import ExitCode, Problem, Severity, SpecFileError
from reconciler.proofs.values import Cleanup, Destination, Existing, Mapped, Proof
from reconciler.proving.guards.before import ProofRefused, check, content_refusals, refusal, target_refusals
from reconciler.proving.options import ProveOptions

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
