"""Switches for runs: when they happen, what they report, and what the engine does where no page says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from reconciler.emulator.switches.data import DataHabits
from reconciler.emulator.switches.habits import Seconds
from reconciler.emulator.switches.records import wrong
from reconciler.errors import Problem
from reconciler.sources.evidence import ROWS
from reconciler.wording.guesses import did_you_mean

MAX_REQUESTS: Final = "run.max-requests"
"""The row of the evidence table that has a number: a lower one makes an endless run short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHabits(DataHabits):
    """What the public documentation leaves open about the runs of a flow.

    Runs:
        run_delay: seconds from the start of a run until it appears; before that, no list and no GET has it.
        run_duration: seconds that a run takes; until then it is in progress.
        metrics_delay: seconds from the end of a run until its counts and its activities appear; its status is there at once.
        run_status_case: how the status of a run is written.
        run_success: the word for a run that succeeded: that of the examples, or the other one of the OpenAPI file.
        record_summary: the names of its counts: those of the examples on the pages, or those of the OpenAPI file, without outputs.
        run_answer: whether `POST /runs` answers with `items` or with one bare object.
        run_times: the unit of the times in `POST /runs`.
        engine: rows of the evidence table and their values: what the engine does where no page says it.
    """

    run_delay: Seconds = 0
    run_duration: Seconds = 0
    metrics_delay: Seconds = 0
    run_status_case: Literal["lower", "upper", "title"] = "lower"
    run_success: Literal["success", "completed"] = "success"
    record_summary: Literal["page", "openapi"] = "page"
    run_answer: Literal["items", "bare"] = "items"
    run_times: Literal["seconds", "milliseconds"] = "seconds"
    engine: Mapping[str, str] = field(default_factory=dict)


def engine_problems(engine: Mapping[str, str], place: str) -> Iterator[Problem]:
    """What is wrong with the rows of the switch `engine`."""
    for key, value in engine.items():
        row = ROWS.get(key)
        if row is None:
            yield wrong(f"{place}.{key}", "is not a row of the evidence table", did_you_mean(key, ROWS))
        elif key == MAX_REQUESTS:
            if not (value.isascii() and value.isdecimal() and 0 < int(value[:9]) <= int(row.default)):
                yield wrong(f"{place}.{key}", f"must be a number from 1 to {row.default}")
        elif value not in (row.default, *row.alternatives):
            known = (row.default, *row.alternatives)
            yield wrong(f"{place}.{key}", f"must be {' or '.join(known)}", did_you_mean(value, known))
