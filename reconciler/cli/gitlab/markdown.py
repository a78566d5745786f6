"""A report as the Markdown of a note on a merge request."""

from __future__ import annotations

from typing import Final

from reconciler.cli.github.reports import Found
from reconciler.cli.shell import Shell
from reconciler.errors import UsageError
from reconciler.github.links import RepositoryLinks
from reconciler.gitlab.pipeline import COMMIT, Job
from reconciler.reports.apply.markdown import render_apply_markdown, render_failure_markdown
from reconciler.reports.apply.view import ApplyView
from reconciler.reports.fleet.markdown import FleetMarkdown, render_fleet_markdown
from reconciler.reports.fleet.merging import Merged
from reconciler.reports.plan.markdown import render_plan_markdown
from reconciler.reports.plan.view import PlanView
from reconciler.reports.problems.view import NoPlanView
from reconciler.reports.sinks.markdown import FileLinks, code, fleet_marker, marker, no_links

LIMIT: Final = 200_000
"""Bytes of a note or an issue; GitLab accepts 1,000,000 characters."""


def note_marker(shell: Shell, found: Found) -> str:
    """The hidden line that identifies the note of this target and specs folder."""
    return marker("plan", found.target, shell.scope.specs.as_posix())


def note_markdown(shell: Shell, job: Job, found: Found) -> str:
    """The report in at most 200,000 bytes. Raises UsageError for a report that is neither a plan, an apply, nor a failure."""
    specs = shell.scope.specs.as_posix()
    match found.report:
        case NoPlanView() as view:
            return render_failure_markdown(view, target=found.target, specs=specs, limit=LIMIT, run_url=job.url)
        case ApplyView() as view:
            links = links_to(shell, job, view.plan.commit if view.plan else None)
            return render_apply_markdown(view, links=links, specs=specs, limit=LIMIT, commit=job.commit, run_url=job.url)
        case PlanView() as view:
            step = None if view.errors or not view.actions else f"Merging allows exactly this plan for {code(view.target.name)}."
            return render_plan_markdown(view, links=links_to(shell, job, view.commit), specs=specs, limit=LIMIT, next_step=step)
        case _:
            raise UsageError("this report has no note", hint="pass a file that plan or apply wrote with --report")


def merged_note(shell: Shell, job: Job, found: Merged) -> tuple[str, str]:
    """The marker and the text of the note for all targets, in at most 200,000 bytes."""
    view, specs = found.view, shell.scope.specs.as_posix()
    is_allowed = view.report == "plan" and not found.failed and view.summary.to_do
    step = "Merging allows exactly these plans." if is_allowed else None
    given = FleetMarkdown(
        links=links_to(shell, job, view.commit), specs=specs, limit=LIMIT, next_step=step, problems=found.problems
    )
    is_apply = view.report == "apply"  # of one job: another job applies to other targets
    mark = marker("apply", view.targets[0].name, specs) if is_apply else fleet_marker("plan", view.repository, specs)
    _, newline, rest = render_fleet_markdown(view, given).partition("\n")
    return mark, f"{mark}{newline}{rest}"


def links_to(shell: Shell, job: Job, commit: str | None) -> FileLinks:
    """Links to files at this commit, else at that of the job."""
    at = commit or job.commit
    if job.project_url is None or not COMMIT.fullmatch(at):
        return no_links
    return RepositoryLinks(f"{job.project_url}/-/blob/{at}", shell.environ)
