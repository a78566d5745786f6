"""The JSON of an apply, or of a failure before it, read back: strictly, because it tells what was written."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, TypeVar

import msgspec

from reconciler.applying.outcome import ApplyReport, OutcomeName
from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from reconciler.errors import ReconcilerError, UsageError
from reconciler.journal.writing import SentWrite
from reconciler.planning.plan import PlanTarget
from reconciler.reports.apply.json import apply_document, refusal_document
from reconciler.reports.apply.view import ApplyView, ErrorView, FailureView, NoPlanView, ResultView
from reconciler.reports.plan.reading import SavedProblem, problem_of, read_plan
from reconciler.reports.plan.view import PlanView
from reconciler.reports.sinks.json import to_json

_HINT: Final = "it is what `reconciler apply --format json` prints, whole"
_NULL: Final = b"null"

T = TypeVar("T")


class _Error(msgspec.Struct, forbid_unknown_fields=True):
    code: str
    message: str
    hint: str | None


class _Failure(msgspec.Struct, forbid_unknown_fields=True):
    code: str
    message: str
    hint: str | None
    status: int | None
    server_code: str | None
    request_id: str | None
    pointers: tuple[str, ...]
    ignore: tuple[str, ...]
    undo: str | None


class _Result(msgspec.Struct, forbid_unknown_fields=True):
    kind: Kind
    key: str | None
    name: str
    id: str | None
    outcome: OutcomeName
    requests: tuple[SentWrite, ...]
    error: _Failure | None
    warnings: list[SavedProblem]


class _Apply(msgspec.Struct, forbid_unknown_fields=True):
    digest: str
    target: PlanTarget
    converged: bool
    results: list[_Result]
    problems: list[SavedProblem]
    journal: str | None
    error: _Error | None
    plan: msgspec.Raw = msgspec.Raw(_NULL)


class _NoPlan(msgspec.Struct, forbid_unknown_fields=True):
    error: _Error
    problems: list[SavedProblem]


def read_apply(data: bytes, name: str) -> ApplyView:
    """The outcome that these bytes hold; `name` is the file's, for messages. Raises UsageError for anything but an apply's JSON."""
    saved = _decode(data, _Apply, name, "the report of an apply")
    plan = bytes(saved.plan)
    return ApplyView(
        target=saved.target,
        digest=saved.digest,
        converged=saved.converged,
        results=tuple(_result(result) for result in saved.results),
        problems=tuple(problem_of(problem) for problem in saved.problems),
        journal=saved.journal,
        error=_error(saved.error) if saved.error else None,
        plan=None if plan.strip() == _NULL else read_plan(plan, f"the plan in {name}", hint=_HINT),
    )


def read_failure(data: bytes, name: str) -> NoPlanView:
    """What these bytes say about a command that made no plan. Raises UsageError for anything but that."""
    saved = _decode(data, _NoPlan, name, "the report of a failure")
    return NoPlanView(_error(saved.error), tuple(problem_of(problem) for problem in saved.problems))


def apply_view_of(report: ApplyReport, plan: PlanView | None = None, *, restored: bool = False) -> ApplyView:
    """The same view of an apply that has just ended. `restored`: it put back what a journal has from before."""
    return _view_of(apply_document(report, restored=restored), plan)


def refusal_view_of(view: PlanView, error: ReconcilerError, plan: PlanView | None = None) -> ApplyView:
    """The same view of an apply that was refused with the plan at hand."""
    return _view_of(refusal_document(view, error), plan)


def _view_of(document: Document, plan: PlanView | None) -> ApplyView:
    return replace(read_apply(to_json(document).encode(), "this report"), plan=plan)


def _decode(data: bytes, shape: type[T], name: str, what: str) -> T:
    try:
        return msgspec.json.decode(data, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        reason = str(error) or type(error).__name__
    raise UsageError(f"{name} is not {what}: {reason}", hint=_HINT)


def _result(result: _Result) -> ResultView:
    fields = msgspec.structs.asdict(result) | {
        "error": FailureView(**msgspec.structs.asdict(result.error)) if result.error else None,
        "warnings": tuple(problem_of(problem) for problem in result.warnings),
    }
    return ResultView(**fields)


def _error(error: _Error) -> ErrorView:
    return ErrorView(error.code, error.message, error.hint)
