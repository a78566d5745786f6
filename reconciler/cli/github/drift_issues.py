"""The drift issues of several targets: one for each that drifted, and beyond ten one for each fleet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from msgspec.structs import replace

from reconciler.cli.github.reports import Found, load_report
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.output import tell
from reconciler.errors import ExitCode, UsageError, count
from reconciler.planning.fleet import digest_over
from reconciler.reports.drift.view import is_reported
from reconciler.reports.fleet.making import summary_of, variants_of
from reconciler.reports.fleet.merging import Merged
from reconciler.reports.fleet.view import FleetView, Row, TargetView
from reconciler.reports.kept import Done, Written
from reconciler.reports.plan.view import PlanView
from reconciler.reports.report_reading import DriftReport
from reconciler.reports.sinks.markdown import fleet_marker, marker
from reconciler.settings.choosing import choose
from reconciler.settings.selection import Selection
from reconciler.settings.targets import Settings

MOST: Final = 10
"""Targets that drifted up to which each has its own issue."""


class Tracker(Protocol):
    """The issues of one code host, and how a report is written there."""

    @property
    def run_url(self) -> str | None:
        """The page of this run."""

    def issue(self, mark: str, title: str, body: str) -> Written:
        """Open the issue with this marker, or update it if it differs. Raises ServiceError."""

    def close(self, mark: str, reason: str) -> Written:
        """Close the issue with this marker; does nothing if none is open. Raises ServiceError."""

    def target_text(self, found: Found, view: PlanView) -> str:
        """The issue of one target."""

    def fleet_text(self, merged: Merged, mark: str) -> str:
        """The issue of several targets, without its marker `mark`."""


@dataclass(frozen=True, slots=True)
class DriftIssues:
    """Keeps the issues. `specs` is the folder of the spec files, which is in each marker."""

    tracker: Tracker
    specs: str

    def of_target(self, found: Found, report: DriftReport) -> Written:
        """Open, update or close the issue of one target. Raises ServiceError."""
        mark = marker("drift", found.target, self.specs)
        if not is_reported(report.view):
            return self.tracker.close(mark, self._gone())
        return self.tracker.issue(mark, found.title, self.tracker.target_text(found, report.view))

    def of_several(self, merged: Merged, settings: Settings) -> Iterator[tuple[str, Written]]:
        """Open, update or close the issues of all targets, and say what each is about. Raises ServiceError.

        Of a target whose check failed, no issue is changed: neither its own, nor one of its fleet is closed. The issue of a fleet is not
        closed either if only some of its targets were checked.
        """
        view = merged.view
        partly = _partly_checked(view, settings)
        found = {name: Found(DriftReport(plan), name, "apply") for name, plan in view.plans.items()}
        unsure = {target.name for target in view.targets if target.name not in found or found[target.name].failed}
        shared = by_fleet([target for target in view.targets if target.name in found and is_reported(view.plans[target.name])])
        links: dict[str, str] = {}
        for fleet in sorted({target.fleet or "" for target in view.targets}):
            names = [target.name for target in view.targets if (target.fleet or "") == fleet]
            if fleet in shared:
                written = self._fleet(fleet, only_of(view, names), merged, shared[fleet])
                links |= dict.fromkeys(shared[fleet], f"The drift is in {written.url or 'the issue for several targets'}.")
            elif fleet not in partly and unsure.isdisjoint(names):
                written = self.tracker.close(self._marker(view, fleet), self._gone_from(view, names))
            else:
                continue
            if written.done is not Done.NOTHING:
                yield f"drift issue of {fleet or 'several targets'}", written
        for name, one in found.items():
            if name in unsure:
                continue
            if name in links:
                written = self.tracker.close(marker("drift", name, self.specs), links[name])
            else:
                written = self.of_target(one, DriftReport(view.plans[name]))
            if written.done is not Done.NOTHING:
                yield f"drift issue of {name}", written

    def _fleet(self, fleet: str, view: FleetView, merged: Merged, drifted: Sequence[str]) -> Written:
        mark = self._marker(view, fleet)
        rest = self.tracker.fleet_text(Merged(view, merged.problems), mark)
        where = f"Drift in {fleet}" if fleet else "Drift"
        return self.tracker.issue(mark, f"{where}: {len(drifted)} of {count(len(view.targets), 'target')}", f"{mark}\n{rest}")

    def _marker(self, view: FleetView, fleet: str) -> str:
        return fleet_marker("drift", f"{view.repository}#{fleet}" if fleet else view.repository, self.specs)

    def _gone(self) -> str:
        return f"The drift is gone: {self.tracker.run_url or 'see the last run'}."

    def _gone_from(self, view: FleetView, names: Sequence[str]) -> str:
        """Why the issue of a fleet is closed."""
        left = any(name in view.plans and is_reported(view.plans[name]) for name in names)
        return "Each target that drifted has an issue of its own now." if left else self._gone()


def load_drift(shell: Shell, path: Path) -> tuple[Found, DriftReport] | None:
    """The drift report of one target; None, and a line that says so, if its check failed. Raises UsageError for any other report."""
    found = load_report(shell, path)
    if found.failed:
        tell("the drift check failed; the issue was not changed\n")
        return None
    if not isinstance(found.report, DriftReport):
        raise UsageError(f"{path} is not a drift report", hint="create one with `reconciler drift --report FILE`")
    return found, found.report


def is_usable(merged: Merged, path: Path) -> bool:
    """Whether some target was checked; a line says so if none was. Raises UsageError for any other report than drift."""
    if not merged.view.plans:
        tell("the drift check failed; no issue was changed\n")
        return False
    if merged.view.report != "drift":
        raise UsageError(f"{path} is not a drift report", hint="create one with `reconciler --all drift --report FILE`")
    return True


def numbers_of(merged: Merged) -> Mapping[str, str]:
    """The numbers of targets that drifted, and that could not be checked, as outputs of a step."""
    view = merged.view
    drifted = sum(is_reported(plan) for plan in view.plans.values())
    failed = sum(target.exit_code not in (ExitCode.DONE, ExitCode.DIFFERENT) for target in view.targets)
    return {"drifted": str(drifted), "failed": str(failed)}


def by_fleet(drifted: Sequence[TargetView]) -> Mapping[str, Sequence[str]]:
    """The targets that share an issue, by fleet: none up to ten. Those of no fleet (`""`) share one if they alone are more than ten."""
    if len(drifted) <= MOST:
        return {}
    found: dict[str, list[str]] = {}
    for target in drifted:
        found.setdefault(target.fleet or "", []).append(target.name)
    return {fleet: names for fleet, names in found.items() if fleet or len(names) > MOST}


def _partly_checked(view: FleetView, settings: Settings) -> frozenset[str]:
    """The fleets with targets that a check of all targets has and this one has not; `""` for targets of no fleet."""
    checked = {target.name for target in view.targets}
    others = {name: target for name, target in settings.targets.items() if name not in checked and target.emulator is None}
    every = choose(settings, Selection(everything=True)).names if others else ()
    return frozenset(others[name].fleet or "" for name in every if name in others)


def only_of(view: FleetView, names: Collection[str]) -> FleetView:
    """The view of these targets only."""
    targets = tuple(target for target in view.targets if target.name in names)
    plans = {name: plan for name, plan in view.plans.items() if name in names}
    variants, actions = variants_of(plans)
    return replace(
        view,
        targets=targets,
        plans=plans,
        variants=variants,
        actions=actions,
        summary=summary_of(targets, plans),
        matrix=tuple(
            Row(row.kind, row.key, {name: cell for name, cell in row.cells.items() if name in names}) for row in view.matrix
        ),
        digest=digest_over((name, plan.digest) for name, plan in plans.items() if plan.actions),
    )
