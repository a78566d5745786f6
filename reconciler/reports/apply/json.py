"""What an apply did, as JSON."""

from __future__ import annotations

from dataclasses import asdict

from reconciler.applying.outcome import ApplyReport, Failure, Result
from reconciler.documents.json_text import Document
from reconciler.errors import ReconcilerError
from reconciler.reports.apply.next_steps import next_step, undo_command
from reconciler.reports.plan.json import plan_document, target_document
from reconciler.reports.plan.view import PlanView
from reconciler.reports.problems.json import error_document, problem_document, problems_of
from reconciler.reports.sinks.json import to_json


def render_apply_json(report: ApplyReport, *, restored: bool = False, plan: PlanView | None = None) -> str:
    """The outcome of each spec. `error` is null: the apply went to its end, however its specs ended. `restored`: by a restore.

    With `plan`, what was carried out is kept beside its outcome.
    """
    return to_json(apply_document(report, restored=restored) | _kept(plan))


def apply_document(report: ApplyReport, *, restored: bool = False) -> Document:
    """The outcome as a JSON object."""
    return {
        "digest": report.digest,
        "target": target_document(report.target),
        "converged": report.converged,
        "results": [_result(result, report, restored=restored) for result in report.results],
        "problems": [problem_document(problem) for problem in report.problems],
        "journal": report.journal,
        "error": None,
    }


def render_refusal_json(view: PlanView, error: ReconcilerError, *, plan: PlanView | None = None) -> str:
    """The same form for an apply that was refused with the plan at hand; nothing was written."""
    return to_json(refusal_document(view, error) | _kept(plan))


def refusal_document(view: PlanView, error: ReconcilerError) -> Document:
    """The refusal as a JSON object."""
    found = (*view.problems, *problems_of(error))
    return {
        "digest": view.digest,
        "target": target_document(view.target),
        "converged": False,
        "results": [],
        "problems": [problem_document(problem) for problem in found],
        "journal": None,
        "error": error_document(error),
    }


def _kept(plan: PlanView | None) -> Document:
    return {} if plan is None else {"plan": plan_document(plan)}


def _result(result: Result, report: ApplyReport, *, restored: bool) -> Document:
    return {
        "kind": result.kind,
        "key": result.key,
        "name": result.name,
        "id": result.id,
        "outcome": result.outcome,
        "requests": [asdict(request) for request in result.requests],
        "error": _failure(result, result.error, report, restored=restored) if result.error else None,
        "warnings": [problem_document(problem) for problem in result.warnings],
    }


def _failure(result: Result, failure: Failure, report: ApplyReport, *, restored: bool) -> Document:
    """Why a spec did not end well, and what to do. The body from before stays in the journal; `undo` is the command that finds it."""
    return {
        "code": failure.code,
        "message": failure.message,
        "hint": next_step(result, restored=restored),
        "status": failure.status,
        "server_code": failure.server_code,
        "request_id": failure.request_id,
        "pointers": failure.pointers,
        "ignore": failure.ignore,
        "undo": undo_command(result, report),
    }
