"""What a proof learns, by --keep, makes the next one right without anybody writing `assume`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator import Behaviour
from reconciler.proofs.kept.engine_file import engine_path
from reconciler.proving.report import ProveReport
from tests.sessions.proofs.laptop import Laptop, laptop

BARE = Behaviour(engine={"row.wrapped": "bare"})


def prove_and_keep(here: Laptop, **options: Any) -> ProveReport:
    """Prove with --keep, and write the files as the command does."""
    proven = here.proven(keep=True, **options)
    for file, data in proven.files:
        file.write_bytes(data)
    assert isinstance(proven.report, ProveReport)
    return proven.report


def outcome_of(report: ProveReport, step: str) -> str:
    return next(one.outcome for one in report.steps if one.id == step)


def test_rows_that_are_bare_fail_the_first_proof_and_not_the_second(tmp_path: Path) -> None:
    with laptop(tmp_path, behaviour=BARE) as here:
        first = prove_and_keep(here)
        assert (first.outcome, outcome_of(first, "explore")) == ("failed", "failed")
        assert [(row.key, row.value) for row in first.learnt] == [("row.wrapped", "bare")]
        assert "row.wrapped: {value: bare" in (here.specs / engine_path()).read_text()
        second = prove_and_keep(here)
        assert second.outcome == "proved", second.steps
        assert outcome_of(second, "explore") == "proved"


@pytest.mark.parametrize("skipped", [("run", "count", "windows", "schedule"), ("flow", "run", "count", "windows", "schedule")])
def test_the_preview_alone_shows_whether_rows_are_wrapped(tmp_path: Path, skipped: tuple[str, ...]) -> None:
    with laptop(tmp_path, behaviour=BARE) as here:
        first = prove_and_keep(here, skip=skipped)
        assert [(row.key, row.value) for row in first.learnt] == [("row.wrapped", "bare")]
        assert prove_and_keep(here).outcome == "proved"
