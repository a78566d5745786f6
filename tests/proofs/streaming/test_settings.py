"""The section `streaming` of proof.yaml, and its variables."""

from __future__ import annotations

import pytest

from reconciler.proofs.proof import ProofText, ReadProof, parsed_proof
from reconciler.proofs.streaming.settings import streaming_problems, streaming_secrets


def read(section: str) -> ReadProof:
    result = parsed_proof(ProofText("proof.yaml", f"kind: Proof\nstreaming: {section}\n".encode(), "acme-events"))
    assert not result.problems, result.problems
    return result


@pytest.mark.parametrize(
    ("section", "shown"),
    [
        ("{mechanism: oauth}", []),
        ("{mechanism: hmac, secret: {env: KEY}, tests: {previous-secret: {env: OLD}}}", []),
        ("{mechanism: oauth, tests: {expired: {env: OLD}, scopes: {env: A}, rotated: {env: B}}}", []),
        ("{mechanism: none}", ["warning no-authentication 2"]),
        ("{mechanism: hmac}", ["error missing-property 2"]),
        ("{mechanism: hmac, secret: {env: KEY}, tests: {expired: {env: OLD}}}", ["error unknown-key 2"]),
        ("{mechanism: none, tests: {valid: {env: OLD}}}", ["warning no-authentication 2", "error unknown-key 2"]),
    ],
)
def test_what_the_section_lacks_is_shown_at_its_line(section: str, shown: list[str]) -> None:
    problems = streaming_problems(read(section))
    assert [f"{problem.severity.value} {problem.code} {problem.line}" for problem in problems] == shown


def test_a_hint_names_a_variable_that_fits() -> None:
    (problem,) = streaming_problems(read("{mechanism: hmac}"))
    assert problem.hint == "write secret: {env: ACME_EVENTS_SECRET} under streaming"


def test_the_values_of_the_variables_are_secrets() -> None:
    given = read("{mechanism: hmac, secret: {env: KEY}, tests: {previous-secret: {env: OLD}}}")
    secrets, problems = streaming_secrets(given, {"RECONCILER_PROOF_KEY": "now-valid", "RECONCILER_PROOF_OLD": "before"})
    assert problems == ()
    assert secrets.secret is not None
    assert (secrets.secret.reveal(), secrets.tests["previous-secret"].reveal()) == ("now-valid", "before")
    assert sorted(secrets.by_name) == ["KEY", "OLD"]
    assert "now-valid" not in repr(secrets)


def test_a_variable_that_is_not_set_is_named() -> None:
    _, problems = streaming_secrets(read("{mechanism: hmac, secret: {env: KEY}}"), {})
    assert [problem.message for problem in problems] == ["the environment variable RECONCILER_PROOF_KEY is not set"]


def test_without_an_environment_no_variable_is_needed() -> None:
    secrets, problems = streaming_secrets(read("{mechanism: hmac, secret: {env: KEY}}"), None)
    assert (secrets.secret.reveal() if secrets.secret else None, problems) == ("${KEY}", ())


def test_a_proof_without_the_section_has_no_secrets() -> None:
    result = parsed_proof(ProofText("proof.yaml", b"kind: Proof\n", "acme"))
    assert streaming_secrets(result, {})[0].secret is None
    assert list(streaming_problems(result)) == []
