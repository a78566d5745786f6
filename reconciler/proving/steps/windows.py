"""The step `windows`: a run on demand for each time range of proof.yaml, which proves scheduleParams without waiting for a schedule."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import Final

from reconciler.dataflows.resources import RunState
from reconciler.errors import AnswerLost, ServiceError
from reconciler.proofs.values import ExpectedWindow
from reconciler.proving.report import WindowCounts
from reconciler.proving.steps.running import Wanted, counted, ended, judged, note, rows_tried
from reconciler.proving.steps.work import PROVED, Result, Work

_MILLISECONDS: Final = 1000
_ISO: Final = "%Y-%m-%dT%H:%M:%SZ"


def prove_windows(work: Work) -> Result:
    """Run each time range, and count its records. The first that differs is the reason; the others are run all the same."""
    windows = work.subject.proof.expect.windows
    if not windows:
        return Result("skipped", "proof.yaml has no expect.windows")
    if not work.subject.has_schedule:
        return Result("failed", "the spec has no scheduleParams, so no run reads one of these time ranges")
    results = [_window(work, window) for window in windows]
    outcomes = {result.outcome for result in results}
    for outcome in ("failed", "unknown"):
        if outcome in outcomes:
            return next(result for result in results if result.outcome == outcome)
    return PROVED


def _window(work: Work, window: ExpectedWindow) -> Result:
    start, end = (moment.astimezone(UTC).strftime(_ISO) for moment in (window.start, window.end))
    name, tried = f"{start}..{end}", _tried(work, start, end)
    expected = window.records
    state = _run_of(work, name, window.start, window.end)
    if state is not None and state.succeeded and state.input == 0 and _judged(work, state, window, tried) != PROVED:
        state = _in_milliseconds(work, name, window, tried) or state
    work.windows.append(
        WindowCounts(
            start,
            end,
            tried,
            state.input if state else None,
            state.output if state else None,
            state.failed if state else None,
            str(expected) if expected else None,
        )
    )
    if state is None:
        return Result("unknown", f"{name}: the service shows no run for this time range")
    note(work, "windows", state)
    if judged(state, work.options.wait) == PROVED and state.input is not None:
        work.windows_read.append((window, state.input))
    result = _judged(work, state, window, tried)
    return result if result == PROVED else Result(result.outcome, f"{name}: {result.why}")


def _judged(work: Work, state: RunState, window: ExpectedWindow, tried: int | None) -> Result:
    """What the run of a time range proves, with its counts."""
    result = judged(state, work.options.wait)
    if result != PROVED:
        return result
    expected = window.records
    said, written = str(expected) if expected else None, _rows_written(work, state)
    wanted = Wanted(tried, expected.has if expected else None, said, written=written, explodes=work.subject.explodes)
    return counted(state, wanted)


def _in_milliseconds(work: Work, name: str, window: ExpectedWindow, tried: int | None) -> RunState | None:
    """The run of a time range that had no records, with times in milliseconds; None unless it has the right ones.

    The OpenAPI says milliseconds, and its examples are seconds: a service that takes seconds for milliseconds reads a day of 1970.
    """
    if work.run_unit == _MILLISECONDS:
        return None
    work.run_unit = _MILLISECONDS
    with contextlib.suppress(ServiceError):  # a service that takes seconds refuses such times
        state = _run_of(work, f"{name} in milliseconds", window.start, window.end)
        if state is not None and _judged(work, state, window, tried) == PROVED:
            return state
    work.run_unit = 1
    return None


def _tried(work: Work, start: str, end: str) -> int | None:
    counts = work.trial.windows if work.trial else ()
    return next((one.records for one in counts if (one.start, one.end) == (start, end) and not one.is_least), None)


def _rows_written(work: Work, state: RunState) -> int | None:
    """The rows that this run wrote, if the whole run wrote exactly those of the trial, and this one lost none; else None.

    The trial counts the records of a time range, and not the rows that explodeEntityPath makes of them.
    """
    rows = rows_tried(work)
    whole = work.state is not None and rows is not None and work.state.output == rows
    return state.output if whole and state.failed == 0 else None


def _run_of(work: Work, name: str, start: datetime, end: datetime) -> RunState | None:
    """The run of this time range, started unless it was before; None if it is not shown."""
    flow = work.made["flow"].id
    run = work.runs_known.get(name)
    before: set[str] = set()
    if run is None:
        before = {state.id for state in work.writer.runs(flow)}
        run = _started(work, name, flow, start, end)
    if run is None:
        return ended(work, flow, lambda states: next((one for one in states if one.id not in before), None), f"the run of {name}")
    return ended(work, flow, lambda states: next((one for one in states if one.id == run), None), f"the run of {name}")


def _started(work: Work, name: str, flow: str, start: datetime, end: datetime) -> str | None:
    """The id of a run that was started; None if the answer was lost, so that it is looked for."""
    work.waits.check()
    call = work.log.intent("windows", "POST", "run", name, {"flowId": flow, "window": name})
    try:
        run = work.patiently(lambda: work.writer.start_run(flow, start, end, work.run_unit))
    except AnswerLost as error:
        work.log.failed("windows", call, error)
        return None
    except Exception as error:
        work.log.failed("windows", call, error)
        raise
    work.runs_known[name] = run
    work.log.fact("windows", f"run {name}", run)
    return run
