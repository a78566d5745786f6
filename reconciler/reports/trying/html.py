"""Trials as one self-contained HTML page: no scripts, no requests, and all content escaped as text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from reconciler.documents.json_text import Document, encode
from reconciler.errors import count
from reconciler.reports.plan.html.page import ProblemsPart, problem_parts
from reconciler.reports.plan.html.report import template, without_logging_commands
from reconciler.reports.trying.calls import answer_of, whole
from reconciler.reports.trying.phrases import about, outcome_word, problems_to_show, stopped, totals, window_records
from reconciler.reports.trying.rows import flat, names_of
from reconciler.reports.trying.sureness import Doubt, doubts, sureness
from reconciler.trying.report import NotTried, ShownCall, TryAllReport, TryReport

_CALLS: Final = 2_000
"""Maximum number of requests of one trial on the page."""
_FIELDS: Final = 60
_CELL: Final = 300


@dataclass(frozen=True, slots=True)
class CallPart:
    """One request: its cells, and the lines below it."""

    number: int
    request: str
    status: str
    time: str
    records: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrialPart:
    """One trial, or the reason for which there was none."""

    key: str
    anchor: str
    outcome: str
    records: str
    requests: str
    facts: tuple[tuple[str, str], ...]
    problems: tuple[ProblemsPart, ...]
    calls: tuple[CallPart, ...]
    more_calls: str
    fields: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    windows: tuple[tuple[str, str, str, str], ...]
    sureness: str
    doubts: tuple[Doubt, ...]

    @property
    def is_shown(self) -> bool:
        """Whether there is more to show than the outcome."""
        return bool(self.facts or self.problems)


@dataclass(frozen=True, slots=True)
class TrialsPage:
    """The data of the template."""

    heading: str
    summary: str
    trials: tuple[TrialPart, ...]


def render_try_html(report: TryReport) -> str:
    """The page of one trial, with every request."""
    part = _trial(1, report)
    summary = f"{part.outcome}: {count(report.records, 'record')} in {count(len(report.calls), 'request')}"
    return _page(TrialsPage(f"Trial of {report.key}", summary, (part,)))


def render_tries_html(report: TryAllReport) -> str:
    """The page of several trials."""
    parts = tuple(_part(number, result) for number, result in enumerate(report.results, start=1))
    return _page(TrialsPage("Trials", totals(report), parts))


def _page(page: TrialsPage) -> str:
    return without_logging_commands(template("trial.html.j2").render(page=page))


def _part(number: int, result: TryReport | NotTried) -> TrialPart:
    if isinstance(result, TryReport):
        return _trial(number, result)
    problems = tuple(problem_parts(tuple(problems_to_show(result))))
    return TrialPart(result.key, f"trial-{number}", outcome_word(result), "", "", (), problems, (), "", (), (), (), "", ())


def _trial(number: int, report: TryReport) -> TrialPart:
    shown = report.calls[:_CALLS]
    more = len(report.calls) - len(shown)
    rows = [flat(row) for row in report.rows]
    fields = tuple(names_of(rows)[:_FIELDS])
    return TrialPart(
        key=report.key,
        anchor=f"trial-{number}",
        outcome=outcome_word(report),
        records=count(report.records, "record"),
        requests=count(len(report.calls), "request"),
        facts=tuple(_facts(report)),
        problems=tuple(problem_parts(tuple(item.problem for item in report.findings))),
        calls=tuple(map(_call, shown)),
        more_calls=f"… {count(more, 'more request')} (the JSON report has all)" if more else "",
        fields=fields,
        rows=tuple(tuple(_cell(row, name) for name in fields) for row in rows),
        windows=tuple((each.mode, each.start or "", each.end or "", window_records(each)) for each in report.windows),
        sureness=sureness(report.assumed) if report.assumed else "",
        doubts=tuple(doubts(report.assumed, everything=True)),
    )


def _facts(report: TryReport) -> Iterable[tuple[str, str]]:
    yield "spec", report.key
    yield "tried", " · ".join(about(report)) or "live"
    yield "records", f"{report.records:,}"
    yield "requests", f"{len(report.calls):,}"
    yield "stopped", stopped(report)


def _call(call: ShownCall) -> CallPart:
    status, time, records = answer_of(call)
    lines = [f"{name}: {value}" for name, value in call.headers]
    lines += [encode(call.body).decode()] if call.body is not None else []
    lines += [call.curl] if call.curl else []
    return CallPart(call.number, whole(call), status, time, records, tuple(lines))


def _cell(row: Document, name: str) -> str:
    value = row.get(name, "")
    text = value if isinstance(value, str) else encode(value).decode()
    return text if len(text) <= _CELL else f"{text[:_CELL]}…"
