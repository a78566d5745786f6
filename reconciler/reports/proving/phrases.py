"""Words that all formats of a proof share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from reconciler.errors import count
from reconciler.proving.report import Counts, Exchange, LeftOver, Outcome, ProveReport, StepReport, WindowCounts

COLUMNS: Final = ("time range", "tried", "input", "output", "failed", "expected")
"""The headings of the counts."""
STREAMING_COLUMNS: Final = ("events", "sent", "accepted", "in the dataset", "failed", "expected")
"""The headings of the counts of a streaming source."""
AUTHENTICATION_COLUMNS: Final = ("case", "should be", "answer", "in the dataset", "time", "trace")
"""The headings of the tests of the authentication."""
_OUTCOMES: Final[dict[Outcome, str]] = {
    "proved": "proved",
    "failed": "not proved",
    "refused": "refused",
    "skipped": "skipped",
    "unknown": "not proved",
}
_TYPES: Final = {
    "sourceConnection": "source connection",
    "targetConnection": "target connection",
    "connection": "base connection",
    "fieldgroup": "field group",
    "mappingSet": "mapping set",
}
_MINUTE: Final = 60
_IDS: Final = {"flow": "flow", "run": "flow run", "adf_run": "Data Factory run", "batch": "batch"}


def outcome_word(report: ProveReport) -> str:
    """The outcome in one word or two."""
    return "interrupted" if report.interrupted else _OUTCOMES[report.outcome]


def is_bad(step: StepReport) -> bool:
    """Whether this step kept the spec from being proved."""
    return step.outcome in ("failed", "refused", "unknown")


def verdict(report: ProveReport) -> str:
    """The reason for the outcome, in one sentence: the first step that failed, or the records that were read."""
    bad = next((step for step in report.steps if is_bad(step)), None)
    if report.interrupted and (bad is None or bad.outcome == "unknown"):
        return _interrupted(report, bad)
    if bad is not None:
        return f"the step {bad.id!r} {_came_to(bad)}" + (f": {bad.why}" if bad.why else "")
    if report.outcome == "proved" and report.left:
        return f"{_counted(report)}, but {count(len(report.left), 'resource')} could not be deleted"
    if report.outcome == "proved":
        return _counted(report)
    if report.outcome == "unknown":
        return "some steps were left out, so this is not a proof"
    error = next((problem for problem in report.findings if problem.is_error), None)
    return error.message if error else "no step says why"


def _interrupted(report: ProveReport, during: StepReport | None) -> str:
    step = f"during the step {during.id!r}" if during is not None else "by a signal"
    if report.left:
        return f"{step}; {count(len(report.left), 'resource')} could not be deleted"
    return f"{step}; nothing is left but what is kept" if report.kept else f"{step}; nothing is left"


def _counted(report: ProveReport) -> str:
    return events_words(report.counts) if report.streaming else records_words(report.counts)


def events_words(counts: Counts) -> str:
    """`the inlet accepted 3 of 3 events, and all of them are in the dataset`."""
    accepted, landed = counts.input or 0, counts.output
    where = "all of them are" if landed == accepted else f"{landed:,} are" if landed is not None else "none is known to be"
    return f"the inlet accepted {accepted:,} of {count(counts.tried or 0, 'event')}, and {where} in the dataset"


def records_words(counts: Counts) -> str:
    """`the run read 237 of 237 records, and none failed`."""
    if counts.input is None:
        return "the run gave no count of records"
    of = f" of {counts.tried:,}" if counts.tried is not None else ""
    read = f"the run read {counts.input:,}{of} {'record' if (counts.tried or counts.input) == 1 else 'records'}"
    failed = "how many failed is not known" if counts.failed is None else f"{counts.failed or 'none'} failed"
    return f"{read}, and {failed}"


def place_of(report: ProveReport) -> tuple[tuple[str, str], ...]:
    """Where the proof was made, by name."""
    target = report.target
    return (
        ("target", target.name),
        ("host", target.host),
        ("org", target.org_id),
        ("sandbox", target.sandbox),
        ("run", report.run),
    )


def emulated_note(report: ProveReport) -> str | None:
    """What a proof by an emulator is worth; None if Adobe answered."""
    return "an emulator answered, not Adobe: this proves nothing about Adobe" if report.target.emulated else None


def duration(milliseconds: int) -> str:
    """`0.7 s`, `42 s` or `3 min 4 s`."""
    seconds = milliseconds / 1000
    if seconds < 10:  # noqa: PLR2004 - below this a tenth matters
        return f"{seconds:.1f} s"
    whole = round(seconds)
    return f"{whole} s" if whole < _MINUTE else f"{whole // _MINUTE:,} min {whole % _MINUTE} s"


def took(report: ProveReport) -> str:
    """The time from start to end; empty if the times cannot be read."""
    try:
        spent = datetime.fromisoformat(report.ended) - datetime.fromisoformat(report.started)
    except ValueError:
        return ""
    return duration(max(round(spent.total_seconds() * 1000), 0))


def columns_of(report: ProveReport) -> tuple[str, ...]:
    """The headings of the counts of this proof."""
    return STREAMING_COLUMNS if report.streaming else COLUMNS


def count_rows(report: ProveReport) -> Iterator[tuple[str, ...]]:
    """A row for the whole run, then one for each time range; the cells are those of `columns_of`."""
    counts = report.counts
    if any(number is not None for number in (counts.tried, counts.input, counts.output, counts.failed, counts.expected)):
        yield ("all events" if report.streaming else "whole run", *_numbers(counts))
    for window in counts.by_window:
        yield (f"{window.start or 'the beginning'} to {window.end or 'now'}", *_numbers(window))


def authentication_rows(report: ProveReport) -> Iterator[tuple[str, ...]]:
    """A row for each test of the authentication; the cells are those of AUTHENTICATION_COLUMNS."""
    for case in report.authentication.cases if report.authentication else ():
        if not case.sent:
            yield (case.case, case.wanted, "not sent by us", "-", "-", "-")
            continue
        status = "no answer" if case.status is None else f"{case.status}"
        answer = f"{status}: {case.said}" if case.said else status
        ingested = {True: "yes", False: "no", None: "not known"}[case.ingested]
        yield (case.case, case.wanted, answer, ingested, case.at, case.trace)


def _numbers(of: Counts | WindowCounts) -> tuple[str, ...]:
    return (*(_number(number) for number in (of.tried, of.input, of.output, of.failed)), of.expected or "-")


def _number(number: int | None) -> str:
    return "not known" if number is None else f"{number:,}"


def type_words(resource: LeftOver) -> str:
    """The type of a resource in words."""
    return _TYPES.get(resource.type, resource.type)


def resource_words(resource: LeftOver) -> str:
    """`mapping set 'reconciler-proof/…' (3f…): why it is there`. Without an id it is not known whether there is one."""
    said = f"{type_words(resource)} {resource.name!r} " + (f"({resource.id})" if resource.id else "(not known)")
    return f"{said}: {resource.reason}" if resource.reason else said


def next_step(report: ProveReport) -> str | None:
    """How to delete what is there, else how to get past a refusal; None if there is nothing to do."""
    cleanup = cleanup_command(report.target.name, report.run)
    if report.left:
        return f"delete it with: {cleanup}"
    if any(resource.reason == "--keep-resources" for resource in report.kept):
        return f"delete all but the mapping set with: {cleanup}"
    if any(step.id == "try" and step.outcome == "refused" for step in report.steps):
        return f"see what is wrong: reconciler try {report.spec.key}; --no-try is for what only Adobe can reach"
    return None


def cleanup_command(target: str, run: str) -> str:
    """The command that deletes what a run left."""
    return f"reconciler --target {target} prove --cleanup {run}"


def ids_words(report: ProveReport) -> str:
    """What the ids are for: an emulator's are of no use to anybody else."""
    return "ids" if report.target.emulated else "ids for Adobe's support"


def ids_of(report: ProveReport) -> list[tuple[str, str]]:
    """The ids by which Adobe's support finds the run, in words."""
    known = [(words, report.ids[name]) for name, words in _IDS.items() if report.ids.get(name)]
    return known + [(name, value) for name, value in sorted(report.ids.items()) if name not in _IDS and value]


def request_words(exchange: Exchange) -> str:
    """`POST /connections`."""
    return f"{exchange.method} {exchange.path}"


def status_words(exchange: Exchange) -> str:
    """The status of an answer, or that there was none."""
    return "no answer" if exchange.status is None else str(exchange.status)


def step_word(step: StepReport) -> str:
    """The outcome of a step, in one word."""
    return "not known" if step.outcome == "unknown" else step.outcome


def _came_to(step: StepReport) -> str:
    return {"refused": "was refused", "unknown": "has no known outcome"}.get(step.outcome, "failed")
