"""Read a report over several targets that `--report` wrote. It may come from another job, so nothing in it is trusted to fit together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from reconciler.documents.json_text import Document, Json, NotJson, decode, encode
from reconciler.documents.kinds import Kind
from reconciler.errors import ExitCode, ReconcilerError, UsageError
from reconciler.reports.apply.view import ApplyView
from reconciler.reports.fleet.making import variants_of
from reconciler.reports.fleet.view import (
    Cell,
    CellState,
    FleetSummary,
    FleetView,
    Row,
    SelectionView,
    TargetState,
    TargetView,
)
from reconciler.reports.plan.reading import decode_strictly
from reconciler.reports.plan.view import PlanView
from reconciler.reports.report_reading import DriftReport, read_report

HINT: Final = "write one with --report FILE of plan, apply or drift"
_WITHOUT_REPORT: Final = frozenset({TargetState.FAILED, TargetState.BLOCKED, TargetState.NOT_STARTED})
_QUIET: Final = frozenset({TargetState.IN_SYNC, TargetState.WAITING})


class _Saved(Struct, frozen=True, kw_only=True):
    """The keys of a report. Others, of a newer version, are passed over."""

    report: Literal["plan", "apply", "drift"]
    fleet: Literal[True]
    format_version: Literal[1]
    repository: str
    commit: str | None
    digest: str
    selection: SelectionView
    summary: FleetSummary
    targets: tuple[TargetView, ...]
    matrix: tuple[Row, ...]


def is_fleet(document: Json) -> bool:
    """Whether this JSON is a report over several targets."""
    return isinstance(document, dict) and document.get("fleet") is True


def read_fleet(data: bytes, name: str) -> FleetView:
    """Parse a report of plan, apply or drift over several targets; `name` is the file's, for messages.

    Variants and actions are made anew from the plans of the targets. A target whose own report cannot be read, or contradicts what is said
    of it, has failed. Raises UsageError for what is not such a report at all.
    """
    try:
        decode(data)  # the strict parser: no NaN, no lone surrogates
    except NotJson as error:
        raise UsageError(f"{name} is not a report: {error}", hint=HINT) from None
    saved = decode_strictly(data, _Saved, f"{name} is not a report over several targets", HINT)
    names = [target.name for target in saved.targets]
    twice = [target for target, number in Counter(names).items() if number > 1]
    if twice:
        raise UsageError(f"{name} is not a report over several targets: {twice[0][:80]!r} is in it twice", hint=HINT)
    targets, plans = [], {}
    for target in saved.targets:
        try:
            plan = _plan_of(target, saved.report)
        except ReconcilerError as error:
            targets.append(without_plan(target, f"its report cannot be used: {error.message}", error.hint))
            continue
        targets.append(target)
        if plan is not None:
            plans[target.name] = plan
    variants, actions = variants_of(plans)
    found = {(one.kind, one.key, target): one.id for one in variants for target in one.targets}
    return FleetView(
        report=saved.report,
        repository=saved.repository,
        commit=saved.commit,
        digest=saved.digest,
        selection=saved.selection,
        summary=saved.summary,
        targets=tuple(targets),
        matrix=tuple(_rows(saved.matrix, targets, found)),
        variants=variants,
        actions=actions,
        plans=plans,
    )


def without_plan(target: TargetView, why: str, hint: str | None) -> TargetView:
    """The target, failed for this reason."""
    return replace(target, state=TargetState.FAILED, exit_code=int(ExitCode.WRONG), digest=None, why=why, hint=hint, report=None)


def plan_in(document: Document, report: str, name: str) -> PlanView | None:
    """The plan in the report of one target; None for an apply that ended before it had one. Raises ReconcilerError."""
    found = read_report(encode(document), name)
    match found:
        case DriftReport(view) if report == "drift":
            return view
        case PlanView() if report == "plan":
            return found
        case ApplyView(plan=plan) if report == "apply":
            return plan
        case _:
            raise UsageError(f"{name} is not a report of {report}", hint=HINT)


def _plan_of(target: TargetView, report: str) -> PlanView | None:
    """The plan of the target. Raises ReconcilerError if what is said of the target is not what its own report says."""
    if target.report is None:
        if target.state not in _WITHOUT_REPORT:
            raise UsageError("it is missing", hint=HINT)
        return None
    plan = plan_in(target.report, report, f"the report of {target.name}")
    if plan is None:
        return None
    if plan.target.name != target.name:
        raise UsageError(f"it is the report of {plan.target.name[:80]!r}", hint=HINT)
    if target.digest != plan.digest:
        raise UsageError("the digest of its plan is another one", hint=HINT)
    if target.state in _QUIET and (plan.actions or plan.errors):
        raise UsageError(f"its state is {target.state}, and its plan has actions or errors", hint=HINT)
    return plan


def _rows(
    rows: Iterable[Row], targets: Iterable[TargetView], variants: Mapping[tuple[Kind, str | None, str], str]
) -> Iterator[Row]:
    """The rows with a cell for each target, and none for others."""
    for row in rows:
        yield Row(row.kind, row.key, {target.name: _cell(row, target, variants) for target in targets})


def _cell(row: Row, target: TargetView, variants: Mapping[tuple[Kind, str | None, str], str]) -> Cell:
    said = row.cells.get(target.name)
    if said is None or (target.state is TargetState.FAILED and target.report is None):
        return Cell(CellState.UNKNOWN)
    return replace(said, variant=variants.get((row.kind, row.key, target.name)))
