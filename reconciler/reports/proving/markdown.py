"""A proof as Markdown, for pull requests and submissions: bounded in size, the outcome first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from reconciler.documents.json_text import encode_readable
from reconciler.errors import count
from reconciler.proving.report import Exchange, LearntRow, LeftOver, ProveReport, StepReport
from reconciler.reports.problems.markdown import problems_section
from reconciler.reports.proving.phrases import (
    AUTHENTICATION_COLUMNS,
    authentication_rows,
    columns_of,
    count_rows,
    duration,
    emulated_note,
    ids_of,
    next_step,
    outcome_word,
    place_of,
    request_words,
    status_words,
    step_word,
    took,
    type_words,
    verdict,
)
from reconciler.reports.sinks.markdown import (
    MESSAGE,
    Blocks,
    FileLinks,
    Note,
    bounded,
    bullet,
    code,
    details,
    fence,
    no_links,
    section,
    table,
    table_row,
    table_section,
)
from reconciler.reports.sinks.prose import prose

LIMIT: Final = 60_000
"""Bytes. GitHub allows 65,536 characters in a comment."""
_METRICS_LINES: Final = 400


def prove_markdown(report: ProveReport, *, links: FileLinks = no_links, limit: int = LIMIT) -> str:
    """The proof in at most `limit` bytes (2,000 or more). What does not fit is counted."""
    body = Blocks(limit, f"### Proof of {code(report.spec.key)}")
    spent = took(report)
    body.add(f"**{outcome_word(report)}**: {prose(verdict(report))}{f' · {spent}' if spent else ''}")
    if note := emulated_note(report):
        body.add(f"**{note}**")
    body.add(_about(report))
    body.add(_resources("Left at Adobe", report.left, body.room // 4))
    if hint := next_step(report):
        body.add(prose(hint))
    body.add(problems_section("Findings", report.findings, links, body.room // 3))
    body.add(table_section("Steps", ("step", "outcome", "time", "reason"), report.steps, _step, _more("step"), body.room // 2))
    numbers = [table_row(code(cell) for cell in row) for row in count_rows(report)]
    title = "Events" if report.streaming else "Records"
    body.add(table_section(title, columns_of(report), numbers, str, _more("time range"), body.room // 3))
    tests = [table_row(code(cell, MESSAGE) for cell in row) for row in authentication_rows(report)]
    title = f"Authentication tests ({report.authentication.mechanism})" if report.authentication else ""
    body.add(table_section(title, AUTHENTICATION_COLUMNS, tests, str, _more("case"), body.room // 3))
    body.add(section("Learnt", report.learnt, _learnt, _more("row"), body.room // 4))
    body.add(_resources("Kept at Adobe", report.kept, body.room // 4))
    body.add(_requests(report, body.room // 2))
    body.add(_metrics(report))
    return body.render()


def _about(report: ProveReport) -> str:
    facts = [
        *place_of(report),
        ("spec", f"{report.spec.name} ({report.spec.id})"),
        ("flow spec", report.spec.flow_spec),
        ("commit", f"{report.repository} {report.commit}" if report.commit else report.repository),
        ("time", f"{report.started} to {report.ended}"),
        *ids_of(report),
    ]
    return table(("", ""), (table_row((name, code(value, 200))) for name, value in facts if value))


def _step(step: StepReport) -> str:
    time = "" if step.outcome == "skipped" else duration(step.milliseconds)
    return table_row((code(step.id), step_word(step), time, code(step.why, MESSAGE) if step.why else ""))


def _learnt(row: LearntRow) -> str:
    return bullet(f"{code(row.key)} is {code(row.value)}: {code(row.why, MESSAGE)}")


def _resources(title: str, resources: Sequence[LeftOver], room: int) -> str:
    return table_section(title, ("type", "name", "id", "reason"), resources, _resource, _more("resource"), room)


def _resource(resource: LeftOver) -> str:
    cells = (code(type_words(resource)), code(resource.name, 200), code(resource.id), code(resource.reason, MESSAGE))
    return table_row(cells)


def _requests(report: ProveReport, room: int) -> str:
    sent = [(step.id, each) for step in report.steps for each in step.requests]
    if not sent:
        return ""
    rows, rest = bounded(sent, _request, _more("request"), room - 300)
    return details(count(len(sent), "request"), table(("step", "request", "status", "time", "request id"), rows), rest)


def _request(sent: tuple[str, Exchange]) -> str:
    step, each = sent
    shown = (code(step), code(request_words(each), 300), status_words(each), f"{each.milliseconds:,} ms")
    return table_row((*shown, code(each.request_id) if each.request_id else ""))


def _metrics(report: ProveReport) -> str:
    if not report.run_metrics:
        return ""
    lines = encode_readable(report.run_metrics).split("\n")
    cut = [*lines[:_METRICS_LINES], "…"] if len(lines) > _METRICS_LINES else lines
    return details("Metrics of the run, as Adobe gave them", fence(cut, "json"))


def _more(what: str) -> Note[Any]:
    return lambda left, _room: f"… {count(len(left), f'more {what}')}"
