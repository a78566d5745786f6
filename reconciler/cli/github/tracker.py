"""The drift issues on GitHub."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from reconciler.cli.github.merged import MergedRendering
from reconciler.cli.github.reports import Found, Rendered
from reconciler.cli.shell import Shell
from reconciler.desired.git.branch import Branch
from reconciler.github.applied_record import applies_of
from reconciler.github.apply_runs import ApplyRuns, section_of_several
from reconciler.github.checks import CheckRuns
from reconciler.github.comments import Keeper
from reconciler.github.event import Event
from reconciler.http.code_hosts import Fields
from reconciler.reports.fleet.merging import Merged
from reconciler.reports.kept import Written
from reconciler.reports.plan.markdown import LIMIT
from reconciler.reports.plan.view import PlanView
from reconciler.reports.sinks.markdown import size


@dataclass(frozen=True, slots=True)
class GitHubTracker:
    """Keeps issues on GitHub. `among` are the open ones, read once."""

    shell: Shell
    event: Event
    keeper: Keeper
    among: Sequence[Fields] | None = None
    branches: dict[str, Branch] = field(default_factory=dict)

    @property
    def run_url(self) -> str | None:
        """The page of this run."""
        return self.event.run_url

    def issue(self, mark: str, title: str, body: str) -> Written:
        """Open the issue with this marker, or update it if it differs. Raises ServiceError."""
        return self.keeper.issue(mark, title, body, self.among)

    def close(self, mark: str, reason: str) -> Written:
        """Close the issue with this marker; does nothing if none is open. Raises ServiceError."""
        return self.keeper.close(mark, reason, self.among)

    def target_text(self, found: Found, view: PlanView) -> str:
        """The report, and what the applies of commits did that are not applied."""
        runs = self._runs(found.target, view.commit).section(view.overdue)
        body = Rendered(found, self.shell, self.event).markdown(LIMIT - size(runs) - 2).rstrip("\n")
        return "\n\n".join(part for part in (body, runs) if part) + "\n"

    def fleet_text(self, merged: Merged, mark: str) -> str:
        """The table, each change once, and what the applies of commits did that are not applied."""
        plans = merged.view.plans
        late = {name: plan.overdue for name, plan in plans.items()}
        runs = section_of_several(late, lambda target: self._runs(target, plans[target].commit))
        limit = LIMIT - size(mark) - size(runs) - 2
        _, _, rest = MergedRendering(merged, self.shell, self.event).markdown(limit).partition("\n")
        return f"{rest.rstrip()}\n\n{runs}\n" if runs else rest

    def _runs(self, target: str, planned: str | None) -> ApplyRuns:
        commit = planned or self.event.commit
        branch = self.branches.setdefault(commit, Branch.of(self.shell.scope.specs, commit))
        checks = CheckRuns(self.keeper.github, self.event.run_url, self.keeper.author)
        return ApplyRuns(partial(applies_of, checks, target, self.shell.scope.specs.as_posix()), branch)
