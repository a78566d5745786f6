"""When the repository said what: the commits of the branch that is checked out, by the time at which they were committed.

A branch is the line of first parents from HEAD, so that work counts from when it was merged. A commit's time is the older of its two, that
of its author and that of its committer, because amending or rebasing it says nothing new. Times are whole seconds since the epoch; moments
are in milliseconds, as the service writes them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from reconciler.desired.git import Git

_MILLISECONDS: Final = 1000
_MAX_COMMITS: Final = 1000
"""That changed the specs folder: what files said before those is not asked for."""
_MARK: Final = "\0"
_HEAD: Final = "%H %at %ct"


@dataclass(frozen=True, slots=True)
class Timeline:
    """The commits of the branch, the newest first.

    `earliest` has, for each of them, the negated time of the oldest commit so far: it never falls, although
    the clocks of those who commit are not one clock.
    """

    commits: Sequence[str]
    earliest: Sequence[int]

    @classmethod
    def read(cls, git: Git) -> Timeline:
        """As git knows it: of a shallow clone what there is, of no repository nothing."""
        answer = git.ask("log", "--first-parent", f"--format={_HEAD}", "HEAD", "--")
        heads = [_head(line) for line in answer.text.splitlines()] if answer.ok else []
        times = accumulate((time for _, time in heads), min)
        return cls(tuple(commit for commit, _ in heads), tuple(-time for time in times))

    def before(self, moment: int) -> str | None:
        """The commit that the branch was at before this moment; None before the first."""
        position = bisect_right(self.earliest, -(moment // _MILLISECONDS))
        return self.commits[position] if position < len(self.commits) else None


@dataclass(frozen=True, slots=True)
class FileTimes:
    """For each path below the specs folder, the commits of the branch that changed it and their times, the newest first."""

    commits: Mapping[str, Sequence[tuple[str, int]]]

    @classmethod
    def read(cls, git: Git) -> FileTimes:
        """Of the newest commits, as far as git knows them. `git` is in the specs folder."""
        options = ("-m", "--first-parent", "--name-only", "--no-renames", "--no-ext-diff", "--relative")
        answer = git.ask("log", *options, f"--max-count={_MAX_COMMITS}", f"--format=%x00{_HEAD}", "HEAD", "--", ".")
        commits: dict[str, list[tuple[str, int]]] = {}
        for block in answer.text.split(_MARK)[1:] if answer.ok else ():
            head, _, paths = block.partition("\n")
            for path in filter(None, paths.split("\n")):
                commits.setdefault(path, []).append(_head(head))
        return cls(commits)

    def of(self, path: str) -> Sequence[tuple[str, int]]:
        """The commits that changed this file."""
        return self.commits.get(path, ())


def _head(line: str) -> tuple[str, int]:
    commit, authored, committed = line.split(" ")
    return commit, min(int(authored), int(committed))
