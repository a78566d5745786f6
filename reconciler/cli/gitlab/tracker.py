"""The drift issues on GitLab."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.cli.github.reports import Found
from reconciler.cli.gitlab.markdown import LIMIT, links_to
from reconciler.cli.options.plan import drift_command
from reconciler.cli.shell import Shell
from reconciler.cli.undoing import undo_command
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
        """The report of one target, with both ways out."""
        keys = [action.key for action in view.actions if action.key is not None]
        return render_drift_markdown(
            view,
            links=links_to(self.shell, self.job, view.commit),
            specs=self.shell.scope.specs.as_posix(),
            limit=LIMIT,
            import_command=drift_command(self.shell.scope, found.target, "import", "--drift", *keys),
            apply_command=undo_command(self.shell, view),
        )

    def fleet_text(self, merged: Merged, mark: str) -> str:
        """The table, and each change once."""
        view = merged.view
        given = FleetMarkdown(
            links=links_to(self.shell, self.job, view.commit),
            specs=self.shell.scope.specs.as_posix(),
            limit=LIMIT - size(mark),
            next_step=None,
            problems=merged.problems,
        )
        _, _, rest = render_fleet_markdown(view, given).partition("\n")
        return rest
