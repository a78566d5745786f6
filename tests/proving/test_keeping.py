"""What is kept of a proof."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.documents.json_text import decode
from reconciler.proofs.folder import PROVED_BYTES
from reconciler.proofs.kept.proved_file import KeptProof, read_proved
from reconciler.proving.keeping import NotKept, kept_proof
from reconciler.proving.report import Counts, StepReport
from tests.proving.samples import STEPS, WINDOW, proof


def test_requests_metrics_and_findings_are_left_out() -> None:
    document = decode(kept_proof(proof()))
    assert not {"run_metrics", "findings", "interrupted", "written"} & document.keys()
    assert all("requests" not in step for step in document["steps"])
    assert b"req-1" not in kept_proof(proof())


def test_keys_are_sorted_and_the_bytes_are_always_the_same() -> None:
    data = kept_proof(proof())
    assert data == kept_proof(proof())
    assert list(decode(data)) == sorted(decode(data))
    assert data.endswith(b"}\n")


def test_what_is_kept_can_be_read_back() -> None:
    kept = read_proved(kept_proof(proof()))
    assert isinstance(kept, KeptProof)
    assert (kept.run, kept.counts.input, kept.counts.pages, kept.ids["adf_run"]) == ("20261127T1012-7f3a", 237, 3, "adf-1")
    assert kept.learnt[0].value == "until-empty"


@pytest.mark.parametrize("outcome", ["failed", "refused", "unknown", "skipped"])
def test_only_a_proof_that_succeeded_is_kept(outcome: str) -> None:
    with pytest.raises(NotKept, match="is not proved"):
        kept_proof(proof(outcome=outcome))


def test_a_secret_is_found_before_anything_is_kept() -> None:
    with pytest.raises(NotKept, match="the value of THE_KEY"):
        kept_proof(proof(), lambda text: "THE_KEY" if "RestStorageToAEP" in text else None)


def test_long_reasons_are_cut() -> None:
    long = StepReport("auth", "proved", "x" * 10_000)
    kept = read_proved(kept_proof(proof(steps=(*STEPS, long))))
    assert isinstance(kept, KeptProof)
    assert len(kept.steps[-1].why) == 200


def test_time_ranges_that_do_not_fit_are_counted() -> None:
    data = kept_proof(proof(counts=replace(proof().counts, by_window=(WINDOW,) * 200)))
    kept = read_proved(data)
    assert isinstance(kept, KeptProof)
    assert len(data) <= PROVED_BYTES
    assert kept.counts.windows == 200
    assert 10 < len(kept.counts.by_window) < 200
    assert kept.assumed == ()


def test_what_cannot_be_made_to_fit_is_not_kept() -> None:
    with pytest.raises(NotKept, match="more than 16,384 bytes"):
        kept_proof(proof(steps=STEPS * 100))


def test_a_lone_surrogate_is_replaced() -> None:
    kept = read_proved(kept_proof(proof(repository="acme/\ud800")))
    assert isinstance(kept, KeptProof)
    assert kept.repository == "acme/?"


def test_counts_that_are_not_known_stay_unknown() -> None:
    kept = read_proved(kept_proof(proof(counts=Counts())))
    assert isinstance(kept, KeptProof)
    assert kept.counts.input is None
