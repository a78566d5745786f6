"""A report that `--report` wrote, prepared for GitHub: its subject, its conclusion, and its Markdown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from reconciler.cli.by_action import is_gated
from reconciler.cli.files import MAX_REPORT
from reconciler.cli.github.proofs import conclusion_of, key_of, problems_of_proof, proof_markdown, title_of
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.by_hand import workflow_of
from reconciler.cli.undoing import keep_command, undo_command
from reconciler.desired.git.branch import Branch
from reconciler.disk import read_regular
from reconciler.errors import Problem, SettingsError, Severity, UsageError, count
from reconciler.github.checks import Conclusion, Purpose
from reconciler.github.checks import Report as CheckReport
from reconciler.github.event import Event
from reconciler.github.links import links_of
from reconciler.github.record import record_of
from reconciler.proving.report import NotProved, ProveReport
from reconciler.reports.apply.by_hand import (
    APPLY,
    Workflow,
    apply_on_github,
    plan_on_github,
    problem_on_github,
    same_plan,
    way_past,
)
from reconciler.reports.apply.markdown import render_apply_markdown, render_failure_markdown
from reconciler.reports.apply.view import ApplyView
from reconciler.reports.drift.markdown import render_drift_markdown
from reconciler.reports.plan.markdown import LIMIT, render_plan_markdown
from reconciler.reports.plan.outline import reviewed_outline
from reconciler.reports.plan.view import PlanView
from reconciler.reports.problems.view import AnyProblem, ErrorView, NoPlanView, ProblemView, problem_view
from reconciler.reports.proving.saved import without_proof
from reconciler.reports.report_reading import DriftReport, Report, read_report
from reconciler.reports.sinks.markdown import code, fence, marker, no_links, size
from reconciler.reports.sinks.phrases import spec_words, summary_words
from reconciler.reports.trying.comment import trials_section
from reconciler.reports.trying.saved import SavedTrials
from reconciler.settings.loading import load_settings
from reconciler.settings.scope import Scope

_COMMAND: Final = 1_000
"""Bytes of a command; a longer one is left out, because a truncated command does not work."""
_LOST: Final = ErrorView("no-report", "the command ended before it wrote its report", "check its log")


@dataclass(frozen=True, slots=True)
class Found:
    """A report and its target. `purpose` is the purpose of the run."""

    report: Report
    target: str
    purpose: Purpose
    workflow: Workflow = APPLY

    @property
    def key(self) -> str:
        """The spec that a proof is about; empty for a report about all specs."""
        return key_of(self.report) if isinstance(self.report, ProveReport | NotProved) else ""

    @property
    def failed(self) -> bool:
        """Whether it has no plan, or errors that may hide drift."""
        match self.report:
            case NoPlanView():
                return True
            case DriftReport(view):
                return bool(view.errors) and not view.actions and not view.overdue
            case _:
                return False

    @property
    def digest(self) -> str | None:
        """The digest of the plan; None if there is no plan, or if it was refused."""
        match self.report:
            case NoPlanView() | DriftReport() | ProveReport() | NotProved():
                return None
            case ApplyView() as view:
                return None if view.error else view.digest
            case view:
                return None if view.errors else view.digest

    @property
    def conclusion(self) -> Conclusion:
        match self.report:
            case ApplyView() as view:
                return "success" if view.converged else "failure"
            case NoPlanView():
                return "failure"
            case ProveReport() | NotProved() as proof:
                return conclusion_of(proof)
            case DriftReport(view):
                return "neutral" if view.actions or view.overdue else "success"
            case view:
                return "failure" if view.errors else "success"

    @property
    def problems(self) -> tuple[ProblemView, ...]:
        """The problems to annotate, with hints that work on GitHub; the error that ended the command comes first."""
        if self.purpose == "prove":
            return tuple(map(problem_view, self._problems))
        return tuple(problem_on_github(problem, self.target, workflow=self.workflow) for problem in self._problems)

    @property
    def _problems(self) -> tuple[AnyProblem, ...]:
        match self.report:
            case DriftReport(view):
                return view.problems
            case ApplyView() as view:
                return (*_ending(view.error), *_failures(view), *view.problems)
            case NoPlanView() as view:
                return (*_ending(view.error), *view.problems)
            case ProveReport() | NotProved() as proof:
                return problems_of_proof(proof, self.workflow)
            case view:
                return view.problems

    @property
    def title(self) -> str:
        """A one-line title."""
        match self.report:
            case ApplyView() as view:
                return "refused; nothing was written" if view.error else view.while_waiting or _converged(view)
            case NoPlanView():
                return "no plan could be made"
            case ProveReport() | NotProved() as proof:
                return title_of(proof)
            case DriftReport(view):
                if view.overdue and not view.actions:
                    return f"Not applied in {view.target.name}: {count(len(view.overdue), 'spec')}"
                late = f", {count(len(view.overdue), 'spec')} not applied" if view.overdue else ""
                return f"Drift in {view.target.name}: {count(len(view.actions), 'spec')}{late}"
            case view:
                return summary_words(view.summary)


def load_report(shell: Shell, path: Path, proof: str | None = None) -> Found:
    """The report in this file; for a missing file, a report that says so. Raises UsageError if the file cannot be read.

    With `proof`, the key of a source, a report of a failure says why there is no proof of it.
    """
    return replace(_loaded(shell, path, proof), workflow=workflow_of(shell.environ))


def _loaded(shell: Shell, path: Path, proof: str | None) -> Found:
    purpose: Purpose = (
        "plan" if shell.environ.get("GITHUB_EVENT_NAME", "").startswith(("pull_request", "merge_group")) else "apply"
    )
    try:
        report = read_report(read_regular(path, MAX_REPORT), str(path))
    except FileNotFoundError:
        report = NoPlanView(_LOST, ())
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}", hint="pass a file that --report wrote") from None
    match report:
        case ProveReport():
            return Found(report, report.target.name, "prove")
        case NotProved():
            return Found(report, _target(shell.scope), "prove")
        case NoPlanView() if proof is not None:
            return Found(without_proof(proof, report), _target(shell.scope), "prove")
        case NoPlanView():
            return Found(report, _target(shell.scope), purpose)
        case DriftReport(view):
            return Found(report, view.target.name, purpose)
        case ApplyView():
            return Found(report, report.target.name, "apply")
        case _:
            return Found(report, report.target.name, "plan")


def _target(scope: Scope) -> str:
    """The target of a command that failed before it had a plan."""
    if scope.target is not None:
        return scope.target
    try:
        return load_settings(scope.specs).default_target or "default"
    except SettingsError:
        return "default"


def _converged(view: ApplyView) -> str:
    return "converged" if view.converged else "not converged"


def _ending(error: ErrorView | None) -> tuple[Problem, ...]:
    return (Problem(Severity.ERROR, error.code, error.message, hint=error.hint),) if error else ()


def _failures(view: ApplyView) -> tuple[Problem, ...]:
    """The errors of single specs, at their lines in the plan."""
    places = (
        {(action.kind, action.key, action.id): (action.file, action.line) for action in view.plan.actions} if view.plan else {}
    )
    found = []
    for result in view.results:
        if result.error is None:
            continue
        file, line = (
            places.get((result.kind, result.key, result.id)) or places.get((result.kind, result.key, None)) or (None, None)
        )
        message = f"{spec_words(result.kind, result.key, result.name)}: {result.error.message}"
        found.append(Problem(Severity.ERROR, result.error.code, message, file, line, hint=result.error.hint))
    return tuple(found)


def trials_markdown(environ: Mapping[str, str], trials: SavedTrials | None, room: int) -> str:
    """The trials as a section of at most `room` bytes; empty without trials, and if no source has a recording."""
    if trials is None:
        return ""
    return trials_section(trials, links_of(environ, None) or no_links, room)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A report, ready to be rendered for GitHub, with the recorded trials of its spec files, if any."""

    found: Found
    shell: Shell
    event: Event
    trials: SavedTrials | None = None

    @property
    def specs(self) -> str:
        return self.shell.scope.specs.as_posix()

    @property
    def marker(self) -> str:
        """The hidden line that identifies a comment or issue with this report."""
        return marker("drift" if isinstance(self.found.report, DriftReport) else "plan", self.found.target, self.specs)

    def check_report(self, limit: int) -> CheckReport:
        """The report for a check run; a plan includes its outline."""
        report = self.found.report
        text = (
            ""
            if isinstance(report, DriftReport | ApplyView | NoPlanView | ProveReport | NotProved)
            else record_of(replace(reviewed_outline(report), base=self._base(report.target.name)))
        )
        return CheckReport(self.found.title, self.markdown(limit), text)

    def _base(self, target: str) -> str | None:
        """The commit of the branch that this plan contained, for a target whose actions are reviewed one by one."""
        try:
            gated = is_gated(load_settings(self.shell.scope.specs), target)
        except SettingsError:
            return None
        return Branch.of(self.shell.scope.specs, self.event.commit).first_parent() if gated else None

    def markdown(self, limit: int = LIMIT) -> str:
        """The report in at most `limit` bytes. Trials are at its end, or at its beginning if one failed."""
        more = trials_markdown(self.shell.environ, self.trials, limit // 4)
        if not more or self.trials is None:
            return self._report(limit)
        text = self._report(limit - size(more) - 2)
        if self.trials.outcome == "held":
            return f"{text}\n{more}\n"
        first, _, rest = text.partition("\n")
        return f"{first}\n\n{more}\n{rest}"

    def _report(self, limit: int) -> str:
        environ, specs, run_url = self.shell.environ, self.specs, self.event.run_url
        match self.found.report:
            case ProveReport() | NotProved() as proof:
                place = links_of(environ, None) or no_links
                return proof_markdown(proof, self.found.target, self.event, place, limit, self.found.workflow)
            case NoPlanView() as view:
                return render_failure_markdown(view, target=self.found.target, specs=specs, limit=limit, run_url=run_url)
            case ApplyView() as view:
                links = links_of(environ, view.plan.commit if view.plan else None) or no_links
                commit = self.event.commit
                return render_apply_markdown(
                    apply_on_github(view, self.found.workflow),
                    links=links,
                    specs=specs,
                    limit=limit,
                    commit=commit,
                    run_url=run_url,
                )
            case DriftReport(view):
                links = links_of(environ, view.commit) or no_links
                keep = keep_command(self.shell.scope, view)
                undo = undo_command(self.shell, view)
                return render_drift_markdown(view, links=links, specs=specs, limit=limit, import_command=keep, apply_command=undo)
            case view:
                links = links_of(environ, view.commit) or no_links
                return render_plan_markdown(
                    plan_on_github(view, self.found.workflow),
                    links=links,
                    specs=specs,
                    limit=limit,
                    next_step=self._next_step(view),
                )

    def _next_step(self, view: PlanView) -> str | None:
        if self.event.name == "workflow_dispatch" and not view.errors:
            return f"To apply exactly this plan:\n\n{fence([same_plan(view, self.event.flags, self.found.workflow)], 'sh')}"
        if self._is_applied(view):
            return f"Merging applies exactly this plan to {code(view.target.name)}."
        command = way_past(view, self.found.workflow)
        if command is None or size(command) > _COMMAND:
            return None
        said = "To apply it anyway, merge, then run the workflow by hand twice. The first run shows the plan and its digest;"
        return f"{said} pass the digest to the second with `-f digest=DIGEST`:\n\n{fence([command], 'sh')}"

    def _is_applied(self, view: PlanView) -> bool:
        """Whether merging applies this plan: it has no errors, and the pull request targets the default branch."""
        pull, default = self.event.pull_request, self.event.default_branch
        return not view.errors and pull is not None and (default is None or pull.into in ("", default))
