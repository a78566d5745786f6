"""A streaming source authenticates its events, and each test of that has an answer."""

from __future__ import annotations

from typing import Final

from reconciler.proofs.streaming.authentication import CASES, AuthenticationTests
from reconciler.submission.check import Check, held, refused
from reconciler.submission.material import Material

FILE: Final = "authentication-tests.yaml"


def streaming_check(material: Material) -> Check:
    """OAuth 2.0 or HMAC is agreed on, and every row of the table is complete."""
    if not material.is_streaming:
        return held("streaming", "not a streaming source")
    streaming, file = material.proof.streaming, f"proofs/{material.key}/{FILE}"
    mechanism = streaming.mechanism if streaming is not None else None
    if mechanism not in CASES:
        said = "events are not authenticated" if mechanism else "no mechanism for authentication is set"
        return refused(
            "streaming", f"{said}: Adobe requires OAuth 2.0 or HMAC", "set streaming.mechanism in proof.yaml to hmac or oauth"
        )
    tests = material.authentication
    if tests is None:
        cases = ", ".join(CASES[mechanism])
        hint = f"prove with --keep, or write `mechanism: {mechanism}`, and under `tests` a row for each `case`: {cases}"
        return refused("streaming", f"there is no valid {file}", hint)
    if tests.mechanism != mechanism:
        return refused(
            "streaming", f"{file} is about {tests.mechanism}, and proof.yaml about {mechanism}", "test the mechanism that is used"
        )
    elsewhere = [test.case for test in tests.tests if test.request and not test.is_of_adobe]
    if elsewhere:
        said = f"{file}: {', '.join(elsewhere)} {'was' if len(elsewhere) == 1 else 'were'} not sent to Adobe"
        return refused("streaming", said, "prove in a sandbox: reconciler --target NAME prove KEY --keep")
    missing = _missing(tests, mechanism)
    if missing:
        return refused(
            "streaming", f"{file}: {'; '.join(missing)}", "record each answer of Adobe's endpoint, also of what it refuses"
        )
    return held("streaming", f"{mechanism}: all {len(CASES[mechanism])} tests have an answer")


def _missing(tests: AuthenticationTests, mechanism: str) -> list[str]:
    found, by_case = [], tests.by_case
    for case in CASES[mechanism]:
        test = by_case.get(case)
        if test is None:
            found.append(f"{case} is missing")
        elif test.missing:
            found.append(f"{case} has no {', '.join(test.missing)}")
    return found
