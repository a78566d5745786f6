"""Read a saved plan. Parsing is strict, because a saved plan is evidence of a review."""

from __future__ import annotations

from typing import Literal, TypeVar

import msgspec

from reconciler.documents.json_text import decode
from reconciler.errors import Refused, UsageError
from reconciler.reports.plan.json import INTEGRITY, integrity_of
from reconciler.reports.plan.view import PlanView
from reconciler.reports.sinks.json import FORMAT_VERSION, REPORT

_HINT = "write one with `reconciler plan --out FILE`"

T = TypeVar("T")


class _Versioned(msgspec.Struct):
    format_version: int


class _SavedPlan(PlanView, frozen=True, kw_only=True, forbid_unknown_fields=True):
    integrity: str
    report: Literal["plan"] = "plan"


def read_plan(data: bytes, name: str, *, hint: str = _HINT) -> PlanView:
    """Parse a saved plan; `name` is the file's, for messages, and `hint` says how to create one.

    Raises UsageError if it is not a plan of this format version, and Refused if it was changed since it was saved.
    """
    version = decode_strictly(data, _Versioned, f"{name} is not a saved plan", hint).format_version
    if version != FORMAT_VERSION:
        raise UsageError(
            f"{name} has plan format version {version}; this version of reconciler reads {FORMAT_VERSION}",
            hint="run plan again with this version of reconciler",
        )
    plan = decode_strictly(data, _SavedPlan, f"{name} is not a saved plan", hint)
    if plan.integrity != integrity_of(decode(data)):
        raise Refused(f"{name} was edited after it was saved: its content does not match its digest", hint=hint)
    return PlanView(**{field: value for field, value in msgspec.structs.asdict(plan).items() if field not in (INTEGRITY, REPORT)})


def decode_strictly(data: bytes, shape: type[T], otherwise: str, hint: str) -> T:
    """Parse JSON of this shape. Raises UsageError with the message `otherwise` and the reason."""
    try:
        return msgspec.json.decode(data, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        reason = str(error) or type(error).__name__
    raise UsageError(f"{otherwise}: {reason}", hint=hint)
