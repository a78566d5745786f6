"""Findings about rows, and about what the proof expects."""

from __future__ import annotations

from typing import Final

from reconciler.sources.codes.text import FindingText, error, warning

ROWS: Final[tuple[FindingText, ...]] = (
    error(
        "1319",
        "`explodeEntityPath` points to an array inside each record",
        "Without the array there are no rows.",
        "Start the path with the name of the record: $.order.lines.",
    ),
    error(
        "expected-records",
        "As many records are read as expected",
        "`expect.records` of proof.yaml is not met.",
        "Correct one of them.",
    ),
    error(
        "expected-pages", "As many pages are read as expected", "`expect.pages` of proof.yaml is not met.", "Correct one of them."
    ),
    error(
        "expected-fields",
        "Each record has the expected fields",
        "`expect.fields` of proof.yaml is not met.",
        "Correct one of them.",
    ),
    error(
        "expected-unique", "Records are unique as expected", "`expect.unique` of proof.yaml is not met.", "Check the pagination."
    ),
    error(
        "expected-window",
        "A window has as many records as expected",
        "`expect.windows` of proof.yaml is not met.",
        "Correct one of them.",
    ),
    warning(
        "auth-test-always-true",
        "The test of the credentials fails for wrong ones",
        "A test that always succeeds proves nothing.",
        "Use an address that requires the credentials as authorizationTestUrl.",
    ),
)
