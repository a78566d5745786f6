"""The reports of several targets, gathered for one comment."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from reconciler.cli.github.reports import Found, Rendered, load_report
from reconciler.cli.shell import Shell
from reconciler.errors import SettingsError, UsageError
from reconciler.github.event import Event
from reconciler.reports.apply.view import ApplyView
from reconciler.reports.plan.markdown import LIMIT
from reconciler.reports.plan.view import PlanView
from reconciler.reports.problems.view import NoPlanView
from reconciler.reports.report_reading import DriftReport
from reconciler.reports.targets_markdown import TargetReport, marker_of_all, render_targets_markdown
from reconciler.reports.trying.saved import SavedTrials
from reconciler.settings.loading import load_settings


def load_reports(shell: Shell, paths: Sequence[Path]) -> list[Found]:
    """The reports in these files, one for each target. Raises UsageError for two reports of one target, and for one of drift."""
    found = [_load(shell, path, several=len(paths) > 1) for path in paths]
    for one, path in zip(found, paths, strict=True):
        if isinstance(one.report, DriftReport):
            raise UsageError(f"{path} is a drift report", hint="pass a report of plan or apply; drift has `github drift-issue`")
    for (one, first), (other, second) in itertools.combinations(zip(found, paths, strict=True), 2):
        if one.target == other.target:
            raise UsageError(f"{first} and {second} are both for target {one.target!r}", hint="pass one report for each target")
    return found


def has_changes(found: Found) -> bool:
    """Whether the report says more than that there is nothing to do."""
    match found.report:
        case PlanView() as view:
            return bool(view.actions or view.problems)
        case ApplyView() as view:
            return bool(view.error or view.results or view.problems)
        case _:
            return True


def gathered(found: Sequence[Found], shell: Shell, event: Event, trials: SavedTrials | None) -> tuple[str, str]:
    """The marker and the text of the comment: of one target, or of all. Raises UsageError for trials with several reports."""
    if len(found) == 1:
        rendered = Rendered(found[0], shell, event, trials)
        return rendered.marker, rendered.markdown()
    if trials is not None:
        raise UsageError("--trials needs a single REPORT", hint="post the trials with the report of one target")
    specs = shell.scope.specs.as_posix()
    reports = [_target_report(one, shell, event) for one in found]
    return marker_of_all(specs), render_targets_markdown(reports, specs, LIMIT)


def _target_report(found: Found, shell: Shell, event: Event) -> TargetReport:
    """The report, to be rendered with those of other targets."""
    weight = 0 if found.conclusion == "failure" else 1 if has_changes(found) else 2
    return TargetReport(found.target, weight, Rendered(found, shell, event).markdown)


def _load(shell: Shell, path: Path, *, several: bool) -> Found:
    found = load_report(shell, path)
    return replace(found, target=_named_by(shell, path)) if several and isinstance(found.report, NoPlanView) else found


def _named_by(shell: Shell, path: Path) -> str:
    """The target of a report without a plan, which does not name it: the one that its file's name ends with."""
    try:
        targets = sorted(load_settings(shell.scope.specs).targets, key=len, reverse=True)
    except SettingsError:
        targets = []
    return next((name for name in targets if path.stem == name or path.stem.endswith(f"-{name}")), path.stem)
