"""The reports of several jobs, merged for one comment, job summary and check run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from reconciler.cli.files import MAX_REPORT
from reconciler.cli.github.reports import trials_markdown
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.by_hand import workflow_of
from reconciler.desired.git.branch import Branch
from reconciler.disk import read_regular
from reconciler.documents.json_text import NotJson, decode
from reconciler.errors import Problem, ReconcilerError, Severity, UsageError, count
from reconciler.github.applied_record import applied_record_of
from reconciler.github.checks import MAX_TEXT, Conclusion
from reconciler.github.checks import Report as CheckReport
from reconciler.github.event import Event
from reconciler.github.fleet_record import fleet_record_of
from reconciler.github.links import links_of
from reconciler.observing.belonging import specs_of_targets
from reconciler.reports.apply.by_hand import problem_on_github
from reconciler.reports.fleet.columns import TARGET_WORDS, by_state
from reconciler.reports.fleet.markdown import FleetMarkdown, render_fleet_markdown
from reconciler.reports.fleet.merging import Broken, Expected, Merged, Part, merged
from reconciler.reports.fleet.reading import is_fleet, read_fleet
from reconciler.reports.fleet.view import FleetView, SelectionView, TargetState
from reconciler.reports.problems.view import ProblemView, problem_view
from reconciler.reports.report_reading import Report, read_report
from reconciler.reports.sinks.markdown import code, fleet_marker, link, marker, no_links, size
from reconciler.reports.targets_markdown import marker_of_all
from reconciler.reports.trying.saved import SavedTrials
from reconciler.settings.choosing import Chosen, choose
from reconciler.settings.loading import load_settings
from reconciler.settings.selection import Selection
from reconciler.settings.targets import Settings

_NAMED: Final = 3
_ALL: Final = Selection(everything=True)


def load_merged(shell: Shell, paths: Sequence[Path]) -> Merged:
    """The reports in these files as one. Targets that are expected, and in no report, have failed.

    Expected are the targets that the command line chooses, or else all but emulators. Raises SettingsError, and UsageError if there is
    neither an expected target nor a reported one.
    """
    settings = load_settings(shell.scope.specs)
    parts = [Part(path.name, _load(path)) for path in paths]
    chosen = _chosen(shell, settings)
    alone = sorted({name for part in parts if (name := _target_of(part.view)) is not None and name in settings.targets})
    selection = shell.selection
    expected = Expected(
        settings,
        SelectionView(
            all=(chosen is not None and selection.is_one and not selection.targets) or selection.everything,
            targets=selection.targets,
            groups=selection.groups,
            excluded=selection.excluded,
            left_out=chosen.left_out if chosen is not None else (),
        ),
        chosen.names if chosen is not None else (),
        specs_of_targets(shell.scope.specs, settings, alone) if alone else {},
    )
    found = merged(parts, expected)
    if not found.view.targets:
        raise UsageError("no report has a target, and none is expected", hint="pass reports of plan, apply or drift, or --target")
    return found


def _chosen(shell: Shell, settings: Settings) -> Chosen | None:
    """The targets that must be there; None if nothing was chosen and all targets are emulators."""
    selection = shell.selection
    if not selection.is_one:
        return choose(settings, selection)
    if selection.targets:
        return Chosen((settings.target_name(selection.targets[0]),))
    if all(target.emulator is not None for target in settings.targets.values()):
        return None
    return choose(settings, _ALL)


def _load(path: Path) -> FleetView | Report | Broken:
    try:
        data = read_regular(path, MAX_REPORT)
    except OSError as error:
        return Broken(path.name, f"it cannot be read: {error.strerror or error}", "check that its job uploaded it")
    try:
        return read_fleet(data, "it") if is_fleet(decode(data)) else read_report(data, "it")
    except NotJson as error:
        return Broken(path.name, f"it is not a report: {error}", "pass files that --report wrote")
    except ReconcilerError as error:
        return Broken(path.name, error.message, error.hint)


def _target_of(report: FleetView | Report | Broken) -> str | None:
    """The target of the report of one target."""
    at = getattr(getattr(report, "view", report), "target", None)
    return getattr(at, "name", None)


class MergedRendering:
    """Merged reports, ready to be rendered for GitHub."""

    def __init__(self, found: Merged, shell: Shell, event: Event, trials: SavedTrials | None = None) -> None:
        self.found, self._shell, self._event, self._trials = found, shell, event, trials

    @property
    def specs(self) -> str:
        return self._shell.scope.specs.as_posix()

    @property
    def marker(self) -> str:
        """The hidden line that identifies the comment. An apply of one job has its own: another job applies to other targets."""
        if self._applied:
            return marker("apply", self.found.view.targets[0].name, self.specs)
        kind = "drift" if self.found.view.report == "drift" else "plan"
        return fleet_marker(kind, self.found.view.repository, self.specs)

    @property
    def _applied(self) -> bool:
        return self.found.view.report == "apply"

    @property
    def conclusion(self) -> Conclusion:
        return "failure" if self.found.failed else "success"

    @property
    def title(self) -> str:
        """A line with the number of targets in each state."""
        view = self.found.view
        said = [f"{len(names)} {TARGET_WORDS[state]}" for state, names in by_state(view.targets).items()]
        return f"{count(len(view.targets), 'target')}: {', '.join(said)}"

    @property
    def has_changes(self) -> bool:
        """Whether there is more to say than that nothing is to do."""
        view = self.found.view
        quiet = all(target.state is TargetState.IN_SYNC for target in view.targets)
        return not quiet or bool(self.found.problems) or any(plan.problems for plan in view.plans.values())

    def markdown(self, limit: int) -> str:
        """The report in at most `limit` bytes. Trials are at its end, or at its beginning if one failed."""
        more = trials_markdown(self._shell.environ, self._trials, limit // 4)
        if not more or self._trials is None:
            return self._report(limit)
        text = self._report(limit - size(more) - 2)
        if self._trials.outcome == "held":
            return f"{text}\n{more}\n"
        first, _, rest = text.partition("\n")
        return f"{first}\n\n{more}\n{rest}"

    def check_report(self, limit: int) -> CheckReport:
        """The report for a check run; one of plans includes their outlines, one of applies how each target ended."""
        view = self.found.view
        text = fleet_record_of(view, base=self._base) if view.report == "plan" else applied_record_of(view)
        return CheckReport(self.title, self.markdown(min(limit, MAX_TEXT)), text)

    @property
    def _base(self) -> str | None:
        """The commit of the branch that the planned checkout contained."""
        return Branch.of(self._shell.scope.specs, self._event.commit).first_parent()

    def folded(self, url: str | None) -> dict[str, str]:
        """The comments of single targets, by their markers, and what is in them now: a link to the one for all."""
        if self._applied:
            return {}
        said = f"The plan is in {link('the comment for all targets', url)}."
        settings = load_settings(self._shell.scope.specs)
        texts = {
            marker("plan", name, self.specs): f"{marker('plan', name, self.specs)}\n\n{code(name)}: {said}\n"
            for name in settings.targets
        }
        every = marker_of_all(self.specs)
        return texts | {every: f"{every}\n\n{said}\n"}

    def _report(self, limit: int) -> str:
        view = self.found.view
        given = FleetMarkdown(
            links=links_of(self._shell.environ, view.commit) or no_links,
            specs=self.specs,
            limit=limit - size(self.marker),
            next_step=self._next_step(),
            problems=self.found.problems,
        )
        _, newline, rest = render_fleet_markdown(view, given).partition("\n")
        return f"{self.marker}{newline}{rest}"

    def _next_step(self) -> str | None:
        pull, default = self._event.pull_request, self._event.default_branch
        is_applied = pull is not None and (default is None or pull.into in ("", default))
        if self.found.failed or self.found.view.report != "plan" or not is_applied:
            return None
        return "Merging applies exactly these plans." if self.found.view.summary.to_do else None

    @property
    def problems(self) -> tuple[ProblemView, ...]:
        """What to annotate, each once with the targets that have it; what hides a target comes first."""
        return tuple(self._problems())

    def _problems(self) -> Iterator[ProblemView]:
        yield from self.found.problems
        view = self.found.view
        for target in view.targets:
            if target.why is not None:
                yield problem_view(Problem(Severity.ERROR, "no-report", f"{target.name} failed: {target.why}", hint=target.hint))
        shared: dict[ProblemView, list[str]] = {}
        for name, plan in view.plans.items():
            for problem in plan.problems:
                shared.setdefault(problem, []).append(name)
        for problem, names in shared.items():
            yield _in_targets(
                problem_on_github(problem, names[0], workflow=workflow_of(self._shell.environ)), names, len(view.targets)
            )


def _in_targets(problem: ProblemView, names: Sequence[str], of: int) -> ProblemView:
    from msgspec.structs import replace

    if len(names) == of:
        return problem
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return replace(problem, message=f"{problem.message} (in {', '.join(names[:_NAMED])}{more})")
