"""The targets of an apply over several, and how each ended, as the text of its check run. It is parsed strictly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal, TypeAlias

import msgspec

from reconciler.errors import ExitCode, GitHubError
from reconciler.github.checks import FLEET, CheckRun, CheckRuns, CheckScope
from reconciler.github.record import NotARecord, json_in, one_line
from reconciler.reports.fleet.view import FleetView, TargetState

Ended: TypeAlias = Literal["success", "failure"]

_INTRODUCTION: Final = "How the apply of each target ended.\n\n"
_FORMAT: Final = 1
_NOT_BEGUN: Final = frozenset({TargetState.BLOCKED, TargetState.NOT_STARTED})


class _Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: int
    applied: Mapping[str, Ended]


def applied_record_of(view: FleetView) -> str:
    """The text for an apply over several targets; those that were not begun are left out."""
    ended: dict[str, Ended] = {
        target.name: "success" if target.exit_code == ExitCode.DONE else "failure"
        for target in view.targets
        if target.state not in _NOT_BEGUN
    }
    return f"{_INTRODUCTION}```json\n{one_line(msgspec.to_builtins(_Record(_FORMAT, ended)))}\n```\n"


def read_applied_record(text: str) -> Mapping[str, Ended]:
    """How the apply of each target ended. Raises NotARecord."""
    record = json_in(text, _Record)
    if record.format != _FORMAT:
        raise NotARecord(f"it has format {record.format}, but this reconciler reads {_FORMAT}")
    return record.applied


def applies_of(checks: CheckRuns, target: str, specs: str, commit: str) -> list[CheckRun]:
    """The applies of this target at this commit, newest first, each with its own conclusion: alone, or with other targets.

    Raises ServiceError.
    """
    own = checks.of(CheckScope("apply", target, specs), commit) if target != FLEET else []
    several = [_of_target(run, target) for run in checks.of(CheckScope("apply", FLEET, specs), commit)]
    return sorted((*own, *(run for run in several if run is not None)), key=lambda run: run.id, reverse=True)


def _of_target(run: CheckRun, target: str) -> CheckRun | None:
    """The run, as that of this target; None if it is not about it. A target may be called `fleet`, and have runs of that name.

    Raises GitHubError for a run over several targets that cannot be read, because it may be about this one.
    """
    try:
        ended = read_applied_record(run.text).get(target)
    except NotARecord as reason:
        if run.text.startswith(_INTRODUCTION.rstrip()):
            raise GitHubError(
                f"the check run {run.id} does not say how the apply of each target ended: {reason}",
                hint="run the apply again; all jobs must use one version of reconciler",
            ) from None
        return run if target == FLEET else None
    return replace(run, conclusion=ended) if ended is not None else None
