"""When the repository said what: the commits of the branch that is checked out, by the time at which they were committed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from reconciler.desired.git import Git

_MILLISECONDS = 1000


@dataclass(frozen=True, slots=True)
class Timeline:
    """The commits from HEAD along first parents, so that a branch counts from when it was merged.

    `earliest` has, for each of them, the negated time (seconds since the epoch) of the oldest commit so far: it never falls, although
    the clocks of those who commit are not one clock.
    """

    commits: Sequence[str]
    earliest: Sequence[int]

    @classmethod
    def read(cls, git: Git) -> Timeline:
        """As git knows it: of a shallow clone what there is, of no repository nothing."""
        answer = git.ask("rev-list", "--first-parent", "--timestamp", "HEAD", "--")
        lines = [line.split(" ") for line in answer.text.splitlines()] if answer.ok else []
        times = accumulate((int(time) for time, _ in lines), min)
        return cls(tuple(commit for _, commit in lines), tuple(-time for time in times))

    def before(self, moment: int) -> str | None:
        """The commit that the branch was at before this moment (milliseconds since the epoch), by whole seconds; None before the first."""
        position = bisect_right(self.earliest, -(moment // _MILLISECONDS))
        return self.commits[position] if position < len(self.commits) else None
