"""What is kept for the next proof, and what a run that goes on has made, while lists lag behind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.sessions.proofs.laptop import ONLY_MAPPING, PROOF, Laptop, kill_at, laptop

KEPT = {"dataSets": 1, "schemas": 1, "fieldgroups": 1, "mappingSets": 1}


def lag(here: Laptop, seconds: float) -> None:
    """New schemas, datasets, mapping sets, connections and flows appear in lists this late."""
    service = here.emulator.service
    service.behaviour = replace(service.behaviour, list_lag=seconds, new_list_lag=seconds)


def test_what_is_kept_is_found_once_lists_show_it(tmp_path: Path) -> None:
    with laptop(tmp_path, proof=PROOF + "cleanup: {keep: [schema, dataset]}\n") as here:
        lag(here, 60.0)
        for _ in range(3):
            assert here.prove().outcome == "proved"
            assert here.left() == KEPT
            here.clock.time += 60


def test_a_kept_schema_that_no_list_shows_yet_fails_the_proof_and_makes_no_second_one(tmp_path: Path) -> None:
    with laptop(tmp_path, proof=PROOF + "cleanup: {keep: [schema, dataset]}\n") as here:
        assert here.prove().outcome == "proved"
        lag(here, 10.0**6)
        report = here.prove()
        assert report.outcome == "failed"
        assert here.left() == KEPT


@pytest.mark.parametrize(("method", "ending"), [("POST", "/connections"), ("POST", "/flows"), ("GET", "/runs")])
def test_a_run_goes_on_with_what_lists_do_not_show_yet(tmp_path: Path, method: str, ending: str) -> None:
    with laptop(tmp_path) as here:
        lag(here, 100.0)
        kill_at(here, method, ending)
        before = here.left()
        report = here.prove(resume="")
        assert report.outcome == "proved", report.steps
        assert before["schemas"] == 1
        assert here.left() == ONLY_MAPPING
