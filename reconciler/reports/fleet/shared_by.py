"""What several targets share, once: problems, reasons of failure, and reasons to wait, each with the targets that have it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from reconciler.errors import Severity
from reconciler.planning.plan import ActionName
from reconciler.reports.fleet.view import FleetView, Variant
from reconciler.reports.plan.view import WaitingView
from reconciler.reports.problems.view import ProblemView

_GRAVITY: Final = {severity: number for number, severity in enumerate(Severity)}


def problems_by_targets(view: FleetView) -> Iterator[tuple[list[str], list[ProblemView]]]:
    """Each problem once, with the targets that have it; errors first."""
    found: dict[ProblemView, list[str]] = {}
    for name, plan in view.plans.items():
        for problem in plan.problems:
            found.setdefault(problem, []).append(name)
    ordered = sorted(found.items(), key=lambda item: (_GRAVITY[item[0].severity], item[1]))
    for (_, names), items in groupby(ordered, lambda item: (item[0].severity, item[1])):
        yield names, [problem for problem, _ in items]


def failures_by_reason(view: FleetView) -> dict[tuple[str, str | None], list[str]]:
    """The targets that could not be read, by reason and hint."""
    found: dict[tuple[str, str | None], list[str]] = {}
    for target in view.targets:
        if target.why is not None:
            found.setdefault((target.why, target.hint), []).append(target.name)
    return found


def waits_by_targets(view: FleetView) -> Iterator[tuple[list[str], list[WaitingView]]]:
    """What waits at a gate for the same reasons, once, with the targets where it does."""
    found: dict[object, tuple[WaitingView, list[str]]] = {}
    for name, plan in view.plans.items():
        for waiting in plan.waiting:
            action = waiting.action
            same = (action.kind, action.key, action.name, action.action, waiting.waits)
            found.setdefault(same, (waiting, []))[1].append(name)
    ordered = sorted(found.values(), key=lambda item: item[1])
    for names, items in groupby(ordered, lambda item: item[1]):
        yield names, [waiting for waiting, _ in items]


def creates(view: FleetView) -> list[Variant]:
    """What is created for good, those in most targets first."""
    found = [variant for variant in view.variants if variant.action is ActionName.CREATE]
    return sorted(found, key=lambda variant: -len(variant.targets))
