"""The plans of the pull requests or merge requests that were merged into a branch, newest first, each read when it is needed."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, Protocol, TypeVar

from reconciler.desired.git.branch import Branch
from reconciler.documents.kinds import Kind
from reconciler.reports.plan.outline import Outline
from reconciler.reviews.actions import MergedPlan

_MOST: Final = 200
"""Commits that changed the specs folder whose requests are looked up; a change that is older needs its digest."""

M = TypeVar("M")
"""A merged request, as its code host describes it."""


@dataclass(frozen=True, slots=True)
class RecordedPlan:
    """The newest plan of one target that was made for a request before it was merged.

    `outline` is None if it cannot be read, and `why_not` is set if no plan counts. `bases` are commits that the planned checkout contained;
    the first one that the clone has counts.
    """

    outline: Outline | None
    bases: Iterable[str] = ()
    why_not: str | None = None


class CodeHost(Protocol[M]):
    """Where the requests are."""

    def brought(self, commit: str) -> Sequence[tuple[str, M]]:
        """The requests that brought this commit into the branch, each with the commit as which it was merged. Raises ServiceError."""

    def name(self, merged: M) -> str:
        """What the code host calls it, such as `#3`."""

    def plan(self, target: str, merged: M) -> RecordedPlan:
        """What was planned for this target. Raises ServiceError."""

    def settle(self) -> None:
        """Wait as long as the code host may need to list a request that was just merged."""


@dataclass(slots=True)
class MergedPlans(Generic[M]):
    """The plans behind the commits of a branch that changed the specs folder. May be used by several threads."""

    host: CodeHost[M]
    branch: Branch
    _commits: Iterator[str] | None = None
    _found: list[tuple[int, M]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, target: str) -> Iterator[MergedPlan]:
        """What each merged request said of this target, newest first. Raises ServiceError."""
        index = 0
        while (found := self._request(index)) is not None:
            index += 1
            at, merged = found
            recorded = self.host.plan(target, merged)
            contained = None if recorded.why_not is not None else self._contained(recorded.bases)
            yield MergedPlan(self.host.name(merged), at, contained, recorded.outline, recorded.why_not)

    def positions(self, written: Mapping[tuple[Kind, str], str | None]) -> Mapping[tuple[Kind, str], int]:
        """How many commits of the branch each of these commits does not contain; 0 for one that the clone does not have."""
        return {name: (self.branch.since(commit) if commit else None) or 0 for name, commit in written.items()}

    def _contained(self, bases: Iterable[str]) -> int | None:
        return next((since for base in bases if (since := self.branch.since(base)) is not None), None)

    def _request(self, index: int) -> tuple[int, M] | None:
        with self._lock:
            if self._commits is None:
                self._commits = iter(self.branch.changes()[:_MOST])
            while len(self._found) <= index:
                commit = next(self._commits, None)
                if commit is None:
                    return None
                self._found += self._merged(commit)
            return self._found[index]

    def _merged(self, commit: str) -> list[tuple[int, M]]:
        """The requests that brought this commit, and how many commits of the branch are newer than each merge."""
        known = {self.host.name(merged) for _, merged in self._found}
        found = self.host.brought(commit)
        if not found and commit == self.branch.tip:
            self.host.settle()
            found = self.host.brought(commit)
        placed = [(self.branch.position(merge), merged) for merge, merged in found if self.host.name(merged) not in known]
        return [(at, merged) for at, merged in placed if at is not None]
