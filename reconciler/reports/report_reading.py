"""Any report that `--report` wrote, read back for GitHub: a plan, drift, the end of an apply, or why there is none of these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from reconciler.documents.json_text import NotJson, decode, encode
from reconciler.errors import UsageError
from reconciler.reports.apply.reading import read_apply, read_failure
from reconciler.reports.apply.view import ApplyView
from reconciler.reports.plan.reading import read_plan
from reconciler.reports.plan.view import PlanView
from reconciler.reports.problems.view import NoPlanView

_HINT: Final = "write one with --report FILE of plan, apply or drift"


@dataclass(frozen=True, slots=True)
class DriftReport:
    """What drifted, as `drift_of` gives it."""

    view: PlanView


Report: TypeAlias = PlanView | DriftReport | ApplyView | NoPlanView


def read_report(data: bytes, name: str) -> Report:
    """The report that these bytes hold; `name` is the file's, for messages. Raises UsageError for anything else."""
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
    if "actions" in document:
        return read_plan(data, name, hint=_HINT)
    return read_apply(data, name) if "results" in document else read_failure(data, name)
