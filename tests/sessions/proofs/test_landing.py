"""Equal counts are not enough: the rows of the dataset must have the mapped values, as far as the service shows them in time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from reconciler.documents.json_text import decode, encode
from reconciler.emulator import Behaviour
from reconciler.proving.report import ProveReport, StepReport
from tests.sessions.proofs.laptop import PROOF, PROVIDER, Laptop, Wire, laptop

MAPPING = "target: {mapping: [{source: members.id, destination: _t0000000000.members.id}, {source: %s, destination: %s}]}\n"
FEW = PROOF.replace("records: 237", "records: 37\n  pages: 1") + "cleanup: {keep: [schema, dataset]}\n"


def count_of(report: ProveReport) -> StepReport:
    return next(step for step in report.steps if step.id == "count")


def preview_answers(here: Laptop, change: Callable[[httpx.Response], httpx.Response]) -> None:
    """The preview of a dataset is answered differently."""
    here.wire = wire = Wire(here.emulator)

    def handle(request: httpx.Request) -> httpx.Response:
        answer = Wire.handle_request(wire, request)
        if not request.url.path.endswith("/preview") or "datasets" not in request.url.path:
            return answer
        answer.read()
        return change(answer)

    wire.handle_request = handle  # type: ignore[method-assign]


def rows_changed(change: Callable[[Any], Any]) -> Callable[[httpx.Response], httpx.Response]:
    def changed(answer: httpx.Response) -> httpx.Response:
        return httpx.Response(200, content=encode({"data": [change(row) for row in decode(answer.content)["data"]]}))

    return changed


def without(row: Any, name: str) -> Any:
    """The row without this field, at any depth."""
    if not isinstance(row, dict):
        return row
    return {key: without(value, name) for key, value in row.items() if key != name}


def test_rows_with_the_values_of_records_are_counted(tmp_path: Path) -> None:
    with laptop(tmp_path) as here:
        report = here.prove()
        assert (report.outcome, count_of(report).why) == (
            "proved",
            "100 of 100 rows shown of the dataset have the values of a record",
        )


def test_a_run_whose_rows_do_not_fit_the_mapping_is_not_proved_by_equal_counts(tmp_path: Path) -> None:
    with laptop(tmp_path, behaviour=Behaviour(engine={"row.wrapped": "bare"}, explore_shape="raw")) as here:
        report = here.prove()
        count = count_of(report)
        assert (report.counts.input, report.counts.output, report.counts.failed) == (237, 237, 0)
        assert (report.outcome, count.outcome) == ("failed", "failed")
        assert (
            "the counts are right, but the mapping does not fit: 100 of 100 rows shown of the dataset have no value" in count.why
        )
        assert count.why.endswith(".hasMore, nor all at 3 other fields")


def test_one_field_that_the_rows_lack_is_named(tmp_path: Path) -> None:
    with laptop(tmp_path) as here:
        preview_answers(here, rows_changed(lambda row: without(row, "email")))
        count = count_of(here.prove())
        assert count.outcome == "failed"
        assert count.why.endswith("100 of 100 rows shown of the dataset have no value at _t0000000000.members.email")


def test_other_values_are_not_the_records_of_the_trial(tmp_path: Path) -> None:
    with laptop(tmp_path) as here:
        preview_answers(
            here, lambda answer: httpx.Response(200, content=answer.content.replace(b"@example.com", b"@example.org"))
        )
        report = here.prove()
        assert (report.outcome, count_of(report).outcome) == ("unknown", "unknown")
        assert "no row of the dataset has the values of a record of the trial: " in count_of(report).why
        assert count_of(report).why.endswith(".members.email differs")


def test_rows_that_land_later_are_waited_for(tmp_path: Path) -> None:
    with laptop(tmp_path, behaviour=Behaviour(land_delay=300)) as here:
        assert here.prove().outcome == "proved"
        assert any("waiting for the records in the dataset" in step for step in here.progress.steps)


def test_a_batch_that_does_not_end_in_time_is_not_claimed(tmp_path: Path) -> None:
    with laptop(tmp_path, behaviour=Behaviour(land_delay=3600)) as here:
        report = here.prove(wait=600.0)
        assert (report.outcome, count_of(report).outcome) == ("unknown", "unknown")
        assert "has not ended within 10m 0s: its status is 'processing'" in count_of(report).why
        assert report.left == ()


def test_rows_that_the_service_does_not_show_in_time_are_not_claimed(tmp_path: Path) -> None:
    with laptop(tmp_path) as here:
        preview_answers(here, lambda _: httpx.Response(200, content=b'{"data": []}'))
        report = here.prove(wait=120.0)
        assert report.outcome == "unknown"
        assert "is not known: it shows no row within 2m 0s" in count_of(report).why


def test_a_preview_that_is_not_allowed_is_not_waited_for(tmp_path: Path) -> None:
    with laptop(tmp_path) as here:
        preview_answers(here, lambda _: httpx.Response(403, json={"title": "Permission denied"}))
        report = here.prove()
        assert report.outcome == "unknown"
        assert "whether the mapping fits the dataset is not known: " in count_of(report).why
        assert not any("waiting for the records" in step for step in here.progress.steps)


def test_without_a_mapping_no_rows_are_compared(tmp_path: Path) -> None:
    with laptop(tmp_path, proof=PROOF + "target: {mapping: none}\n") as here:
        report = here.prove()
        assert (report.outcome, count_of(report).why) == ("proved", ""), report.steps


def test_a_dataset_that_had_too_many_rows_before_says_so(tmp_path: Path) -> None:
    with laptop(tmp_path, proof=PROOF + "cleanup: {keep: [schema, dataset]}\n") as here:
        assert "have the values of a record" in count_of(here.prove()).why
        report = here.prove()
        assert report.outcome == "proved"
        assert "its rows were not compared: the dataset had 100 rows or more before" in count_of(report).why


def test_a_mapping_of_a_field_that_no_record_has_is_not_claimed(tmp_path: Path) -> None:
    mapping = MAPPING % ("members.emial", "_t0000000000.members.email")
    with laptop(tmp_path, proof=PROOF + mapping) as here:
        report = here.prove()
        check = next(step for step in report.steps if step.id == "mapping-check")
        assert (report.outcome, check.outcome) == ("unknown", "unknown")
        assert check.why.startswith("no record has a value at members.emial, so the mapping to _t0000000000.members.email")


def test_a_mapping_that_a_person_wrote_is_compared(tmp_path: Path) -> None:
    mapping = MAPPING % ("members.email", "_t0000000000.members.email")
    with laptop(tmp_path, proof=PROOF + mapping) as here:
        report = here.prove()
        assert report.outcome == "proved", report.steps
        assert "have the values of a record" in count_of(report).why


def test_of_a_dataset_that_had_few_rows_before_only_the_new_ones_are_compared(tmp_path: Path) -> None:
    with laptop(tmp_path, proof=FEW, provider=PROVIDER.replace("count: 237", "count: 37")) as here:
        for _ in range(2):
            report = here.prove()
            assert report.outcome == "proved", report.steps
            assert count_of(report).why == "37 of 37 rows shown of the dataset have the values of a record"


def test_rows_of_an_earlier_proof_do_not_prove_the_next_one(tmp_path: Path) -> None:
    with laptop(tmp_path, proof=FEW, provider=PROVIDER.replace("count: 237", "count: 37")) as here:
        assert here.prove().outcome == "proved"
        preview_answers(here, lambda answer: httpx.Response(200, content=encode({"data": decode(answer.content)["data"][:37]})))
        report = here.prove(wait=120.0)
        assert report.outcome == "unknown"
        assert "it shows no row within 2m 0s" in count_of(report).why
