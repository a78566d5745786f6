"""What became of the apply of a commit: the run that failed, or that there was none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from reconciler.desired.git.branch import Branch
from reconciler.errors import ServiceError, count
from reconciler.planning.overdue import Overdue
from reconciler.reports.sinks.markdown import bullet, code, link

_MOST: Final = 10
"""Commits that are asked about."""
_PUSHES: Final = 50
"""Commits of the branch whose runs are looked up, over all."""
_SHORT: Final = 10


class Run(Protocol):
    """One apply: how it ended, None if it has not, and its page."""

    @property
    def conclusion(self) -> str | None: ...

    @property
    def url(self) -> str | None: ...


@dataclass(slots=True)
class ApplyRuns:
    """The apply runs of one target at the commits of a branch, each looked up once. `look` finds those at a commit, newest first.

    An apply runs at the last commit of a push, so the run of a commit may be at a newer one.
    """

    look: Callable[[str], Sequence[Run]]
    branch: Branch
    _known: dict[str, Sequence[Run]] = field(default_factory=dict)

    def section(self, overdue: Sequence[Overdue]) -> str:
        """For each commit that is not applied, what its apply did, as Markdown; empty if no commit is known.

        An answer that cannot be read is said, and fails nothing.
        """
        commits = commits_of(overdue)
        if not commits:
            return ""
        lines = [bullet(f"{code(commit[:_SHORT])}: {self.said(commit)}") for commit in commits[:_MOST]]
        more = [bullet(f"{len(commits) - _MOST} more commits were not looked up")] if len(commits) > _MOST else []
        return "\n".join(("#### Apply runs", "", *lines, *more))

    def said(self, commit: str) -> str:
        """What the apply of this commit did, as Markdown."""
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

    def _at(self, pushes: Sequence[str]) -> Iterator[Sequence[Run]]:
        for push in pushes:
            if push not in self._known:
                if len(self._known) >= _PUSHES:
                    return
                self._known[push] = self.look(push)
            yield self._known[push]


def commits_of(overdue: Sequence[Overdue]) -> list[str]:
    """The commits that are not applied, each once."""
    return list(dict.fromkeys(one.commit for one in overdue if one.commit is not None))


def section_of_several(overdue: Mapping[str, Sequence[Overdue]], runs_of: Callable[[str], ApplyRuns]) -> str:
    """The same for several targets, each statement once with the targets where it holds; of ten targets at most."""
    late = {target: commits for target, found in overdue.items() if (commits := commits_of(found))}
    if not late:
        return ""
    said: dict[str, list[str]] = {}
    for target in list(late)[:_MOST]:
        runs = runs_of(target)
        for commit in late[target][:_MOST]:
            said.setdefault(f"{code(commit[:_SHORT])}: {runs.said(commit)}", []).append(target)
    lines = [bullet(f"{line} ({', '.join(map(code, targets))})") for line, targets in said.items()]
    more = [bullet(f"{count(len(late) - _MOST, 'more target')}: not looked up")] if len(late) > _MOST else []
    return "\n".join(("#### Apply runs", "", *lines, *more))


def _ended(run: Run, at: str) -> str:
    where = link("its run", run.url) if run.url else "its run"
    if run.conclusion is None:
        return f"apply was started{at} and has not ended: {where}"
    if run.conclusion == "success":
        return f"apply succeeded{at}, but the change is not live: {where}"
    return f"apply ended with {run.conclusion}{at}: {where}"
