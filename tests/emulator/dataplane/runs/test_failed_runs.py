"""What the third party, the spec, the mapping and the schema do wrong, and how the run ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reconciler.providers.provider import Provider
from reconciler.providers.schema import provider_of
from reconciler.providers.stub import Stub
from tests.emulator.dataplane.platform import EXPORT
from tests.emulator.dataplane.runs.flows import (
    DEV,
    MAPPINGS,
    OFFSET,
    PAGES,
    MadeFlow,
    a_flow,
    a_source,
    counts,
    errors,
    skip,
    status,
)
from tests.emulator.world import World
from tests.providers.reading import an_api

COPY = "CONNECTOR-1001-500"
PROCESS = "CONNECTOR-2001-500"


def run_of(flow: MadeFlow) -> dict[str, Any]:
    skip(flow.world, 60)
    return flow.run()


def test_a_wrong_limit_name_is_a_success_that_lost_records(world: World) -> None:
    flow = a_flow(world, source=a_source({**PAGES, "limitName": "size"}))
    run = run_of(flow)
    assert (status(run), counts(run)) == ("success", (30, 30, 0))


def test_pagination_none_is_a_success_that_read_one_page(world: World) -> None:
    run = run_of(a_flow(world, source=a_source({"type": "NONE"})))
    assert (status(run), counts(run)) == ("success", (10, 10, 0))


@pytest.mark.parametrize("request_number", [1, 3])
@pytest.mark.parametrize("http_status", [401, 404, 429, 500])
def test_an_error_of_the_third_party_fails_the_copy(world: World, request_number: int, http_status: int) -> None:
    stub = an_api(OFFSET, faults=[{"request": request_number, "status": http_status}])
    run = run_of(a_flow(world, stub))
    assert status(run) == "failed"
    reason = f"A connection attempt failed: request {request_number} was answered with HTTP {http_status}"
    assert errors(run) == [(COPY, f"Encountered an error while copying data from the source. {reason}")]
    assert run["metrics"]["recordSummary"]["failedInfo"] == [{"code": "2200", "message": reason}]
    assert counts(run) == ((request_number - 1) * 100, 0, 0)
    assert [activity["id"] for activity in run["activities"]] == ["copyActivity"]


def test_a_failed_copy_writes_nothing(world: World) -> None:
    flow = a_flow(world, an_api(OFFSET, faults=[{"request": 3, "status": 500}]))
    run_of(flow)
    assert flow.rows() == []


def test_a_connection_that_breaks_fails_the_copy(world: World) -> None:
    run = run_of(a_flow(world, an_api(OFFSET, faults=[{"request": 2, "reset": True}])))
    ((code, message),) = errors(run)
    assert (code, "the connection was closed without an answer" in message) == (COPY, True)


def test_a_host_that_the_emulator_does_not_call_fails_the_copy(world: World) -> None:
    source = a_source(urlParams={"host": "https://api.acme.com", "path": "/others", "method": "GET"})
    run = run_of(a_flow(world, source=source))
    (info,) = run["metrics"]["recordSummary"]["failedInfo"]
    assert info["code"] == "2200"
    assert "the emulator calls no other host, and api.acme.com is one" in info["message"]


def test_no_content_ends_a_run_that_succeeds(world: World) -> None:
    run = run_of(a_flow(world, an_api(OFFSET, faults=[{"request": 3, "status": 204}])))
    assert (status(run), counts(run)) == ("success", (200, 200, 0))


def test_too_many_requests_can_be_repeated(make_world: Callable[..., World]) -> None:
    world = make_world(engine={"http.429": "retries"})
    run = run_of(a_flow(world, an_api(OFFSET, faults=[{"request": 2, "status": 429}])))
    assert (status(run), counts(run)) == ("success", (237, 237, 0))


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (a_source(contentPath={"path": "$.members"}), "1313-400: $.members is not in the answer; it has items"),
        (a_source(contentPath={"path": "$.items[0]"}), "1315-400: $.items[0] is a mapping, not an array"),
    ],
)
def test_records_that_are_not_there_fail_the_processing(world: World, source: dict[str, Any], reason: str) -> None:
    run = run_of(a_flow(world, source=source))
    ((code, message),) = errors(run)
    assert (status(run), code) == ("failed", PROCESS)
    assert message == f"Encountered an error while processing the data that was copied from the source. {reason}"
    assert "failedInfo" not in run["metrics"]["recordSummary"]


def test_an_answer_that_is_not_json_fails_the_processing(world: World) -> None:
    run = run_of(a_flow(world, an_api(OFFSET, faults=[{"request": 2, "body": "<html>"}])))
    ((code, message),) = errors(run)
    assert (code, message.endswith("answer 2 is HTML, not JSON")) == (PROCESS, True)


def test_a_pagination_that_cannot_run_fails_the_copy(world: World) -> None:
    run = run_of(a_flow(world, source=a_source({"type": "OFFSET", "limitName": "count"})))
    ((code, message),) = errors(run)
    assert (status(run), code, "1316-400" in message) == ("failed", COPY, True)


def test_a_run_that_would_never_end_stops_at_the_limit_of_the_engine(make_world: Callable[..., World]) -> None:
    world = make_world(engine={"offset.no-end": "never", "run.max-requests": "50"})
    flow = a_flow(world)
    run = run_of(flow)
    assert len(flow.calls.urls) == 50
    assert (status(run), counts(run)) == ("success", (237, 237, 0))


def test_a_run_that_reads_the_same_page_again_counts_it_again(make_world: Callable[..., World]) -> None:
    world = make_world(engine={"run.max-requests": "7"})
    run = run_of(a_flow(world, source=a_source({**PAGES, "offSetName": "skip"})))
    assert (status(run), counts(run)) == ("success", (700, 700, 0))


def test_an_endless_run_makes_ten_thousand_requests(world: World) -> None:
    flow = a_flow(world, an_api(OFFSET, 3), source=a_source({**PAGES, "offSetName": "skip"}))
    run = run_of(flow)
    assert len(flow.calls.urls) == 10_000
    assert counts(run) == (30_000, 30_000, 0)


def test_one_record_that_does_not_fit_the_schema_fails_the_batch(world: World) -> None:
    swapped = [{**MAPPINGS[0], "destination": "_acme.email"}, {**MAPPINGS[1], "destination": "_acme.id"}]
    flow = a_flow(world, mappings=swapped)
    run = run_of(flow)
    ((code, message),) = errors(run)
    assert (status(run), code, counts(run)) == ("failed", PROCESS, (237, 0, 237))
    assert "237 of 237 records are invalid; the first: DCVS-1104-400: _acme.id" in message
    assert flow.rows() == []
    batch = run["activities"][1]["statusSummary"]["extensions"]["batchId"]
    assert world.client.get(f"{EXPORT}/batches/{batch}/failed").status_code == 200


@pytest.mark.parametrize(("percent", "expected"), [(10, "partial_success"), (9, "failed")])
def test_a_share_of_invalid_records_can_be_accepted(world: World, percent: int, expected: str) -> None:
    stub = a_tenth_without_a_number()
    run = run_of(a_flow(world, stub, options={"partialIngestionPercent": percent}))
    assert status(run) == expected
    assert counts(run) == ((100, 90, 10) if expected == "partial_success" else (100, 0, 100))


def a_tenth_without_a_number() -> Stub:
    document = {
        "kind": "Provider",
        "path": "/items",
        "records": {"file": "records.jsonl"},
        "answer": {"records": "items"},
        "paging": OFFSET,
    }
    provider = provider_of(document)
    assert isinstance(provider, Provider), provider
    return Stub(provider, [{"id": n if n % 10 else "none", "at": "now"} for n in range(100)])


def test_a_mapping_that_cannot_be_computed_fails_the_batch(world: World) -> None:
    wrong = [{"sourceType": "EXPRESSION", "source": "to_integer(items.at)", "destination": "_acme.id"}]
    run = run_of(a_flow(world, mappings=wrong))
    ((code, message),) = errors(run)
    assert (status(run), code, "MAPPER-3700-199" in message) == ("failed", PROCESS, True)


@pytest.mark.parametrize("gone", ["source", "target"])
def test_a_connection_that_is_gone_fails_the_run(world: World, gone: str) -> None:
    flow = a_flow(world)
    kind = f"{gone}Connections"
    assert world.emulator.store.delete(kind, DEV, getattr(flow, gone))
    run = run_of(flow)
    assert status(run) == "failed"
    assert errors(run)[0][0] == (COPY if gone == "source" else PROCESS)
