"""What became of the apply of a commit: the run that failed, or that there was none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from reconciler.desired.git.branch import Branch
from reconciler.errors import ServiceError, count
from reconciler.github.checks import CheckRun, CheckRuns, CheckScope
from reconciler.planning.overdue import Overdue
from reconciler.reports.sinks.markdown import bullet, code, link

_MOST: Final = 10
"""Commits that are asked about."""
_PUSHES: Final = 50
"""Commits of the branch whose runs are looked up, over all."""
_SHORT: Final = 10


@dataclass(slots=True)
class ApplyRuns:
    """The apply runs of one target at the commits of a branch, each looked up once.

    An apply runs at the last commit of a push, so the run of a commit may be at a newer one.
    """

    checks: CheckRuns
    scope: CheckScope
    branch: Branch
    _known: dict[str, Sequence[CheckRun]] = field(default_factory=dict)

    @classmethod
    def of(cls, checks: CheckRuns, target: str, specs: str, branch: Branch) -> ApplyRuns:
        """Those of this target."""
        return cls(checks, CheckScope("apply", target, specs), branch)

    def section(self, overdue: Sequence[Overdue]) -> str:
        """For each commit that is not applied, what its apply did, as Markdown; empty if no commit is known.

        An answer that cannot be read is said, and fails nothing.
        """
        commits = list(dict.fromkeys(one.commit for one in overdue if one.commit is not None))
        if not commits:
            return ""
        lines = [bullet(f"{code(commit[:_SHORT])}: {self._said(commit)}") for commit in commits[:_MOST]]
        more = [bullet(f"{len(commits) - _MOST} more commits were not looked up")] if len(commits) > _MOST else []
        return "\n".join(("#### Apply runs", "", *lines, *more))

    def _said(self, commit: str) -> str:
        pushes = self.branch.containing(commit)
        looked = 0
        try:
            for runs in self._at(pushes):
                looked += 1
                if runs:
                    at = "" if looked == 1 else f" at {code(pushes[looked - 1][:_SHORT])}, which contains it"
                    return _ended(runs[0], at)
        except ServiceError as error:
            return f"its runs are not known ({code(str(error)[:200])})"
        if looked < len(pushes) or self.branch.position(commit) is None:
            return "no apply ran for this commit itself; a later one may include it"
        return "no apply ran for this commit" + (f", nor for the {count(looked - 1, 'newer commit')}" if looked > 1 else "")

    def _at(self, pushes: Sequence[str]) -> Iterator[Sequence[CheckRun]]:
        for push in pushes:
            if push not in self._known:
                if len(self._known) >= _PUSHES:
                    return
                self._known[push] = self.checks.of(self.scope, push)
            yield self._known[push]


def _ended(run: CheckRun, at: str) -> str:
    where = link("its run", run.url) if run.url else "its run"
    if run.conclusion is None:
        return f"apply was started{at} and has not ended: {where}"
    if run.conclusion == "success":
        return f"apply succeeded{at}, but the change is not live: {where}"
    return f"apply ended with {run.conclusion}{at}: {where}"
