"""Proofs on a service with habits that the documents allow: none of them costs the proof, or leaves anything behind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator import Fault
from tests.sessions.proofs.laptop import ONLY_MAPPING, PROOF, Laptop, laptop, outcomes, why


def behave(here: Laptop, **switches: Any) -> None:
    """Switch habits on, for a client whose lists and reads may lag."""
    settings = here.specs / "reconciler.yaml"
    settings.write_text(settings.read_text().replace("consistency_window: 0s", "consistency_window: 15s"))
    service = here.emulator.service
    service.behaviour = replace(service.behaviour, **switches)


@pytest.mark.parametrize(
    "switches",
    [
        {"post_answer": "location"},
        {"new_lag": 8.0},
        {"new_lag": 8.0, "missing_as": "no_items", "new_list_lag": 8.0},
        {"new_list_lag": 20.0},
        {"missing_as": "no_items"},
        {"delete_answer": "id"},
        {"metrics_delay": 60.0},
        {"run_success": "completed", "run_status_case": "upper", "record_summary": "openapi"},
        {"filters_ignored": True},
        {"catalog_links": True},
        {"list_lag": 20.0, "batch_staging": 60.0},
        {"land_delay": 600.0},
        {"mapping_status": 201, "mapping_versions": "counted"},
        {"target_format": "json"},
        {"run_answer": "bare", "run_times": "milliseconds"},
        {"clock_skew": -300.0, "past_start": "refuse"},
        {"clock_skew": 300.0, "past_start": "refuse"},
        {"initializing": 30.0, "gone_lag": 20.0, "delete_lag": 40.0},
        {"explore_shape": "array", "explore_names": "openapi", "auth_test_answer": "bare", "delete_path": "slash"},
    ],
    ids=str,
)
def test_a_right_spec_is_proved_whatever_the_habits_of_the_service(tmp_path: Path, switches: dict[str, Any]) -> None:
    with laptop(tmp_path) as here:
        behave(here, **switches)
        report = here.prove()
        assert (report.outcome, report.left) == ("proved", ()), report.steps
        assert here.left() == ONLY_MAPPING
        assert here.prove().outcome == "proved"


def test_counts_that_never_appear_are_not_known(tmp_path: Path) -> None:
    with laptop(tmp_path) as here:
        behave(here, metrics_delay=10.0**6)
        report = here.prove()
        assert outcomes(report)["run"] == "proved"
        assert why(report, "count") == "the service gave no number of records read"
        assert report.outcome == "unknown"


def test_a_batch_that_the_catalog_never_shows_is_not_known(tmp_path: Path) -> None:
    with laptop(tmp_path) as here:
        behave(here, list_lag=10.0**6)
        report = here.prove()
        assert why(report, "count").startswith("the catalog does not show the batch ")


def test_a_connection_that_stays_unknown_is_the_reason(tmp_path: Path) -> None:
    with laptop(tmp_path) as here:
        behave(here)
        here.emulator.service.faults.set([Fault(path="/connections/*/test", status=404, code="1439-404")])
        report = here.prove()
        assert outcomes(report)["auth"] == "failed"
        assert "404" in why(report, "auth")
        assert here.left().keys() <= ONLY_MAPPING.keys()


def test_a_target_connection_that_is_refused_in_both_formats_has_the_first_refusal(tmp_path: Path) -> None:
    with laptop(tmp_path) as here:
        behave(here)
        here.emulator.service.faults.set([Fault(path="/targetConnections", method="POST", status=400, code="1312-400")])
        report = here.prove()
        assert outcomes(report)["target"] == "failed"
        assert "1312-400" in why(report, "target")
        assert len([path for _, path in posts(here) if path.endswith("/targetConnections")]) == 2


def posts(here: Laptop) -> list[tuple[str, str]]:
    return [(one.method, one.path) for one in here.emulator.store.requests() if one.method == "POST"]


def test_a_time_range_without_the_right_records_is_tried_in_both_units_and_is_not_proved(tmp_path: Path) -> None:
    with laptop(tmp_path, proof=PROOF.replace("records: {min: 1, max: 20}", "records: 5000")) as here:
        behave(here, run_times="milliseconds")
        report = here.prove(no_try=True)
        assert outcomes(report)["windows"] == "failed"
        assert "proof.yaml expects 5,000" in why(report, "windows")


def test_a_service_that_takes_seconds_is_asked_once(tmp_path: Path) -> None:
    with laptop(tmp_path) as here:
        behave(here)
        assert here.prove().outcome == "proved"
        assert len([path for _, path in posts(here) if path.endswith("/runs")]) == 1


@pytest.mark.parametrize("failure", [{"status": 429}, {"status": 503}, {"status": 500}, {"break_off": "before"}], ids=str)
@pytest.mark.parametrize("path", ["/runs", "/data/foundation/catalog/batches"])
def test_an_outage_during_a_wait_costs_no_proof(tmp_path: Path, path: str, failure: dict[str, Any]) -> None:
    with laptop(tmp_path) as here:
        behave(here, run_delay=120.0)
        here.emulator.service.faults.set([Fault(path=path, method="GET", times=9, **failure)])
        report = here.prove()
        assert report.outcome == "proved", report.steps


def test_an_outage_that_does_not_end_is_the_reason(tmp_path: Path) -> None:
    with laptop(tmp_path) as here:
        behave(here)
        here.emulator.service.faults.set([Fault(path="/runs", method="GET", status=503)])
        report = here.prove()
        assert outcomes(report)["run"] == "failed"
        assert "503" in why(report, "run")
        took = next(step.milliseconds for step in report.steps if step.id == "run")
        assert 300_000 <= took < 500_000


def test_a_refusal_during_a_wait_is_the_reason_at_once(tmp_path: Path) -> None:
    with laptop(tmp_path) as here:
        behave(here)
        here.emulator.service.faults.set([Fault(path="/runs", method="GET", status=403, code="2118-403")])
        report = here.prove()
        assert "403" in why(report, "run")
        assert next(step.milliseconds for step in report.steps if step.id == "run") < 60_000
