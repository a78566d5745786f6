"""The steps `run` and `count`: the engine's own fetch, and whether it read all records.

A run counts by its evidence only: its status, that it has no errors, and its counts. A run that lost pages may end as a success.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from reconciler.dataflows.resources import RunState
from reconciler.errors import count
from reconciler.proving.steps.landing import landed
from reconciler.proving.steps.work import KEPT_ROWS, PROVED, Result, Work
from reconciler.proving.waiting import in_words
from reconciler.sources.paging.settings import number_of
from reconciler.sources.source import PAGINATION, Source

_ENOUGH: Final = "prove with more records, or write expect.pages: 1 in proof.yaml"
_ONE_PAGE: Final = f"one page has all records, so pagination is not proved: {_ENOUGH}"
_PAGES_UNKNOWN: Final = f"without try, whether a page was turned is not known: leave out --no-try, {_ENOUGH}"
_UNTIL_COUNTED: Final = 120.0
"""Seconds after the end of a run in which its counts may still appear."""


def wait_for_run(work: Work) -> Result:
    """Wait for the first run of the flow to end."""
    flow = work.made["flow"].id
    asked_for = set(work.runs_known.values())
    state = ended(
        work, flow, lambda states: next((one for one in states if one.id not in asked_for), None), "the run of the flow"
    )
    work.state = state
    if state is None:
        return Result("unknown", f"no run of the flow was there within {in_words(work.options.wait)}")
    note(work, "run", state)
    return judged(state, work.options.wait)


def ended(work: Work, flow: str, chosen: Callable[[tuple[RunState, ...]], RunState | None], what: str) -> RunState | None:
    """The chosen run once it has ended; as it was last seen after the time limit; None if it was never there.

    Its counts may appear after its end, so they are waited for, but not as long.
    """
    state: RunState | None = None
    since: float | None = None
    for states in work.looked(what, work.options.wait, lambda: work.writer.runs(flow)):
        state = chosen(states) or state
        if state is None or not state.ended:
            continue
        since = work.waits.clock.monotonic() if since is None else since
        if is_counted(state) or work.waits.clock.monotonic() - since >= _UNTIL_COUNTED:
            break
    return state


def is_counted(state: RunState) -> bool:
    """Whether the counts of a run that ended are there; one that failed need not have any."""
    return not state.succeeded or (state.input is not None and state.output is not None)


def judged(state: RunState, wait: float) -> Result:
    """What this run proves by itself, without its counts."""
    said = "; ".join(f"{message} [{code}]" if code else message for code, message in state.errors[:3])
    if not state.ended:
        return Result("unknown", f"the run has not ended within {in_words(wait)}: its status is {state.status!r}")
    if not state.succeeded:
        return Result("failed", f"the run ended as {state.status!r}" + (f": {said}" if said else ""))
    if state.errors:
        return Result("failed", f"the run ended as {state.status!r}, but with errors: {said}")
    return PROVED


def note(work: Work, step: str, state: RunState) -> None:
    """Keep what the service says about a run, so that Adobe's support can find it."""
    for name, value in (("run", state.id), ("adf_run", state.adf_run), ("batch", state.batch), ("status", state.status)):
        if value is not None:
            work.log.fact(step, name, value)
    for name, number in (("input", state.input), ("output", state.output), ("failed", state.failed)):
        if number is not None:
            work.log.fact(step, name, number)
    work.log.fact(step, "metrics", work.hide(dict(state.metrics)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """The number of records that a run should have, by the trial and by the proof file; None is not known."""

    tried: int | None
    has: Callable[[int], bool] | None = None
    expected: str | None = None
    rows: int | None = None
    """What the trial counts after explodeEntityPath, where a record becomes several rows."""
    written: int | None = None
    """The rows that may be written instead of as many as were read."""
    explodes: bool = False
    """Whether a record becomes several rows; `rows` may then not be known."""


def count_records(work: Work) -> Result:
    """Records in are those of the trial and of the proof file; as many were written, and none failed."""
    state = work.state
    if state is None:
        return Result("unknown", "there is no run to count")
    expect, trial = work.subject.proof.expect.records, work.trial
    wanted = Wanted(
        trial.records if trial else None,
        expect.has if expect else None,
        str(expect) if expect else None,
        rows_tried(work),
        rows_tried(work),
        work.subject.explodes,
    )
    result = counted(state, wanted)
    if result != PROVED:
        return result
    seen, paged = landed(work, state, state.output or 0), _paged(work, state)
    return paged if seen.outcome == "proved" and paged != PROVED else seen


def _paged(work: Work, state: RunState) -> Result:
    """Whether a page was turned; `expect.pages` says if it need not be."""
    pages, trial = work.subject.proof.expect.pages, work.trial
    if trial is None:
        records = 0 if work.subject.explodes else state.input or 0  # rows say nothing about pages
        is_known = (pages is not None and pages.has(1)) or _exceeds_a_page(work.subject.source, records)
        return PROVED if is_known else Result("unknown", _PAGES_UNKNOWN)
    if pages is not None:  # the trial has checked it
        return PROVED
    one_page = any(found.problem.code == "one-page-only" for found in trial.findings)
    return Result("unknown", _ONE_PAGE) if one_page else PROVED


def _exceeds_a_page(source: Source, records: int) -> bool:
    """Whether so many records cannot be on one page, or there are no pages."""
    if source.at(PAGINATION) is None or source.at((*PAGINATION, "type")) == "NONE":
        return True
    limit = number_of(source.at((*PAGINATION, "limitValue")))
    return limit is not None and records > limit


def rows_tried(work: Work) -> int | None:
    """The rows that the trial made of its records with explodeEntityPath; None without one, or where it did not keep all of them."""
    trial = work.trial
    if trial is None or not work.subject.explodes or len(trial.rows) >= KEPT_ROWS:
        return None
    return len(trial.rows)


def counted(state: RunState, wanted: Wanted) -> Result:
    """Whether the counts of a run are those wanted."""
    if state.input is None:
        return Result("unknown", "the service gave no number of records read")
    wrong = _misread(state.input, wanted) or _miswritten(state, state.input, wanted)
    if wrong is not None:
        return wrong
    if wanted.tried is None and wanted.has is None:
        return Result(
            "unknown", "nothing says how many records there are: write expect.records in proof.yaml, or leave out --no-try"
        )
    return PROVED


def _misread(number: int, wanted: Wanted) -> Result | None:
    """Why this is not the number of records to read; None if it is."""
    read = count(number, "record")
    counts_rows = wanted.rows is not None and number == wanted.rows
    if wanted.tried is not None and number != wanted.tried and not counts_rows:
        if wanted.explodes and wanted.rows is None and number > wanted.tried:
            return Result("unknown", f"the run read {read}, which may be the rows of the {wanted.tried:,} records of the trial")
        return Result("failed", f"the run read {read}, and the trial {wanted.tried:,}")
    if wanted.has is not None and not wanted.has(number) and (wanted.tried is None or not counts_rows):
        return Result("failed", f"the run read {read}, and proof.yaml expects {wanted.expected}")
    return None


def _miswritten(state: RunState, read: int, wanted: Wanted) -> Result | None:
    """Why not all of these records were written; None if they were."""
    if state.failed:
        return Result("failed", f"{count(state.failed, 'record')} of {read:,} could not be written")
    if state.output is None:
        return Result("unknown", "the service gave no number of records written")
    if state.output in (read, wanted.written):
        return None
    may_be_rows = wanted.explodes and wanted.written is None and state.output > read
    return Result("unknown" if may_be_rows else "failed", f"the run read {count(read, 'record')} and wrote {state.output:,}")
