"""Proofs that were killed, or lost an answer: the next one goes on with what was made, or cleans it up first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from reconciler.errors import UsageError
from reconciler.proving.guards.before import ProofRefused
from tests.sessions.proofs.laptop import KEY, ONLY_MAPPING, PROOF, Laptop, Wire, kill_at, laptop


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Laptop]:
    with laptop(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(
    ("method", "ending"),
    [("POST", "/connections"), ("GET", "/explore"), ("POST", "/dataSets"), ("POST", "/flows"), ("GET", "/runs")],
)
def test_a_killed_proof_is_gone_on_with(here: Laptop, method: str, ending: str) -> None:
    kill_at(here, method, ending)
    assert here.left()["schemas"] == 1
    report = here.prove(resume="")
    assert report.outcome == "proved", report.steps
    assert len({path.read_text().split('"run":"')[1][:18] for path in here.journals()}) == 1
    assert here.left() == ONLY_MAPPING


def test_a_killed_proof_keeps_a_second_one_from_starting(here: Laptop) -> None:
    kill_at(here, "POST", "/flows")
    with pytest.raises(ProofRefused, match="has not ended") as refused:
        here.prove()
    assert "--resume" in str(refused.value.hint)


def test_after_two_hours_the_next_proof_cleans_up_first(here: Laptop) -> None:
    kill_at(here, "POST", "/flows")
    here.clock.time += 7260
    assert here.prove().outcome == "proved"
    assert here.left() == ONLY_MAPPING


def test_after_a_clean_up_of_its_run_the_next_proof_may_start(here: Laptop) -> None:
    kill_at(here, "GET", "/runs")
    run = here.journals()[0].read_text().split('"run":"')[1][:18]
    assert here.clean_up(older_than=7200).cleaned.spared
    assert here.clean_up(run).cleaned.left == ()
    assert here.left() == ONLY_MAPPING
    assert here.prove().outcome == "proved"


def test_a_changed_proof_file_begins_a_new_run_after_a_clean_up(here: Laptop) -> None:
    kill_at(here, "GET", "/runs")
    (here.specs / "proofs" / KEY / "proof.yaml").write_text(PROOF.replace("records: 237", "records: {min: 200}"))
    report = here.prove(resume="")
    assert report.outcome == "proved", report.steps
    assert len({path.read_text().split('"run":"')[1][:18] for path in here.journals()}) == 2
    assert here.left() == ONLY_MAPPING


def test_there_must_be_something_to_resume(here: Laptop) -> None:
    with pytest.raises(UsageError, match="no unfinished proof"):
        here.prove(resume="")


def test_an_answer_that_is_lost_makes_nothing_twice(here: Laptop) -> None:
    lost = [False]
    wire = Wire(here.emulator)

    def lose(request: httpx.Request) -> httpx.Response:
        answer = Wire.handle_request(wire, request)
        if request.method == "POST" and request.url.path.endswith("/flows") and not lost[0]:
            lost[0] = True
            raise httpx.ReadTimeout("lost", request=request)
        return answer

    wire_with_loss = Wire(here.emulator)
    wire_with_loss.handle_request = lose  # type: ignore[method-assign]
    here.wire = wire_with_loss
    report = here.prove()
    assert report.outcome == "proved", report.steps
    assert lost == [True]
    assert here.left() == ONLY_MAPPING
