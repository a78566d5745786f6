"""A trial as JSON."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Document, readable_part
from reconciler.errors import Problem
from reconciler.proofs.kept.engine_file import EngineAnswer
from reconciler.reports.problems.view import problem_view
from reconciler.reports.sinks.json import to_json
from reconciler.trying.report import Assumed, NotTried, Placed, ShownCall, TryAllReport, TryReport

FORMAT_VERSION: Final = 1


def render_try_json(report: TryReport) -> str:
    """`{"report": "try", "format_version": 1, "key": …}`."""
    return to_json(_trial(report))


def render_tries_json(report: TryAllReport) -> str:
    """`{"report": "try-all", "format_version": 1, "source": …, "trials": […], "not_tried": […], "outcome": …}`."""
    return to_json(
        {
            "report": "try-all",
            "format_version": FORMAT_VERSION,
            "source": report.origin,
            "trials": [_trial(result) for result in report.results if isinstance(result, TryReport)],
            "not_tried": [
                {"key": result.key, "problems": [problem_view(problem) for problem in result.problems]}
                for result in report.results
                if isinstance(result, NotTried)
            ],
            "interrupted": report.interrupted,
            "outcome": "held" if report.held else "failed",
        }
    )


def _trial(report: TryReport) -> Document:
    return {
        "report": "try",
        "format_version": FORMAT_VERSION,
        "key": report.key,
        "auth": report.auth,
        "source": report.origin,
        "recorded_at": report.recorded_at,
        "of_stub": report.of_stub,
        "window": report.window,
        "calls": [readable_part(_call(call)) for call in report.calls],
        "records": report.records,
        "rows": list(report.rows),
        "stop": {"reason": report.stop_reason, "evidence": report.stop_evidence},
        "findings": [_finding(item) for item in report.findings],
        "assumed": [_assumed(row) for row in report.assumed],
        "windows": [
            {"from": window.start, "to": window.end, "mode": window.mode, "records": window.records} for window in report.windows
        ],
        "more_calls": report.more_calls,
        "written": list(report.written),
        "interrupted": report.interrupted,
        "outcome": "held" if report.held else "failed",
    }


def _call(call: ShownCall) -> Document:
    said: Document = {
        "n": call.number,
        "method": call.method,
        "url": call.url,
        "headers": [list(pair) for pair in call.headers],
        "body": call.body,
        "status": call.status,
        "records": call.records,
        "ms": call.milliseconds,
        "probe": call.is_probe,
    }
    return said if call.curl is None else said | {"curl": call.curl}


def _finding(item: Placed) -> Document:
    problem: Problem = item.problem
    return {
        "level": problem.severity.value,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "call": item.call,
    }


def _answer(answer: EngineAnswer | None) -> Document | None:
    if answer is None:
        return None
    return {"by": answer.by, "target": answer.target, "at": f"{answer.at:%Y-%m-%dT%H:%M:%SZ}", "emulated": answer.emulated}


def _assumed(row: Assumed) -> Document:
    return {
        "key": row.key,
        "value": row.value,
        "level": row.level.value,
        "changes_outcome": row.changes_outcome,
        "text": row.text,
        "answered": _answer(row.answered),
        "alternatives": [{"value": value, "outcome": what} for value, what in row.alternatives],
    }
