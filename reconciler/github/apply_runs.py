"""What became of the apply of a commit: the run that failed, or that there was none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reconciler.errors import ServiceError
from reconciler.github.checks import CheckRun, CheckRuns, CheckScope
from reconciler.planning.overdue import Overdue
from reconciler.reports.sinks.markdown import bullet, code, link

_MOST: Final = 10
"""Commits that are asked about."""
_SHORT: Final = 10


def apply_runs_section(checks: CheckRuns, target: str, specs: str, overdue: Sequence[Overdue]) -> str:
    """For each commit that is not applied, what its apply did, as Markdown; empty if no commit is known.

    An answer that cannot be read is said, and fails nothing.
    """
    commits = list(dict.fromkeys(one.commit for one in overdue if one.commit is not None))
    if not commits:
        return ""
    lines = [bullet(_of(checks, CheckScope("apply", target, specs), commit)) for commit in commits[:_MOST]]
    more = [bullet(f"{len(commits) - _MOST} more commits were not looked up")] if len(commits) > _MOST else []
    return "\n".join(("#### Apply runs", "", *lines, *more))


def _of(checks: CheckRuns, scope: CheckScope, commit: str) -> str:
    short = code(commit[:_SHORT])
    try:
        runs = checks.of(scope, commit)
    except ServiceError as error:
        return f"{short}: its runs are not known ({code(str(error)[:200])})"
    return f"{short}: {_said(runs[0])}" if runs else f"{short}: no apply ran for this commit itself; a later one may include it"


def _said(run: CheckRun) -> str:
    where = link("its run", run.url) if run.url else "its run"
    if run.conclusion is None:
        return f"apply was started and has not ended: {where}"
    if run.conclusion == "success":
        return f"apply succeeded, but the change is not live: {where}"
    return f"apply ended with {run.conclusion}: {where}"
