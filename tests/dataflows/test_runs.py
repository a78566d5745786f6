"""Runs, as they are read: their end, their counts, their errors and their ids."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.dataflows.reading import ProofReader
from reconciler.dataflows.resources import RunState
from reconciler.errors import ServiceError
from tests.dataflows.wires import FLOW_ID, client
from tests.flowservice.simulated import Service, answer, listed

SECRET = "hunter2-hunter2-hunter2"


def run(metrics: Any = None, **fields: Any) -> RunState:
    """A run as it is read from this item."""
    (state,) = client(ProofReader, Service(listed({"id": "r1", "flowId": FLOW_ID, "metrics": metrics} | fields))).runs(FLOW_ID)
    return state


def with_status(status: Any) -> RunState:
    return run({"statusSummary": {"status": status}})


@pytest.mark.parametrize("status", ["success", "Success", "SUCCESS", " success ", "COMPLETED"])
def test_a_run_succeeded_whatever_the_case_of_the_word(status: str) -> None:
    state = with_status(status)
    assert (state.ended, state.succeeded) == (True, True)
    assert state.status == status.strip().lower()


@pytest.mark.parametrize("status", ["failed", "FAILED", "Failed", "PARTIAL_SUCCESS", "partial_failure", "cancelled"])
def test_a_run_ended_without_success(status: str) -> None:
    state = with_status(status)
    assert (state.ended, state.succeeded) == (True, False)


@pytest.mark.parametrize(
    "status", ["inProgress", "IN_PROGRESS", "QUEUED", "SCHEDULED", "polishing", "", None, 5, [], "successful?"]
)
def test_an_unknown_word_is_not_an_end(status: Any) -> None:
    state = with_status(status)
    assert (state.ended, state.succeeded) == (False, False)


@pytest.mark.parametrize("metrics", [None, [], "x", {}, {"statusSummary": 5}])
def test_a_run_without_metrics_has_not_ended(metrics: Any) -> None:
    state = run(metrics)
    assert (state.status, state.ended, state.input, state.metrics) == (
        "",
        False,
        None,
        metrics if isinstance(metrics, dict) else {},
    )


@pytest.mark.parametrize(
    ("summary", "counts"),
    [
        ({"inputRecordCount": 237, "outputRecordCount": 230, "failedRecordCount": 7}, (237, 230, 7)),
        ({"inputRecordCount": 237, "createdRecordCount": 200, "updatedRecordCount": 30, "failedRecordCount": 7}, (237, 230, 7)),
        ({"createdRecordCount": 200}, (None, 200, None)),
        ({"outputRecordCount": 0, "createdRecordCount": 5}, (None, 0, None)),
        ({"inputRecordCount": "237", "outputRecordCount": 230.0}, (237, 230, None)),
        ({"inputRecordCount": -1, "outputRecordCount": True, "failedRecordCount": "many"}, (None, None, None)),
        ({"inputRecordCount": 10**30, "outputRecordCount": 1.5, "failedRecordCount": "9" * 50}, (None, None, None)),
        (None, (None, None, None)),
        ([], (None, None, None)),
    ],
)
def test_the_counts_are_read_in_both_spellings(summary: Any, counts: tuple[int | None, ...]) -> None:
    state = run({"recordSummary": summary})
    assert (state.input, state.output, state.failed) == counts


def test_errors_are_collected_from_the_run_and_its_activities_once_each() -> None:
    failed = {"code": "CONNECTOR-1001-500", "message": "copy failed"}
    state = run(
        {
            "statusSummary": {"status": "success", "errors": [failed]},
            "recordSummary": {"failedInfo": [{"code": "2200", "message": "A connection attempt failed"}]},
        },
        activities=[
            {"name": "Copy Activity", "statusSummary": {"errors": [failed], "extensions": {"adf/run/id": "adf-1"}}},
            {"statusSummary": {"errors": [{"code": 2001, "message": None}], "extensions": {"batchId": "b1"}}},
            "odd",
            {"recordSummary": {"failedInfo": [{"message": "row 7"}, 5, {}]}},
        ],
    )
    assert state.errors == (
        ("CONNECTOR-1001-500", "copy failed"),
        ("2200", "A connection attempt failed"),
        ("2001", ""),
        ("", "row 7"),
    )
    assert (state.adf_run, state.batch) == ("adf-1", "b1")
    assert state.succeeded


@pytest.mark.parametrize("extensions", [None, [], {"adf/run/id": 5, "batchId": {}}, {"adf/run/id": "a\nb", "batchId": "x" * 500}])
def test_odd_extensions_give_no_ids(extensions: Any) -> None:
    state = run({}, activities=[{"statusSummary": {"extensions": extensions}}])
    assert (state.adf_run, state.batch) == (None, None)


def test_the_runs_of_a_flow_are_all_read_oldest_first() -> None:
    def began(run_id: str, at: int | None, **fields: Any) -> dict[str, Any]:
        return {"id": run_id, "metrics": {"durationSummary": {"startedAtUTC": at}}} | fields

    service = Service(
        listed(began("late", 20), began("other", 1, flowId="another"), next_href="/runs?continuationToken=x"),
        listed(began("early", 10, flowId=FLOW_ID), {"name": "odd"}, 7, began("early", 10)),
    )
    assert [state.id for state in client(ProofReader, service).runs(FLOW_ID)] == ["early", "late"]
    assert service.requests[0].url.query == f"property=flowId=={FLOW_ID}".encode()


def test_no_run_yet_is_no_run() -> None:
    assert client(ProofReader, Service(listed())).runs(FLOW_ID) == ()


def test_runs_that_cannot_be_read_are_an_error() -> None:
    with pytest.raises(ServiceError):
        client(ProofReader, Service(answer(200, {"runs": []}))).runs(FLOW_ID)


def test_an_error_that_repeats_a_withheld_credential_is_not_shown() -> None:
    item = {"id": "r1", "metrics": {"statusSummary": {"errors": [{"code": "2200", "message": f"GET https://x?key={SECRET}"}]}}}
    with client(ProofReader, Service(listed(item))) as reader:
        reader.withhold(SECRET)
        (state,) = reader.runs(FLOW_ID)
    assert SECRET not in str(state.errors)
    assert state.errors[0][0] == "2200"


def test_a_status_is_shown_in_part_and_without_a_credential() -> None:
    assert len(with_status("x" * 100_000).status) <= 100
    assert len(with_status("polishing " * 100_000).status) <= 100
    reader = client(ProofReader, Service(listed({"id": "r1", "metrics": {"statusSummary": {"status": f"as {SECRET}"}}})))
    reader.withhold(SECRET)
    assert SECRET not in reader.runs(FLOW_ID)[0].status


@pytest.mark.parametrize("odd", ["a\nb", "\x1b[2J", "x" * 201, 5, SECRET])
def test_an_id_of_a_run_that_is_none_or_repeats_a_credential_is_not_shown(odd: Any) -> None:
    reader = client(ProofReader, Service(listed({"id": odd}, {"id": "r2"})))
    reader.withhold(SECRET)
    assert [state.id for state in reader.runs(FLOW_ID)] == ["r2"]
