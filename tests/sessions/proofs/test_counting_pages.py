"""A page is one that has records: for try, for the counts of a proof, and so for submit."""

from __future__ import annotations

from pathlib import Path

from tests.sessions.proofs.laptop import PROOF, PROVIDER, SPEC, laptop, outcomes, why

UNTIL_EMPTY = SPEC.replace('        endConditionName: "$.hasMore"\n        endConditionValue: "Const:false"\n', "")
FULL = PROVIDER.replace("count: 237", "count: 100")


def test_an_empty_page_after_a_full_one_is_not_counted(tmp_path: Path) -> None:
    proof = PROOF.replace("records: 237", "records: 100\n  pages: 1")
    with laptop(tmp_path, UNTIL_EMPTY, proof, FULL) as here:
        report = here.prove()
        assert report.outcome == "proved", report.steps
        assert report.counts.pages == 1


def test_an_empty_page_after_a_full_one_is_not_the_second_page_that_is_expected(tmp_path: Path) -> None:
    proof = PROOF.replace("records: 237", "records: 100\n  pages: {min: 2}")
    with laptop(tmp_path, UNTIL_EMPTY, proof, FULL) as here:
        report = here.prove()
        assert outcomes(report)["try"] == "refused"
        assert "read 1 page, expected at least 2" in why(report, "try")
