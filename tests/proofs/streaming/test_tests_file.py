"""authentication-tests.yaml: what is written reads back, and what a person added stays."""

from __future__ import annotations

import pytest

from reconciler.proofs.proof import ProofText
from reconciler.proofs.streaming.authentication import CASES, AuthenticationTest, AuthenticationTests
from reconciler.proofs.streaming.tests_file import bytes_of_tests, merged, parsed_tests

SENT = AuthenticationTest(
    "valid",
    "POST https://dcs.adobedc.net/collection/ab",
    {"x-adobe-flow-id": "f1", "x-hmac-sha256": "{SIGNATURE}"},
    '{"a": "yes: \\"1\\""}',
    200,
    "",
    "2026-11-27T10:00:00Z",
    "t-1",
    ingested=True,
)


def parsed(data: bytes) -> tuple[AuthenticationTests | None, list[str]]:
    tests, problems = parsed_tests(ProofText("authentication-tests.yaml", data, "acme"))
    return tests, [f"{problem.line} {problem.code} {problem.message}" for problem in problems]


def test_what_is_written_reads_back() -> None:
    data = bytes_of_tests(merged("hmac", [SENT], None))
    assert data is not None
    tests, problems = parsed(data)
    assert tests is not None
    assert problems == []
    assert [test.case for test in tests.tests] == list(CASES["hmac"])
    assert tests.by_case["valid"] == SENT
    assert tests.by_case["missing"] == AuthenticationTest("missing")


def test_cases_that_were_not_sent_now_keep_what_a_person_wrote() -> None:
    before = AuthenticationTests(
        "hmac", (AuthenticationTest("removed-secret", status=401), AuthenticationTest("valid", status=500))
    )
    tests = merged("hmac", [SENT], before)
    assert (tests.by_case["removed-secret"].status, tests.by_case["valid"].status) == (401, 200)


def test_tests_of_another_mechanism_do_not_stay() -> None:
    before = AuthenticationTests("oauth", (AuthenticationTest("missing", status=401),))
    assert merged("hmac", [SENT], before).by_case["missing"].status is None


def test_a_file_that_would_be_too_large_is_not_made() -> None:
    long = AuthenticationTest("valid", body="x" * 300_000)
    assert bytes_of_tests(AuthenticationTests("hmac", (long,))) is None


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b"mechanism: hmac\ntests:\n  - case: scopes\n", "3 bad-value 'scopes' is not a case of hmac"),
        (b"mechanism: none\ntests:\n  - case: valid\n", "3 bad-value 'valid' is not a case of none"),
        (b"mechanism: hmac\ntests:\n  - case: valid\n  - case: valid\n", "4 bad-value the case 'valid' is in the file twice"),
        (b"mechanism: basic\n", "1 bad-value"),
    ],
)
def test_a_wrong_row_is_shown_at_its_line(data: bytes, shown: str) -> None:
    _, problems = parsed(data)
    assert len(problems) == 1
    assert problems[0].startswith(shown)
