"""What a reading may be used for, by what other readings have shown before."""

from __future__ import annotations

from typing import Any

from reconciler.applying.evidence import Evidence
from reconciler.documents.json_text import encode
from reconciler.documents.kinds import Kind
from reconciler.flowservice.specs import LiveSpec, live_spec


def flow(*ids: str, updated_at: int | None = 1_001, **body: Any) -> LiveSpec:
    """A flow spec that holds these ids."""
    times = {} if updated_at is None else {"updatedAt": updated_at}
    document = {"id": "f", "name": "Shared", "sourceConnectionSpecIds": list(ids), **times, **body}
    return live_spec(Kind.FLOW_SPEC, encode(document))


def reason_against(evidence: Evidence, reading: LiveSpec) -> str | None:
    doubt = evidence.doubt(reading)
    return doubt.reason if doubt else None


def test_nothing_is_built_on_a_reading_from_before_one_that_was_not_used() -> None:
    evidence = Evidence(flow("a"))
    evidence.noticed(flow("a", "b", updated_at=2_001))
    assert reason_against(evidence, flow("a")) == "it is older than an earlier reading"


def test_what_the_list_shows_is_expected_of_every_reading_after_it() -> None:
    for time in (None, 1_001, 2_001):
        evidence = Evidence(flow("a", updated_at=None if time is None else 1_001))
        evidence.listed(flow("a", "b", updated_at=time))
        assert (
            reason_against(evidence, flow("a", updated_at=time))
            == "it shows less than an earlier reading: sourceConnectionSpecIds"
        )


def test_a_list_that_is_behind_takes_nothing_back() -> None:
    evidence = Evidence(flow("a", "b", updated_at=2_001))
    evidence.listed(flow("a"))
    assert reason_against(evidence, flow("a", updated_at=2_001)) is not None


def test_a_list_without_times_that_shows_less_is_not_believed_by_itself() -> None:
    evidence = Evidence(flow("a", "b", updated_at=None))
    evidence.listed(flow("a", updated_at=None))
    assert reason_against(evidence, flow("a", updated_at=None)) is not None


def test_nothing_is_built_on_a_reading_that_shows_less_than_one_that_was_not_used() -> None:
    evidence = Evidence(flow("a"))
    evidence.noticed(flow("a", "b", updated_at=2_001))
    assert (
        reason_against(evidence, flow("a", updated_at=2_001)) == "it shows less than an earlier reading: sourceConnectionSpecIds"
    )
