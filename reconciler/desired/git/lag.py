"""How far live is behind the checkout: the commits of the branch that changed a file since the commit that live was applied from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from reconciler.desired.git.checkout import NoCheckout, find_checkout
from reconciler.desired.git.command import Git
from reconciler.desired.git.refs import Refs, is_commit_name
from reconciler.desired.git.timeline import file_times

_MOST: Final = 1_000
"""Commits of the branch that may be newer than live; with more, nobody counts them."""
_ASKED: Final = 100
"""Maximum number of commits that git is asked about in one run."""


class Lag(msgspec.Struct):
    """Counts commits in the repository of the specs folder. Nothing is read before the first question; each commit is asked about once."""

    specs: Path
    _git: Git | None = None
    _head: str | None = None
    _times: Mapping[str, Sequence[tuple[str, int]]] | None = None
    _newer: dict[str, frozenset[str] | None] = msgspec.field(default_factory=dict)

    def behind(self, commit: str, path: str) -> tuple[int, int] | None:
        """How many commits changed this file of the specs folder since that one, and when the first did, in seconds since the epoch.

        None if none did, if the clone does not have the commit, or if it is too far back to count.
        """
        newer = self._since(commit)
        if not newer or self._times is None:
            return None
        times = [time for changed, time in self._times.get(path, ()) if changed in newer]
        return (len(times), min(times)) if times else None

    def _since(self, commit: str) -> frozenset[str] | None:
        if commit not in self._newer:
            self._newer[commit] = self._asked(commit) if len(self._newer) < _ASKED else None
        return self._newer[commit]

    def _asked(self, commit: str) -> frozenset[str] | None:
        if not is_commit_name(commit) or not self._opened() or self._git is None or self._head is None:
            return None
        answer = self._git.ask("rev-list", "--first-parent", f"--max-count={_MOST}", self._head, f"^{commit}", "--")
        found = answer.text.split() if answer.ok else []
        return frozenset(found) if len(found) < _MOST else None

    def _opened(self) -> bool:
        """Whether there is a repository with a commit; its history is read at the first time."""
        if self._git is None:
            self._git = Git.at(self.specs)
            try:
                checkout = find_checkout(self.specs)
            except NoCheckout:
                return False
            self._head = Refs(checkout).head()
            if self._head is not None:
                self._times = file_times(self._git, self._head, checkout.prefix)
        return self._times is not None
