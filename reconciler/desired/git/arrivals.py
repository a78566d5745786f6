"""When commits arrived on the checked-out branch, and which of them a commit that was applied does not contain.

A branch is the line of first parents from HEAD, so a change counts from its merge. Git keeps no time of a push. The nearest that it has is
the committer time, which a merge, a squash and a rebase set anew; a commit cannot have arrived before its parent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from reconciler.desired.git.checkout import NoCheckout, find_checkout
from reconciler.desired.git.command import Git
from reconciler.desired.git.history import History
from reconciler.desired.git.refs import is_commit_name, shallow_commits
from reconciler.desired.git.timeline import changed_paths

_MAX_COMMITS: Final = 1_000
"""Commits considered that changed the specs folder; older ones are ignored."""
_HEAD: Final = "%H %ct"


class Arrivals(msgspec.Struct):
    """The commits of the branch that changed each file of the specs folder. Not thread-safe; git is asked once for each question."""

    git: Git
    head: str | None
    prefix: str = ""
    why_not: str | None = None
    """Why nothing is known; None if git can be asked."""
    is_shallow: bool = False
    _changed: Mapping[str, Sequence[tuple[str, int]]] | None = None
    _since: dict[str, frozenset[str] | None] = msgspec.field(default_factory=dict)

    @classmethod
    def of(cls, specs: Path) -> Arrivals:
        """The branch that is checked out in the repository of this folder."""
        history = History(specs)
        try:
            checkout = find_checkout(specs)
        except NoCheckout as error:
            return cls(Git.at(specs), None, why_not=str(error))
        return cls(Git.at(specs), history.head(), checkout.prefix, history.why_not, shallow_commits(checkout) is not None)

    def of_file(self, path: str, now: float) -> Sequence[tuple[str, int]]:
        """The commits that changed this file and when each arrived, in seconds since the epoch; newest first.

        `path` is relative to the specs folder. A committer's clock that was ahead of `now` says nothing about later commits,
        and nothing about its own: it arrived after the commit before, or now if there is none.
        """
        if self._changed is None:
            self._changed = self._read(now)
        return self._changed.get(path, ())

    def after(self, commit: str) -> frozenset[str] | None:
        """The commits of the branch that this one does not contain; None if the clone does not have it."""
        if commit not in self._since:
            self._since[commit] = self._not_in(commit)
        return self._since[commit]

    def _not_in(self, commit: str) -> frozenset[str] | None:
        if self.head is None or not is_commit_name(commit):
            return None
        answer = self.git.ask("rev-list", "--first-parent", self.head, f"^{commit}", "--")
        return frozenset(answer.text.split()) if answer.ok else None

    def _read(self, now: float) -> Mapping[str, Sequence[tuple[str, int]]]:
        if self.head is None:
            return {}
        options = ("-m", "--first-parent", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-textconv")
        limit = (f"--max-count={_MAX_COMMITS}", f"--format=%x00{_HEAD}")
        below = ("--", self.prefix.rstrip("/")) if self.prefix else ()
        answer = self.git.ask("log", *options, *limit, self.head, *below)
        listed = list(changed_paths(answer.output, _head)) if answer.ok else []
        found: dict[str, list[tuple[str, int]]] = {}
        latest = 0
        for (commit, committed), path in reversed(listed):
            latest = max(latest, committed) if committed <= now else latest
            found.setdefault(path.removeprefix(self.prefix), []).insert(0, (commit, latest or int(now)))
        return found


def _head(line: str) -> tuple[str, int]:
    commit, committed = line.split(" ")
    return commit, int(committed)
