"""The step `schedule`: a second flow, every 15 minutes, of which two runs are waited for."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reconciler.dataflows.resources import RunState
from reconciler.documents.json_text import Json
from reconciler.errors import count
from reconciler.proving.making.bodies import scheduled
from reconciler.proving.steps.running import is_counted, judged, note
from reconciler.proving.steps.targets import flow_body
from reconciler.proving.steps.work import PROVED, Result, Work
from reconciler.proving.waiting import in_words

_TWO_RUNS: Final = 3_600.0
"""Seconds: the second of two runs that are 15 minutes apart may start half an hour after the flow was made."""
_START, _END = "windowStartTime", "windowEndTime"


def prove_schedule(work: Work) -> Result:
    """Both runs succeed, and their time ranges do not overlap."""
    if not work.subject.proof.flow.schedule:
        return Result("skipped", "proof.yaml has no flow.schedule")
    mark = work.mark("schedule")
    flow = work.create("schedule", "flow", mark, scheduled(flow_body(work, mark))).id
    limit = max(work.options.wait, _TWO_RUNS)
    runs: tuple[RunState, ...] = ()
    for states in work.looked("two runs of the schedule", limit, lambda: work.writer.runs(flow)):
        runs = tuple(state for state in states if state.ended and is_counted(state))
        if len(runs) >= 2:  # noqa: PLR2004 - two runs
            break
    for state in runs[:2]:
        note(work, "schedule", state)
        result = judged(state, limit)
        if result != PROVED:
            return replace(result, why=f"run {state.id}: {result.why}")
    if len(runs) < 2:  # noqa: PLR2004 - two runs
        return Result("unknown", f"{len(runs)} of two runs ended within {in_words(limit)}")
    return _disjoint(work, runs[0], runs[1])


def _disjoint(work: Work, one: RunState, other: RunState) -> Result:
    """Whether two runs read different records: by their time ranges if the service shows them, else by what they read."""
    for state in (one, other):
        if state.failed:
            return Result("failed", f"run {state.id}: {count(state.failed, 'record')} could not be written")
    ranges = [(_number(state.metrics.get(_START)), _number(state.metrics.get(_END))) for state in (one, other)]
    known = [(start, end) for start, end in ranges if start is not None and end is not None]
    if len(known) < 2:  # noqa: PLR2004 - two runs
        return _by_records(work, one.input, other.input)
    (start, end), (next_start, next_end) = sorted(known)
    if next_start < end and next_end > start:
        return Result("failed", "the time ranges of two runs overlap")
    return PROVED


def _by_records(work: Work, first: int | None, second: int | None) -> Result:
    """What the counts show: the first run reads all records, and the second one only those that are new since then."""
    tried = work.trial.records if work.trial else None
    if not tried or first is None or second is None:
        return Result("unknown", "neither time ranges nor records of the two runs are known")
    said = f"the runs read {count(first, 'record')} and {second:,}, and the trial {tried:,}"
    if not work.subject.has_schedule:
        reads_all = first == second == tried
        return Result("proved", "without scheduleParams, each run reads all records") if reads_all else Result("failed", said)
    if second >= tried:
        return Result("failed", f"{said}: the second run read everything again")
    if first == tried and not second:
        return Result("proved", f"{said}: nothing was read twice")
    return Result("unknown", f"{said}: whether a record was read twice cannot be told")


def _number(value: Json) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
