"""The JSON of an apply, or of a failure before it, read back: strictly, because it tells what was written."""

from __future__ import annotations

from typing import Final

import msgspec

from reconciler.reports.apply.view import ApplyView, Ending
from reconciler.reports.plan.reading import decode_strictly, read_plan
from reconciler.reports.problems.view import NoPlanView

_HINT: Final = "use the whole output of `reconciler apply --format json`"
_NULL: Final = b"null"


class _SavedApply(Ending, frozen=True, kw_only=True, forbid_unknown_fields=True):
    plan: msgspec.Raw = msgspec.Raw(_NULL)


def read_apply(data: bytes, name: str) -> ApplyView:
    """The outcome that these bytes hold; `name` is the file's, for messages. Raises UsageError for anything but an apply's JSON."""
    saved = msgspec.structs.asdict(decode_strictly(data, _SavedApply, f"{name} is not an apply report", _HINT))
    plan = bytes(saved.pop("plan"))
    return ApplyView(**saved, plan=None if plan.strip() == _NULL else read_plan(plan, f"the plan in {name}", hint=_HINT))


def read_failure(data: bytes, name: str) -> NoPlanView:
    """What these bytes say about a command that made no plan. Raises UsageError for anything but that."""
    return decode_strictly(data, NoPlanView, f"{name} is not a failure report", _HINT)
