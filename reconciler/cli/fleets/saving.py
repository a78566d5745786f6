"""Saved plans of several targets: which are saved, and whether the current ones are still those."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reconciler.applying.fleet import StalePlan
from reconciler.cli.apply_run import Request
from reconciler.cli.files import save
from reconciler.cli.fleets.by_name import by_name_in
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.output import tell
from reconciler.errors import Problem, UsageError, count
from reconciler.planning.fleet import FleetRead
from reconciler.reports.fleet.saved import render_fleet_plan
from reconciler.reports.plan.view import PlanView
from reconciler.reports.sinks.escaping import for_terminal
from reconciler.settings.selection import Selection


@dataclass(frozen=True, slots=True)
class SavedPlans:
    """The plans of a file, by target, and its path."""

    path: Path
    plans: Mapping[str, PlanView]

    @property
    def selection(self) -> Selection:
        """Exactly the targets of the file."""
        return Selection(targets=tuple(self.plans))


def saved_plans(path: Path, plans: Sequence[PlanView], selection: Selection) -> SavedPlans:
    """The plans of a file. Raises UsageError if the command line chooses targets, too: the file does."""
    if selection != Selection():
        raise UsageError(
            f"{path} has plans for {count(len(plans), 'target')}, and targets are chosen on the command line, too",
            hint="leave out --target, --group, --all and --except: apply works on the targets of the file",
        )
    return SavedPlans(path, {plan.target.name: plan for plan in plans})


def check_saved(saved: SavedPlans, current: Mapping[str, PlanView], request: Request) -> None:
    """Raises StalePlan unless each current plan is the one in the file. A target without a current plan is not compared."""
    stale: dict[str, StalePlan] = {}
    for name, fresh in current.items():
        try:
            replace(request, saved=saved.plans[name], saved_as=saved.path).check(fresh)
        except StalePlan as error:
            stale[name] = error
    if not stale:
        return
    first = next(iter(stale.values()))
    if not first.problems:
        raise StalePlan(f"{', '.join(stale)}: {first.message}", hint=first.hint or "")
    raise StalePlan(
        f"{saved.path} is out of date: the plan for {', '.join(stale)} has changed",
        hint="plan again, review the plans, and apply them",
        problems=tuple(_named(name, problem) for name, error in stale.items() for problem in error.problems),
    )


def _named(name: str, problem: Problem) -> Problem:
    return replace(problem, message=f"{name}: {problem.message}")


def save_plans(shell: Shell, path: Path, read: FleetRead, views: Mapping[str, PlanView]) -> None:
    """Save the plans that `apply` would do: without targets that have `by_name` and were not named. Raises UsageError."""
    left_out = by_name_in(read, shell.selection)
    saved = [view for name, view in views.items() if name not in left_out]
    if not saved:
        raise UsageError(f"{path} was not written: there is no plan to save", hint="fix what could not be read, and plan again")
    save(path, render_fleet_plan(saved))
    missing = [one.name for one in read.plans if one.name not in {view.target.name for view in saved}]
    without = f", without {', '.join(missing)}" if missing else ""
    tell(for_terminal(f"saved {count(len(saved), 'target')} to {shlex.quote(str(path))}{without}") + "\n", fit=True)
