"""What a schedule makes a request send for a time range."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from reconciler.documents.json_text import Document
from reconciler.documents.pointer import Segments
from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding, found
from reconciler.sources.sending.expressions import NotInterpreted
from reconciler.sources.sending.time_formats import BadFormat, why_odd, written
from reconciler.sources.sending.times_in_query import END_TIME, START_TIME, is_swapped
from reconciler.sources.source import SCHEDULE, Source
from reconciler.sources.window import Mode, Window

SCHEDULE_QUERY: Final = "{SCHEDULE_QUERY}"
ADVANCE: Final = "ADVANCE"
ISO: Final = "yyyy-MM-ddTHH:mm:ssZ"
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""The start of a run that has none but sends one."""
PLAIN: Final = (
    ("scheduleStartParamName", "scheduleStartParamFormat"),
    ("scheduleEndParamName", "scheduleEndParamFormat"),
)
"""The fields of a schedule without a type: name and format of the start, then of the end."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What is sent for a time range.

    `parameters` are query parameters, each with the field of its name. `query` takes the place of `{SCHEDULE_QUERY}`; None if there is
    nothing to take it.
    """

    parameters: tuple[tuple[str, str, Segments], ...] = ()
    query: str | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """The times of a run as it sends them; both None for a run that sends none."""

    start: datetime | None
    end: datetime | None


def span_of(window: Window | None, assumed: Assumptions) -> Span:
    """The times that a run of this kind sends, by the evidence table where that is not documented."""
    if window is None:
        return Span(None, None)
    mode = window.mode
    if mode is Mode.PREVIEW:
        if assumed.of("window.preview") == "none":
            return Span(None, None)
        mode = Mode.BACKFILL if window.start is None else Mode.INCREMENTAL
    if mode is Mode.BACKFILL:
        is_open = window.end is None or assumed.of("window.first-run") == "backfill"
        return Span(None if is_open else window.start or EPOCH, window.end)
    return Span(window.start, window.end)


def sent(source: Source, window: Window | None, assumed: Assumptions) -> Sent:
    """The parameters and the query of a schedule for a time range."""
    block = source.at(SCHEDULE)
    if block is None:
        return Sent()
    if not isinstance(block, dict) or not block:
        return Sent(findings=(found("1317", "`scheduleParams` is empty", "write its fields, or remove it", SCHEDULE),))
    kind = block.get("type")
    if kind not in (None, ADVANCE):
        message = "the schedule has an unknown type, so it is not known what a run sends"
        return Sent(findings=(found("1317", message, f"write {ADVANCE}, or remove the type", (*SCHEDULE, "type")),))
    span = span_of(window, assumed)
    assumed.of("window.query" if kind else "window.parameters")
    return _advance(block, span, assumed) if kind else _plain(block, span, assumed)


def _plain(block: Document, span: Span, assumed: Assumptions) -> Sent:
    parameters, findings = [], []
    for (name_field, format_field), time in zip(PLAIN, (span.start, span.end), strict=True):
        name = block.get(name_field)
        if not isinstance(name, str) or not name:
            message = f"the schedule has no `{name_field}`, so a run cannot send that time"
            findings.append(found("1317", message, "write the name of the parameter", SCHEDULE))
        elif time is not None:
            text, problem = _time(block, format_field, time, assumed)
            findings += [problem] if problem else []
            parameters.append((name, text, (*SCHEDULE, name_field)))
    return Sent(tuple(parameters), None, tuple(findings))


def _advance(block: Document, span: Span, assumed: Assumptions) -> Sent:
    assumed.of("window.advance")
    field = "backfill" if span.start is None else "incremental"
    template = block.get(field)
    findings: list[Finding] = []
    if not isinstance(template, str) or not template.strip():
        message = f"the schedule has no `{field}`, the query of this run"
        return Sent(query="", findings=(found("1317", message, "write the query", SCHEDULE), *_swapped(block)))
    if span.end is None:
        return Sent(query="", findings=tuple(_swapped(block)))
    findings.extend(_swapped(block))
    start = span.start
    if start is None and START_TIME in template and assumed.of("window.backfill-start") == "1970":
        start = EPOCH
    for mark, time in ((START_TIME, start), (END_TIME, span.end)):
        if mark in template and time is not None:
            text, problem = _time(block, "paramFormat", time, assumed)
            findings += [problem] if problem else []
            template = template.replace(mark, text)
    return Sent((), template, tuple(dict.fromkeys(findings)))


def _swapped(block: Document) -> Iterator[Finding]:
    """A finding for each query of the schedule that asks for nothing, also for those of other runs."""
    for field in ("incremental", "backfill"):
        if isinstance(query := block.get(field), str) and is_swapped(query):
            message = f"the query asks for times before {START_TIME} and after {END_TIME}, which is nothing"
            yield found("window-swapped", message, f"swap {START_TIME} and {END_TIME}", (*SCHEDULE, field))


def _time(block: Document, field: str, time: datetime, assumed: Assumptions) -> tuple[str, Finding | None]:
    """The time as text, in ISO 8601 if its format cannot be used."""
    fmt = block.get(field)
    if fmt is None:
        return written(time, assumed.of("window.no-format")), None
    assumed.of("window.format")
    assumed.of("window.utc")
    text = fmt if isinstance(fmt, str) else ""
    reason = why_odd(text)
    problem = found("window-format", f"`{field}`: {reason}", f"write {ISO}", (*SCHEDULE, field)) if reason else None
    try:
        return written(time, text), problem
    except BadFormat:
        return written(time, ISO), problem


def parameter_of(span: Span, assumed: Assumptions, name: str) -> str | None:
    """The value of a parameter of the ingestion pipeline; None if the run has no such time. Raises NotInterpreted for unknown ones."""
    times = {"ingestionStart": span.start, "ingestionEnd": span.end}
    if name not in times:
        raise NotInterpreted(f"the parameter '{name[:40]}' is not known; known are {' and '.join(times)}")
    time = times[name]
    if time is None:
        return None
    return written(time, assumed.of("expression.times"))
