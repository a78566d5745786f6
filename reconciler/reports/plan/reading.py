"""A saved plan, read back: strictly, because it is evidence."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from reconciler.documents.comparison import Cause, Op
from reconciler.documents.json_text import decode
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING
from reconciler.errors import Problem, Refused, Severity, UsageError
from reconciler.flowservice.usage import SpecUsage
from reconciler.planning.plan import ActionName, Options, PlanTarget, Request, Summary
from reconciler.reports.plan.json import integrity_of
from reconciler.reports.plan.view import ActionView, ChangeView, EffectView, PlanView

FORMAT_VERSION = 1
_HINT = "make one with `reconciler plan --out FILE`"

T = TypeVar("T")


class _Versioned(msgspec.Struct):
    format_version: int


class _Change(msgspec.Struct, forbid_unknown_fields=True):
    op: Op
    path: str
    old: Any
    new: Any
    cause: Cause | None


class _Action(msgspec.Struct, forbid_unknown_fields=True):
    kind: Kind
    key: str | None
    name: str
    id: str | None
    action: ActionName
    cause: Cause | None
    fingerprint: str
    changes: list[_Change]
    requests: tuple[Request, ...]
    updated_at: int | None
    updated_by: str | None
    file: str | None
    line: int | None
    usage: SpecUsage | None = None
    effects: tuple[EffectView, ...] = ()
    keys: tuple[str, ...] = ()


class SavedProblem(msgspec.Struct, forbid_unknown_fields=True):
    """A problem as every report in JSON has it."""

    severity: Severity
    code: str
    message: str
    file: str | None
    line: int | None
    column: int | None
    hint: str | None
    key: str | None
    guard: bool


class _Plan(msgspec.Struct, forbid_unknown_fields=True):
    format_version: int
    target: PlanTarget
    repository: str
    commit: str | None
    options: Options
    digest: str
    summary: Summary
    actions: list[_Action]
    problems: list[SavedProblem]
    integrity: str


def read_plan(data: bytes, name: str, *, hint: str = _HINT) -> PlanView:
    """The plan that these bytes hold; `name` is the file's, for messages, and `hint` says where one comes from.

    Raises UsageError for anything but a plan of this format version, and Refused for one that is not as it was saved.
    """
    version = _decode(data, _Versioned, name, hint).format_version
    if version != FORMAT_VERSION:
        raise UsageError(
            f"{name} is a plan of format version {version}, and this reconciler reads version {FORMAT_VERSION}",
            hint="make the plan again with this version of the reconciler",
        )
    plan = _decode(data, _Plan, name, hint)
    if plan.integrity != integrity_of(decode(data)):
        raise Refused(f"{name} was changed after it was saved: its content does not match its own digest", hint=hint)
    return _view(plan)


def _decode(data: bytes, shape: type[T], name: str, hint: str) -> T:
    try:
        return msgspec.json.decode(data, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        reason = str(error) or type(error).__name__
    raise UsageError(f"{name} is not a saved plan: {reason}", hint=hint)


def problem_of(problem: SavedProblem) -> Problem:
    """The problem itself."""
    return Problem(**msgspec.structs.asdict(problem))


def _view(plan: _Plan) -> PlanView:
    return PlanView(
        target=plan.target,
        repository=plan.repository,
        commit=plan.commit,
        options=plan.options,
        digest=plan.digest,
        summary=plan.summary,
        actions=tuple(_action(action) for action in plan.actions),
        problems=tuple(problem_of(problem) for problem in plan.problems),
        format_version=plan.format_version,
    )


def _action(action: _Action) -> ActionView:
    fields = msgspec.structs.asdict(action) | {"changes": tuple(_change(change) for change in action.changes)}
    return ActionView(**fields)


def _change(change: _Change) -> ChangeView:
    """JSON has null for nothing; the operation says which of the two it is."""
    return ChangeView(
        op=change.op,
        path=change.path,
        old=MISSING if change.op == "add" else change.old,
        new=MISSING if change.op == "remove" else change.new,
        cause=change.cause,
    )
