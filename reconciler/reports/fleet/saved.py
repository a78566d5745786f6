"""The plans of several targets in one file: written by `plan --out`, read by `apply` and `show`. Each is a saved plan of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from msgspec import Raw, Struct

from reconciler.documents.json_text import NotJson, decode
from reconciler.errors import UsageError
from reconciler.reports.plan.json import plan_document
from reconciler.reports.plan.reading import decode_strictly, read_plan
from reconciler.reports.plan.view import PlanView
from reconciler.reports.sinks.json import FORMAT_VERSION, REPORT, report_document, report_json

FLEET_PLAN: Final = "fleet-plan"
_HINT: Final = "write one with `reconciler plan --out FILE` and the same targets"


class _File(Struct):
    format_version: int
    plans: list[Raw]


def render_fleet_plan(plans: Iterable[PlanView]) -> str:
    """The file with these plans."""
    return report_json(FLEET_PLAN, {"plans": [report_document("plan", plan_document(plan)) for plan in plans]})


def is_fleet_plan(data: bytes) -> bool:
    """Whether this file says that it has the plans of several targets."""
    try:
        document = decode(data)
    except NotJson:
        return False
    return isinstance(document, dict) and document.get(REPORT) == FLEET_PLAN


def read_fleet_plan(data: bytes, name: str) -> tuple[PlanView, ...]:
    """The plans in a file; `name` is the file's, for messages.

    Raises UsageError if it is not such a file, has no plan or two of one target, and Refused if a plan was changed since it was saved.
    """
    file = decode_strictly(data, _File, f"{name} is not a saved plan of several targets", _HINT)
    if file.format_version != FORMAT_VERSION:
        raise UsageError(
            f"{name} has plan format version {file.format_version}; this version of reconciler reads {FORMAT_VERSION}",
            hint="run plan again with this version of reconciler",
        )
    plans = tuple(read_plan(bytes(raw), f"plan {number} in {name}", hint=_HINT) for number, raw in enumerate(file.plans, 1))
    if not plans:
        raise UsageError(f"{name} has no plan", hint=_HINT)
    twice = [target for target, number in Counter(plan.target.name for plan in plans).items() if number > 1]
    if twice:
        raise UsageError(f"{name} has two plans for target {twice[0]!r}", hint=_HINT)
    return plans
