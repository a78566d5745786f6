"""A kept proof renders as the report that it was kept from, less what is not kept."""

from __future__ import annotations

from dataclasses import replace

from reconciler.proofs.kept.proved_file import KeptProof, read_proved
from reconciler.proving.keeping import kept_proof
from reconciler.reports.proving.html import prove_html
from reconciler.reports.proving.markdown import prove_markdown
from reconciler.reports.submission.kept import report_of
from tests.proving.samples import proof


def kept() -> KeptProof:
    found = read_proved(kept_proof(proof()))
    assert isinstance(found, KeptProof)
    return found


def test_the_report_is_that_of_the_proof_without_what_is_not_kept() -> None:
    whole = proof()
    steps = tuple(replace(step, requests=()) for step in whole.steps)
    assert report_of(kept()) == replace(whole, steps=steps, run_metrics={}, findings=(), written=())


def test_it_is_kept_again_as_the_same_bytes() -> None:
    assert kept_proof(report_of(kept())) == kept_proof(proof())


def test_an_outcome_that_is_not_known_is_unknown() -> None:
    assert report_of(replace(kept(), outcome="better")).outcome == "unknown"


def test_people_can_read_it() -> None:
    report = report_of(kept())
    for text in (prove_markdown(report), prove_html(report)):
        assert "237" in text
        assert "adf-1" in text
