"""Trials as Markdown, for a comment on a pull request: bounded in size, the outcome first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reconciler.errors import count
from reconciler.reports.problems.markdown import problems_section
from reconciler.reports.problems.text import counted
from reconciler.reports.sinks.markdown import (
    Blocks,
    FileLinks,
    bounded,
    code,
    details,
    fence,
    left_out,
    no_links,
    table,
    table_row,
    table_section,
)
from reconciler.reports.sinks.prose import prose
from reconciler.reports.trying.calls import answer_of, cut, whole
from reconciler.reports.trying.phrases import (
    about,
    first_finding,
    missing_hint,
    outcome_word,
    problems_to_show,
    totals,
    window_records,
)
from reconciler.reports.trying.rows import record_lines
from reconciler.reports.trying.sureness import doubts, sureness
from reconciler.trying.report import NotTried, ShownCall, TryAllReport, TryReport, WindowCount

LIMIT: Final = 60_000
"""Bytes. GitHub allows 65,536 characters in a comment."""
_COLUMNS: Final = 110


def render_try_markdown(report: TryReport, *, links: FileLinks = no_links, limit: int = LIMIT) -> str:
    """The trial in at most `limit` bytes (2,000 or more). What does not fit is counted."""
    words = " · ".join(code(word) for word in (report.key, *about(report)))
    body = Blocks(limit, f"### Trial of {words}")
    problems = [item.problem for item in report.findings]
    found = f": {counted(tuple(problems))}" if problems else ""
    said = f"{count(report.records, 'record')} in {count(len(report.calls), 'request')}"
    body.add(f"**{outcome_word(report)}**{found} · {said} · stopped: {prose(report.stop_reason)}")
    body.add(problems_section("Findings", problems, links, body.room // 2))
    body.add(_windows(report, body.room // 4))
    body.add(_calls(report, body.room // 2))
    if report.rows:
        lines = fence(cut(line, _COLUMNS) for line in record_lines(report.rows, _COLUMNS))
        body.add(details(f"{count(len(report.rows), 'record')} as the mapping sees them", lines))
    body.add(_sureness(report))
    return body.render()


def render_tries_markdown(report: TryAllReport, *, links: FileLinks = no_links, limit: int = LIMIT) -> str:
    """A table of all trials, then the findings of those that failed, in at most `limit` bytes."""
    body = Blocks(limit, "### Trials")
    has_trials = any(isinstance(result, TryReport) for result in report.results)
    word = "**failed** · " if not report.held else "**held** · " if has_trials else ""
    body.add(word + totals(report))
    order = sorted(report.results, key=lambda result: (result.exit_code == 0, result.key))
    rows, rest = bounded(order, _row, _left_out, body.room // 2)
    body.add(
        "\n\n".join(part for part in (table(("key", "records", "requests", "outcome", "first finding"), rows), rest) if part)
    )
    body.add(
        problems_section("Findings", (problem for result in order for problem in problems_to_show(result)), links, body.room)
    )
    if hint := missing_hint(report):
        body.add(prose(hint))
    return body.render()


def _row(result: TryReport | NotTried) -> str:
    numbers = (f"{result.records:,}", f"{len(result.calls):,}") if isinstance(result, TryReport) else ("", "")
    problem = first_finding(result)
    finding = f"{prose(problem.message, 120)} ({code(problem.code)})" if problem else ""
    return table_row((code(result.key), *numbers, outcome_word(result), finding))


def _left_out(results: Sequence[TryReport | NotTried], room: int) -> str:
    return left_out(count(len(results), "more source"), [result.key for result in results], room)


def _windows(report: TryReport, room: int) -> str:
    headings = ("window", "from", "to", "records")
    return table_section("Time ranges", headings, report.windows, _window, lambda rest, _: f"{len(rest):,} more", room)


def _window(window: WindowCount) -> str:
    return table_row((code(window.mode), code(window.start or ""), code(window.end or ""), window_records(window)))


def _calls(report: TryReport, room: int) -> str:
    if not report.calls:
        return ""
    rows, rest = bounded(report.calls, _call, lambda left, _: f"… {count(len(left), 'more request')}", room - 300)
    headings = ("", "request", "status", "time", "records")
    return details(count(len(report.calls), "request"), table(headings, rows), rest)


def _call(call: ShownCall) -> str:
    status, time, records = answer_of(call)
    return table_row((str(call.number), code(whole(call), 300), status, time, records))


def _sureness(report: TryReport) -> str:
    if not report.assumed:
        return ""
    rows = doubts(report.assumed)
    lines = fence(
        line for row in rows for line in (f"{row.sign} {row.key}  {row.words}", *(f"    {other}" for other in row.others))
    )
    return details(f"How sure is this? {sureness(report.assumed)}", lines)
