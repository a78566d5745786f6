"""The drift issues on GitLab."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from reconciler.cli.github.reports import Found
from reconciler.cli.gitlab.markdown import LIMIT, links_to
from reconciler.cli.shell import Shell
from reconciler.cli.undoing import keep_command, undo_command
from reconciler.desired.git.branch import Branch
from reconciler.github.apply_runs import ApplyRuns, section_of_several
from reconciler.gitlab.apply_jobs import ApplyJobs
from reconciler.gitlab.issues import IssueKeeper
from reconciler.gitlab.pipeline import Job
from reconciler.reports.drift.markdown import render_drift_markdown
from reconciler.reports.fleet.markdown import FleetMarkdown, render_fleet_markdown
from reconciler.reports.fleet.merging import Merged
from reconciler.reports.kept import Written
from reconciler.reports.plan.view import PlanView
from reconciler.reports.sinks.markdown import size


@dataclass(frozen=True, slots=True)
class GitLabTracker:
    """Keeps issues on GitLab."""

    shell: Shell
    job: Job
    keeper: IssueKeeper
    applies: ApplyJobs
    branches: dict[str, Branch] = field(default_factory=dict)

    @property
    def run_url(self) -> str | None:
        """The page of this job."""
        return self.job.url

    def issue(self, mark: str, title: str, body: str) -> Written:
        """Open the issue with this marker, or update it if it differs. Raises ServiceError."""
        return self.keeper.issue(mark, title, body)

    def close(self, mark: str, reason: str) -> Written:
        """Close the issue with this marker; does nothing if none is open. Raises ServiceError."""
        return self.keeper.close(mark, reason)

    def target_text(self, found: Found, view: PlanView) -> str:
        """The report of one target, with both ways out, and what the applies of commits did that are not applied."""
        runs = self._runs(found.target, view.commit).section(view.overdue)
        body = render_drift_markdown(
            view,
            links=links_to(self.shell, self.job, view.commit),
            specs=self.shell.scope.specs.as_posix(),
            limit=LIMIT - size(runs) - 2,
            import_command=keep_command(self.shell.scope, view),
            apply_command=undo_command(self.shell, view),
        )
        return f"{body.rstrip()}\n\n{runs}\n" if runs else body

    def fleet_text(self, merged: Merged, mark: str) -> str:
        """The table, each change once, and what the applies of commits did that are not applied."""
        view = merged.view
        late = {name: plan.overdue for name, plan in view.plans.items()}
        runs = section_of_several(late, lambda target: self._runs(target, view.plans[target].commit))
        given = FleetMarkdown(
            links=links_to(self.shell, self.job, view.commit),
            specs=self.shell.scope.specs.as_posix(),
            limit=LIMIT - size(mark) - size(runs) - 2,
            next_step=None,
            problems=merged.problems,
        )
        _, _, rest = render_fleet_markdown(view, given).partition("\n")
        return f"{rest.rstrip()}\n\n{runs}\n" if runs else rest

    def _runs(self, target: str, planned: str | None) -> ApplyRuns:
        commit = planned or self.job.commit
        branch = self.branches.setdefault(commit, Branch.of(self.shell.scope.specs, commit))
        return ApplyRuns(partial(self.applies.of, target), branch)
