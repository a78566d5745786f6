"""The line of first parents of one commit: the merges of its branch, and where other commits are on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reconciler.desired.git.checkout import NoCheckout, find_checkout
from reconciler.desired.git.command import Git
from reconciler.desired.git.refs import is_commit_name

_MOST: Final = 1_000
"""Commits considered that changed the specs folder; older ones are ignored."""
_LONGEST: Final = 20_000
"""Commits of the branch considered at all."""


@dataclass(slots=True)
class Branch:
    """The branch that ends with `tip`, as far as the clone has it. Without git or a repository it is empty."""

    tip: str
    git: Git
    prefix: str
    """The path of the specs folder in the repository, empty for its root."""
    _line: Mapping[str, int] | None = None

    @classmethod
    def of(cls, specs: Path, tip: str) -> Branch:
        """The branch that ends with this commit, in the repository of the specs folder."""
        try:
            prefix = find_checkout(specs).prefix
        except NoCheckout:
            prefix = ""
        return cls(tip, Git.at(specs), prefix.rstrip("/"))

    def changes(self) -> Sequence[str]:
        """The commits of the branch that changed the specs folder, newest first."""
        return self._listed(f"--max-count={_MOST}", self.tip, *(("--", self.prefix) if self.prefix else ()))

    def position(self, commit: str) -> int | None:
        """How many commits of the branch are newer than this one of it; None for any other commit."""
        if self._line is None:
            listed = self._listed(f"--max-count={_LONGEST}", self.tip)
            self._line = {found: index for index, found in enumerate(listed)}
        return self._line.get(commit)

    def containing(self, commit: str) -> Sequence[str]:
        """The commit and the newer ones of the branch, oldest first; the commit alone if it is not known to be on it."""
        at = self.position(commit)
        newer = list(self._line or ())[: at + 1] if at is not None else [commit]
        return newer[::-1]

    def since(self, commit: str) -> int | None:
        """How many commits of the branch this commit does not contain; None for a commit that the clone does not have."""
        if not is_commit_name(commit):
            return None
        answer = self.git.ask("rev-list", "--first-parent", "--count", self.tip, f"^{commit}", "--")
        return int(answer.text) if answer.ok and answer.text.isdigit() else None

    def first_parent(self) -> str | None:
        """The first parent of the tip: for a commit that merges a pull request, the commit that it is merged into."""
        found = self._listed("--max-count=1", f"{self.tip}^1")
        return found[0] if found else None

    def _listed(self, *arguments: str) -> Sequence[str]:
        if not is_commit_name(self.tip):
            return ()
        answer = self.git.ask("rev-list", "--first-parent", *arguments)
        found = answer.text.splitlines() if answer.ok else []
        return [commit for commit in found if is_commit_name(commit)]
