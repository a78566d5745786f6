"""The commits of the checked-out branch by commit time.

A branch is the line of first parents from HEAD, so a change counts from its merge. A commit's time is the earlier of its author time and
its committer time, because amending or rebasing does not change content. Times are whole seconds since the epoch; moments are in
milliseconds, as in Flow Service.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Final

import msgspec

from reconciler.desired.git.command import Git

_MILLISECONDS: Final = 1000
_MAX_COMMITS: Final = 1000
"""Commits considered that changed the specs folder; older ones are ignored."""
_HEAD: Final = "%H %at %ct"


class Timeline(msgspec.Struct, frozen=True):
    """The commits of the branch, newest first.

    `earliest` has, for each commit, the negated time of the oldest commit so far. It never decreases, even though the clocks of committers
    differ.
    """

    commits: Sequence[str]
    earliest: Sequence[int]

    @classmethod
    def read(cls, git: Git, head: str) -> Timeline:
        """The timeline from the checked-out commit; in a shallow clone, as far as it goes."""
        answer = git.ask("log", "--first-parent", f"--format={_HEAD}", head, "--")
        heads = [_head(line) for line in answer.text.splitlines()] if answer.ok else []
        times = accumulate((time for _, time in heads), min)
        return cls(tuple(commit for commit, _ in heads), tuple(-time for time in times))

    def before(self, moment: int) -> str | None:
        """The commit that the branch was at before this moment; None before the first commit."""
        position = bisect_right(self.earliest, -(moment // _MILLISECONDS))
        return self.commits[position] if position < len(self.commits) else None


def file_times(git: Git, head: str, prefix: str) -> Mapping[str, Sequence[tuple[str, int]]]:
    """For each path below the specs folder, the commits of the branch that changed it and their times, newest first.

    Covers the newest commits up to `head`, as far as the clone has them. `prefix` is the path of the specs folder.
    """
    options = ("-m", "--first-parent", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-textconv")
    limit = (f"--max-count={_MAX_COMMITS}", f"--format=%x00{_HEAD}")
    answer = git.ask("log", *options, *limit, head, *(("--", prefix.rstrip("/")) if prefix else ()))
    commits: dict[str, list[tuple[str, int]]] = {}
    for (commit, time), path in changed_paths(answer.output, _head) if answer.ok else ():
        commits.setdefault(path.removeprefix(prefix), []).append((commit, time))
    return commits


def _head(line: str) -> tuple[str, int]:
    commit, authored, committed = line.split(" ")
    return commit, min(int(authored), int(committed))


def changed_paths(output: bytes, read_head: Callable[[str], tuple[str, int]]) -> Iterator[tuple[tuple[str, int], str]]:
    """Each commit of `git log -z --name-only --format=%x00…`, as `read_head` reads it, with each path that it changed.

    A path may contain anything but NUL, so only the field after an empty one is a commit.
    """
    head, before, is_first = ("", 0), "", False
    for part in output.decode("utf-8", "surrogateescape").split("\0"):
        if part and not before:
            head, is_first = read_head(part), True
        elif part:
            yield head, part.removeprefix("\n") if is_first else part
            is_first = False
        before = part
