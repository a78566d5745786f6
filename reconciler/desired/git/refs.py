"""Reads HEAD, branches and tags from their files, so that git does not have to read the repository's own git folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from reconciler.desired.git.checkout import Checkout, read_small

_MAX_REF_BYTES: Final = 8_192
_MAX_PACKED_BYTES: Final = 200_000_000
_MAX_LINKS: Final = 5
_COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_NAME: Final = re.compile(r"(?:(?!\.)[^\x00-\x20\x7f~^:?*\[\\/]+(?:/(?!$)|$))+")
_OF_WORK_TREE: Final = ("refs/bisect/", "refs/worktree/", "refs/rewritten/")
_PLACES: Final = ("{}", "refs/{}", "refs/tags/{}", "refs/heads/{}", "refs/remotes/{}", "refs/remotes/{}/HEAD")
"""Full names searched for a short name, in git's order (gitrevisions, "<refname>")."""
_STEPS: Final = re.compile(r"(?:~[0-9]*|\^[0-9]*|\^\{[a-z]*\})*")
_ABBREVIATED: Final = re.compile(r"(?:.*-g)?[0-9a-f]{4,64}")


def is_commit_name(text: str) -> bool:
    """Whether this is a full object name, SHA-1 or SHA-256, and therefore neither an option nor a range to git."""
    return bool(_COMMIT.fullmatch(text))


class Refs(msgspec.Struct, frozen=True):
    """The refs of one work tree, as they are now."""

    checkout: Checkout

    @property
    def unreadable(self) -> str | None:
        """Why the refs cannot be read; None if they can."""
        if (self.checkout.common_dir / "reftable").is_dir():
            return "its branches are kept as reftable, which is not supported"
        if read_small(self.checkout.git_dir / "HEAD", _MAX_REF_BYTES) is None:
            return "its HEAD cannot be read"
        return None

    def head(self) -> str | None:
        """The commit that is checked out; None on a branch without commits."""
        return self._read("HEAD")

    def expression(self, revision: str) -> str | None:
        """A revision (`main`, `HEAD~1`, `v1^{commit}`, a short object name) with its ref replaced by an object name.

        None if it names no ref, and for forms that need more than refs: `main@{yesterday}`, `:/text`, ranges.
        """
        base = re.split(r"[~^:]|@\{", revision, maxsplit=1)[0]
        steps = revision[len(base) :]
        if not _STEPS.fullmatch(steps):
            return None
        found = self._read("HEAD") if base == "@" else self._find(base)
        if found is None and _ABBREVIATED.fullmatch(base):
            return revision
        return None if found is None else found + steps

    def branches(self) -> tuple[str, ...]:
        """The names of the branches in this clone, sorted, local branches before remote ones."""
        remote = (name for name in self._below("refs/remotes/") if not name.endswith("/HEAD"))
        return (*self._below("refs/heads/"), *remote)

    def tags(self) -> tuple[str, ...]:
        """The names of the tags in this clone, sorted."""
        return tuple(self._below("refs/tags/"))

    def _below(self, prefix: str) -> list[str]:
        names = {*self._loose(prefix), *self._packed_names()}
        return sorted(name.removeprefix(prefix) for name in names if name.startswith(prefix))

    def _find(self, base: str) -> str | None:
        if not _NAME.fullmatch(base) or ".." in base or base.endswith((".lock", ".")):
            return None
        return next((found for place in _PLACES if (found := self._read(place.format(base)))), None)

    def _read(self, name: str) -> str | None:
        for _ in range(_MAX_LINKS):
            is_own = not name.startswith("refs/") or name.startswith(_OF_WORK_TREE)
            data = read_small((self.checkout.git_dir if is_own else self.checkout.common_dir) / name, _MAX_REF_BYTES)
            if data is None:
                return self._packed(name)
            text = data.decode("utf-8", "surrogateescape")
            if not text.startswith("ref:"):
                commit = text.split(maxsplit=1)[0] if text.strip() else ""
                return commit if is_commit_name(commit) else None
            name = text.removeprefix("ref:").strip()
            if not name.startswith("refs/") or ".." in name:
                return None
        return None

    def _packed(self, name: str) -> str | None:
        if not name.startswith("refs/"):
            return None
        escaped = re.escape(name.encode("utf-8", "surrogateescape"))
        found = re.search(rb"^([0-9a-f]{40,64}) " + escaped + rb"\r?$", self._pack(), re.MULTILINE)
        commit = found[1].decode() if found else ""
        return commit if is_commit_name(commit) else None

    def _pack(self) -> bytes:
        return read_small(self.checkout.common_dir / "packed-refs", _MAX_PACKED_BYTES) or b""

    def _packed_names(self) -> Iterator[str]:
        for line in self._pack().decode("utf-8", "surrogateescape").splitlines():
            if not line.startswith(("#", "^")):
                yield line.partition(" ")[2].strip()

    def _loose(self, below: str) -> Iterator[str]:
        root = self.checkout.common_dir
        for file in (root / below).rglob("*"):
            if file.is_file():
                yield file.relative_to(root).as_posix()


def shallow_commits(checkout: Checkout) -> bytes | None:
    """The commits at which a shallow history ends, one per line, in git's format; None if the history is complete."""
    data = read_small(checkout.common_dir / "shallow", _MAX_PACKED_BYTES)
    names = [name for name in (data or b"").split() if is_commit_name(name.decode("ascii", "replace"))]
    return b"".join(name + b"\n" for name in names) or None
