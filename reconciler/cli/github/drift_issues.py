"""The drift issues of several targets: one for each that drifted, and beyond ten one for each fleet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from msgspec.structs import replace

from reconciler.cli.github.merged import MergedRendering
from reconciler.cli.github.reports import Found, Rendered
from reconciler.cli.shell import Shell
from reconciler.desired.git.branch import Branch
from reconciler.errors import ExitCode, count
from reconciler.github.apply_runs import ApplyRuns
from reconciler.github.checks import CheckRuns
from reconciler.github.comments import Done, Keeper, Written
from reconciler.github.event import Event
from reconciler.planning.fleet import digest_over
from reconciler.reports.drift.view import is_reported
from reconciler.reports.fleet.making import summary_of, variants_of
from reconciler.reports.fleet.merging import Merged
from reconciler.reports.fleet.view import FleetView, Row, TargetView
from reconciler.reports.plan.markdown import LIMIT
from reconciler.reports.report_reading import DriftReport
from reconciler.reports.sinks.markdown import fleet_marker, marker, size

MOST: Final = 10
"""Targets that drifted up to which each has its own issue."""


@dataclass(frozen=True, slots=True)
class DriftIssues:
    """Keeps the issues. `among` are the open ones, read once."""

    shell: Shell
    event: Event
    keeper: Keeper
    among: Sequence[dict[str, Any]] | None = None
    branches: dict[str, Branch] = field(default_factory=dict)

    @property
    def specs(self) -> str:
        """The folder of the spec files, which is in each marker."""
        return self.shell.scope.specs.as_posix()

    def of_target(self, found: Found, report: DriftReport) -> Written:
        """Open, update or close the issue of one target. Raises ServiceError."""
        rendered = Rendered(found, self.shell, self.event)
        if not is_reported(report.view):
            return self.keeper.close(rendered.marker, self._gone(), self.among)
        commit = report.view.commit or self.event.commit
        branch = self.branches.setdefault(commit, Branch.of(self.shell.scope.specs, commit))
        checks = CheckRuns(self.keeper.github, self.event.run_url, self.keeper.author)
        runs = ApplyRuns.of(checks, found.target, self.specs, branch).section(report.view.overdue)
        body = rendered.markdown(LIMIT - size(runs) - 2).rstrip("\n")
        text = "\n\n".join(part for part in (body, runs) if part) + "\n"
        return self.keeper.issue(rendered.marker, found.title, text, self.among)

    def of_several(self, merged: Merged) -> Iterator[tuple[str, Written]]:
        """Open, update or close the issues of all targets, and say what each is about. Raises ServiceError.

        Of a target whose check failed, no issue is changed: neither its own, nor one of its fleet is closed.
        """
        view = merged.view
        found = {name: Found(DriftReport(plan), name, "apply") for name, plan in view.plans.items()}
        unsure = {target.name for target in view.targets if target.name not in found or found[target.name].failed}
        shared = by_fleet([target for target in view.targets if target.name in found and is_reported(view.plans[target.name])])
        links: dict[str, str] = {}
        for fleet in sorted({target.fleet or "" for target in view.targets}):
            names = [target.name for target in view.targets if (target.fleet or "") == fleet]
            if fleet in shared:
                written = self._fleet(fleet, only_of(view, names), merged, shared[fleet])
                links |= dict.fromkeys(shared[fleet], f"The drift is in {written.url or 'the issue for several targets'}.")
            elif unsure.isdisjoint(names):
                written = self.keeper.close(self._marker(view, fleet), self._gone_from(view, names), self.among)
            else:
                continue
            if written.done is not Done.NOTHING:
                yield f"drift issue of {fleet or 'several targets'}", written
        for name, one in found.items():
            if name in unsure:
                continue
            if name in links:
                written = self.keeper.close(marker("drift", name, self.specs), links[name], self.among)
            else:
                written = self.of_target(one, DriftReport(view.plans[name]))
            if written.done is not Done.NOTHING:
                yield f"drift issue of {name}", written

    def _fleet(self, fleet: str, view: FleetView, merged: Merged, drifted: Sequence[str]) -> Written:
        mark = self._marker(view, fleet)
        rendering = MergedRendering(Merged(view, merged.problems), self.shell, self.event)
        _, _, rest = rendering.markdown(LIMIT - size(mark)).partition("\n")
        where = f"Drift in {fleet}" if fleet else "Drift"
        return self.keeper.issue(
            mark, f"{where}: {len(drifted)} of {count(len(view.targets), 'target')}", f"{mark}\n{rest}", self.among
        )

    def _marker(self, view: FleetView, fleet: str) -> str:
        return fleet_marker("drift", f"{view.repository}#{fleet}" if fleet else view.repository, self.specs)

    def _gone(self) -> str:
        return f"The drift is gone: {self.event.run_url or 'see the last run'}."

    def _gone_from(self, view: FleetView, names: Sequence[str]) -> str:
        """Why the issue of a fleet is closed."""
        left = any(name in view.plans and is_reported(view.plans[name]) for name in names)
        return "Each target that drifted has an issue of its own now." if left else self._gone()


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
