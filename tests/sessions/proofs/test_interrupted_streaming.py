"""Proofs of a streaming source that lost an answer, or were killed before or after they sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.sessions.proofs.laptop import Killed, Laptop, Wire, outcomes, why
from tests.sessions.proofs.streaming import streaming


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Laptop]:
    with streaming(tmp_path) as opened:
        yield opened


def test_a_lost_answer_is_not_sent_again_and_not_proved(here: Laptop) -> None:
    lost: list[bytes] = []
    bodies: list[bytes] = []

    def lose(_number: int, request: httpx.Request) -> None:
        bodies.append(request.content)
        if "/collection/" in request.url.path and not lost:
            lost.append(request.content)
            here.emulator.transport().handle_request(request)
            raise httpx.ReadError("cut off")

    here.wire = Wire(here.emulator, lose)
    report = here.prove()
    assert (report.outcome, outcomes(report)["send"]) == ("unknown", "unknown")
    assert "no answer to event 1" in why(report, "send")
    assert bodies.count(lost[0]) == 1
    assert here.left() == {"mappingSets": 1}


def test_a_run_that_was_killed_after_it_sent_is_not_gone_on_with(here: Laptop) -> None:
    def kill(_number: int, request: httpx.Request) -> None:
        if "/collection/" in request.url.path:
            raise Killed

    here.wire = Wire(here.emulator, kill)
    with pytest.raises(Killed):
        here.prove()
    here.wire = None
    report = here.prove(resume="")
    assert (report.outcome, report.counts.output) == ("proved", 3), report.steps
    assert here.left() == {"mappingSets": 1}


def test_a_run_that_was_killed_before_it_sent_is_gone_on_with(here: Laptop) -> None:
    def kill(step: str) -> None:
        if "wait, step" in step:
            raise Killed

    here.progress.on_step = kill
    with pytest.raises(Killed):
        here.prove()
    here.progress.on_step = lambda _step: None
    report = here.prove(resume="")
    assert report.outcome == "proved", report.steps
    assert here.left() == {"mappingSets": 1}
