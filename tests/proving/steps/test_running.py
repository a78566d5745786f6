"""When a run counts as proved: by its status, its errors and its counts, and by nothing else."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from reconciler.dataflows.resources import RunState
from reconciler.proofs.values import Amount
from reconciler.proving.steps.running import Wanted, counted, is_counted, judged, note
from reconciler.proving.steps.work import PROVED

RUN = RunState("r1", "success", ended=True, succeeded=True, input=237, output=237, failed=0)
EXACTLY = Amount(237, 237)
EXPECT50 = Amount(50, 50)
WANTED = Wanted(237, EXACTLY.has, str(EXACTLY))


def test_a_run_that_succeeded_without_errors_is_proved() -> None:
    assert judged(RUN, 900) == PROVED


@pytest.mark.parametrize(
    ("state", "outcome", "why"),
    [
        (replace(RUN, status="failed", succeeded=False), "failed", "ended as 'failed'"),
        (replace(RUN, status="partial_success", succeeded=False), "failed", "ended as 'partial_success'"),
        (replace(RUN, errors=(("2200", "A connection attempt failed"),)), "failed", "A connection attempt failed [2200]"),
        (replace(RUN, status="in_progress", ended=False, succeeded=False), "unknown", "has not ended within 15m 0s"),
    ],
)
def test_a_run_without_success_or_with_errors_is_not_proved(state: RunState, outcome: str, why: str) -> None:
    result = judged(state, 900)
    assert result.outcome == outcome
    assert why in result.why


def test_counts_that_are_all_equal_are_proved() -> None:
    assert counted(RUN, WANTED) == PROVED


@pytest.mark.parametrize(
    ("state", "wanted", "outcome", "why"),
    [
        (replace(RUN, input=100, output=100), WANTED, "failed", "the run read 100 records, and the trial 237"),
        (replace(RUN, input=474, output=474), WANTED, "failed", "the run read 474 records, and the trial 237"),
        (replace(RUN, output=236), WANTED, "failed", "the run read 237 records and wrote 236"),
        (replace(RUN, failed=1), WANTED, "failed", "1 record of 237 could not be written"),
        (replace(RUN, input=None), WANTED, "unknown", "no number of records read"),
        (replace(RUN, output=None), WANTED, "unknown", "no number of records written"),
        (RUN, Wanted(237, Amount(300).has, "at least 300"), "failed", "proof.yaml expects at least 300"),
        (RUN, Wanted(None), "unknown", "nothing says how many records there are"),
    ],
)
def test_a_count_that_differs_or_is_missing_is_not_proved(state: RunState, wanted: Wanted, outcome: str, why: str) -> None:
    result = counted(state, wanted)
    assert result.outcome == outcome
    assert why in result.why


def test_the_proof_file_alone_can_say_how_many_records_there_are() -> None:
    assert counted(RUN, Wanted(None, EXACTLY.has, "237")) == PROVED


ROWS = Wanted(50, EXPECT50.has, "50", rows=237, written=237, explodes=True)


@pytest.mark.parametrize(("read", "written"), [(50, 50), (50, 237), (237, 237)])
def test_where_records_become_rows_either_number_counts(read: int, written: int) -> None:
    assert counted(replace(RUN, input=read, output=written), ROWS) == PROVED


@pytest.mark.parametrize(("read", "written"), [(50, 236), (50, 51), (236, 236), (237, 236), (51, 51)])
def test_no_other_number_of_rows_counts(read: int, written: int) -> None:
    assert counted(replace(RUN, input=read, output=written), ROWS).outcome == "failed"


def test_the_rows_of_a_trial_that_did_not_keep_all_cannot_be_told() -> None:
    wanted = replace(ROWS, rows=None, written=None)
    assert counted(replace(RUN, input=50, output=50), wanted) == PROVED
    assert counted(replace(RUN, input=9000, output=9000), wanted).outcome == "unknown"
    assert counted(replace(RUN, input=50, output=9000), wanted).outcome == "unknown"
    assert counted(replace(RUN, input=49, output=9000), wanted).outcome == "failed"
    assert counted(replace(RUN, input=50, output=49), wanted).outcome == "failed"


def test_rows_that_are_written_say_nothing_about_records_that_were_read() -> None:
    """A time range that was ignored: all records were read, and none was lost."""
    wanted = Wanted(8, None, None, written=237, explodes=True)
    assert counted(RUN, wanted).outcome != "proved"


def test_expected_records_are_compared_with_rows_where_nothing_was_tried() -> None:
    assert counted(RUN, replace(ROWS, tried=None, rows=None)).outcome == "failed"


@pytest.mark.parametrize(
    ("state", "counted_already"),
    [
        (RUN, True),
        (replace(RUN, input=None), False),
        (replace(RUN, output=None), False),
        (replace(RUN, input=None, output=None, succeeded=False), True),
    ],
)
def test_the_counts_of_a_run_that_succeeded_are_there_if_both_are(state: RunState, *, counted_already: bool) -> None:
    assert is_counted(state) is counted_already


def test_the_journal_keeps_by_what_the_support_of_adobe_finds_a_run_and_no_secret_of_its_metrics() -> None:
    facts: list[tuple[str, str, Any]] = []
    log = SimpleNamespace(fact=lambda step, name, value: facts.append((step, name, value)))
    work: Any = SimpleNamespace(log=log, hide=lambda value: dict.fromkeys(value, "${TOKEN}"))
    note(work, "run", replace(RUN, adf_run="adf", batch=None, failed=None, metrics={"said": "secret"}))
    assert facts == [
        ("run", "run", "r1"),
        ("run", "adf_run", "adf"),
        ("run", "status", "success"),
        ("run", "input", 237),
        ("run", "output", 237),
        ("run", "metrics", {"said": "${TOKEN}"}),
    ]


def test_only_three_errors_of_a_run_are_named() -> None:
    errors = tuple((code, f"error {number}") for number, code in enumerate(("", "2200", "2201", "2202")))
    assert judged(replace(RUN, status="failed", succeeded=False, errors=errors), 1).why == (
        "the run ended as 'failed': error 0; error 1 [2200]; error 2 [2201]"
    )
    assert judged(replace(RUN, status="failed", succeeded=False), 1).why == "the run ended as 'failed'"
