"""The plans of the pull requests that were merged into a branch, newest first, each read when it is needed."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from reconciler.desired.git.branch import Branch
from reconciler.documents.kinds import Kind
from reconciler.github.action_reviews import MergedPlan
from reconciler.github.checks import CheckRuns
from reconciler.github.pulls import MergedPull, merged_with
from reconciler.github.recorded import NotReviewed, review_of

_SETTLE: Final = 5.0
"""Seconds to wait for GitHub to list a pull request that was just merged."""
_MOST: Final = 200
"""Commits that changed the specs folder whose pull requests are looked up; a change that is older needs its digest."""


@dataclass(slots=True)
class MergedPlans:
    """The plans behind the commits of a branch that changed the specs folder.

    `specs` is the folder as the command line has it, and `into` the branch's name. May be used by several threads.
    """

    checks: CheckRuns
    specs: str
    into: str
    branch: Branch
    _commits: Iterator[str] | None = None
    _found: list[tuple[int, MergedPull]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, target: str) -> Iterator[MergedPlan]:
        """What each merged pull request said of this target, newest first. Raises ServiceError."""
        index = 0
        while (found := self._pull(index)) is not None:
            index += 1
            at, merged = found
            review = review_of(self.checks, self.specs, target, merged)
            if isinstance(review, NotReviewed):
                yield MergedPlan(merged.number, at, None, None, why_not=review.message)
                continue
            base = review.outline.base if review.outline else None
            yield MergedPlan(merged.number, at, self.branch.since(base) if base else None, review.outline)

    def positions(self, written: Mapping[tuple[Kind, str], str | None]) -> Mapping[tuple[Kind, str], int]:
        """How many commits of the branch each of these commits does not contain; 0 for one that the clone does not have."""
        return {name: (self.branch.since(commit) if commit else None) or 0 for name, commit in written.items()}

    def _pull(self, index: int) -> tuple[int, MergedPull] | None:
        with self._lock:
            if self._commits is None:
                self._commits = iter(self.branch.changes()[:_MOST])
            while len(self._found) <= index:
                commit = next(self._commits, None)
                if commit is None:
                    return None
                self._found += self._merged(commit)
            return self._found[index]

    def _merged(self, commit: str) -> list[tuple[int, MergedPull]]:
        """The pull requests that brought this commit, and how many commits of the branch are newer than each merge."""
        known = {merged.number for _, merged in self._found}
        pulls = merged_with(self.checks.github, commit, self.into)
        if not pulls and commit == self.branch.tip:
            self.checks.github.dependencies.clock.sleep(_SETTLE)
            pulls = merged_with(self.checks.github, commit, self.into)
        placed = [(self.branch.position(merge), pull) for merge, pull in pulls if pull.number not in known]
        return [(at, pull) for at, pull in placed if at is not None]
