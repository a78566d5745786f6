"""Read a report that `--report` wrote: a plan, drift, the result of an apply, a proof, or a failure without any of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import msgspec

from reconciler.documents.json_text import NotJson, decode, encode
from reconciler.errors import UsageError
from reconciler.proving.report import NotProved, ProveReport
from reconciler.reports.apply.view import ApplyView, Ending
from reconciler.reports.plan.reading import decode_strictly, read_plan
from reconciler.reports.plan.view import PlanView
from reconciler.reports.problems.view import NoPlanView
from reconciler.reports.proving.saved import is_proof, read_proof_report

_HINT: Final = "write one with --report FILE of plan, apply, drift or prove"
_APPLY_HINT: Final = "use the whole output of `reconciler apply --format json`"
_NULL: Final = b"null"


@dataclass(frozen=True, slots=True)
class DriftReport:
    """The drift of a plan, from `drift_of`."""

    view: PlanView


Report: TypeAlias = PlanView | DriftReport | ApplyView | NoPlanView | ProveReport | NotProved


def read_report(data: bytes, name: str) -> Report:
    """Parse any report; `name` is the file's, for messages. Raises UsageError if it is not one."""
    try:
        document = decode(data)
    except NotJson as error:
        raise UsageError(f"{name} is not a report: {error}", hint=_HINT) from None
    if not isinstance(document, dict):
        raise UsageError(f"{name} is not a report", hint=_HINT)
    if document.get("report") == "drift":
        return DriftReport(
            read_plan(encode({key: value for key, value in document.items() if key != "report"}), name, hint=_HINT)
        )
    if is_proof(document):
        return read_proof_report(data, name)
    if "actions" in document:
        return read_plan(data, name, hint=_HINT)
    return read_apply(data, name) if "results" in document else read_failure(data, name)


class _SavedApply(Ending, frozen=True, kw_only=True, forbid_unknown_fields=True):
    report: Literal["apply"] = "apply"
    format_version: Literal[1] = 1
    plan: msgspec.Raw = msgspec.Raw(_NULL)


def read_apply(data: bytes, name: str) -> ApplyView:
    """Parse the JSON report of an apply; `name` is the file's, for messages. Raises UsageError if it is not one."""
    saved = msgspec.structs.asdict(decode_strictly(data, _SavedApply, f"{name} is not an apply report", _APPLY_HINT))
    plan = bytes(saved.pop("plan"))
    del saved["report"], saved["format_version"]
    return ApplyView(**saved, plan=None if plan.strip() == _NULL else read_plan(plan, f"the plan in {name}", hint=_APPLY_HINT))


class _SavedFailure(NoPlanView, frozen=True, kw_only=True, forbid_unknown_fields=True):
    report: Literal["failure"] = "failure"
    format_version: Literal[1] = 1


def read_failure(data: bytes, name: str) -> NoPlanView:
    """Parse the report of a command that made no plan. Raises UsageError if it is not one."""
    saved = decode_strictly(data, _SavedFailure, f"{name} is not a failure report", _APPLY_HINT)
    return NoPlanView(saved.error, saved.problems)
