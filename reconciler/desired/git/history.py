"""The git history of the specs folder: the current commit, its relation to other commits, and the specs of past commits."""

from __future__ import annotations

import os
import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from enum import Enum
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from typing import Final, TypeAlias

import msgspec

from reconciler.desired.files import SETTINGS_FILES, default_key
from reconciler.desired.git.as_read import TreeAsRead
from reconciler.desired.git.blobs import Blobs
from reconciler.desired.git.checkout import Checkout, NoCheckout, find_checkout
from reconciler.desired.git.command import Git, Installed
from reconciler.desired.git.commit_tree import CommitFiles, CommitTree, Entry, UnreadableTree
from reconciler.desired.git.past_files import first_in, is_as_in, read_past
from reconciler.desired.git.refs import Refs, is_commit_name, shallow_commits
from reconciler.desired.git.timeline import Timeline, file_times
from reconciler.desired.git.uncommitted import NOTHING, Uncommitted, compare_with_commit
from reconciler.desired.layers import Layers
from reconciler.desired.spec_file import View
from reconciler.desired.specs import DesiredSpec
from reconciler.documents.kinds import Kind

_Claim: TypeAlias = tuple[Kind, str]
_NOT_INSTALLED: Final = "git was not found in PATH"
_MAX_VERSIONS: Final = 20
"""Versions considered per file; older ones are ignored."""
_MANY: Final = 32
"""The number of reads from which on it is faster to list a commit."""


class Relation(Enum):
    """How a commit relates to HEAD."""

    ANCESTOR = "ancestor"
    """The commit is HEAD or an ancestor of it."""
    NOT_ANCESTOR = "not-ancestor"
    """The commit is known and is not an ancestor of HEAD."""
    UNKNOWN = "unknown"
    """Git cannot determine the relation: a squashed or rebased branch, a shallow clone, or no repository."""


class Version(msgspec.Struct, frozen=True):
    """The spec in one version of a file, and when that version was committed, in seconds since the epoch."""

    spec: DesiredSpec
    time: int


class FoundRepository(msgspec.Struct, frozen=True):
    """The work tree that contains a folder, and the git program that reads it. `why_not` is why there is no work tree; None if there is."""

    checkout: Checkout | None
    installed: Installed
    why_not: str | None = None

    @classmethod
    def around(cls, folder: Path) -> FoundRepository:
        """That of this folder, with this process's PATH."""
        try:
            checkout = find_checkout(folder)
        except NoCheckout as error:
            return cls(None, Installed(), str(error))
        return cls(checkout, Installed.outside(checkout, os.environ.get("PATH", os.defpath)))


def way_to_history(why_not: str) -> str:
    """What to do where there is no history, for this reason."""
    if "reftable" in why_not:
        return "run `git refs migrate --ref-format=files`"
    return "install git" if why_not == _NOT_INSTALLED else "run in a git clone of the repository"


class History:
    """The history of the repository that contains the specs folder. Without git or a repository it is empty and `why_not` says why.

    `current` are the current specs: the base of a spec is searched for first at its current path. `layers` are those of the target, as the
    settings are now, and `repository` is where the history is, if it was found before. HEAD is read here in any case. Results are cached.
    Not thread-safe.
    """

    def __init__(
        self,
        specs_dir: Path,
        current: Iterable[DesiredSpec] = (),
        layers: Layers | None = None,
        repository: FoundRepository | None = None,
    ) -> None:
        self._specs_dir = specs_dir
        self._layers = layers
        self._specs = tuple(current)
        found = repository or FoundRepository.around(specs_dir)
        self._checkout = found.checkout
        self._head: str | None = None
        self.why_not = found.why_not
        """Why there is no history; None if there is one."""
        if self._checkout is not None:
            refs = Refs(self._checkout)
            self.why_not, self._head = refs.unreadable, refs.head()
        self._git = Git(self._checkout, found.installed)
        if self.why_not is None and not self._git.is_installed:
            self.why_not = _NOT_INSTALLED
        self._blobs = Blobs(self._git)
        self._relations: dict[str, Relation] = {}
        self._timeline: Timeline | None = None
        self._file_times: Mapping[str, Sequence[tuple[str, int]]] | None = None
        self._containing: dict[tuple[str, str], bool] = {}
        self._trees: dict[str, CommitTree] = {}
        self._asked: Counter[str] = Counter()
        self._bases: dict[tuple[str, Kind, tuple[str, ...], str], DesiredSpec | None] = {}
        self._indexes: dict[str, Mapping[_Claim, str]] = {}
        self._claims: dict[tuple[str, str], _Claim | None] = {}
        """By path and object name, because most files are the same in most commits."""

    @cached_property
    def _now(self) -> Mapping[_Claim, DesiredSpec]:
        return {(spec.kind, spec.key): spec for spec in self._specs if spec.path is not None}

    def close(self) -> None:
        """End the process that reads objects. The next read starts it again."""
        self._blobs.close()

    @property
    def is_shallow(self) -> bool:
        """Whether the clone is shallow."""
        return self._checkout is not None and shallow_commits(self._checkout) is not None

    @property
    def branches(self) -> tuple[str, ...]:
        """The names of the branches in this clone."""
        return Refs(self._checkout).branches() if self._checkout and self.why_not is None else ()

    def head(self) -> str | None:
        """The commit that is checked out; None without a commit or a history."""
        return self._head if self.why_not is None else None

    def resolve(self, revision: str) -> str | None:
        """The commit that this revision names (`main`, `HEAD^1`, a short name); None if it is unknown."""
        name = Refs(self._checkout).expression(revision) if self._checkout and self.why_not is None else None
        if name is None:
            return None
        answer = self._git.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        return answer.text if answer.ok and is_commit_name(answer.text) else None

    def folder_at(self, commit: str, prefix: str | None = None) -> CommitTree:
        """The specs folder as of this commit, or the folder `prefix` of that commit; empty if it does not exist there.

        Raises UnreadableTree if the content cannot be determined.
        """
        if self._checkout is None or self.why_not is not None:
            raise UnreadableTree(self.why_not or "there is no history")
        if prefix is not None:
            return CommitTree.of(self._git, commit, prefix, self._blobs)
        if commit not in self._trees:
            self._trees[commit] = CommitTree.of(self._git, commit, self._checkout.prefix, self._blobs)
        return self._trees[commit]

    @property
    def is_partial(self) -> bool:
        """Whether this is a partial clone, which lacks some objects."""
        return self._checkout is not None and any((self._checkout.objects / "pack").glob("*.promisor"))

    def moved_from(self, commit: str) -> tuple[str, ...]:
        """Folders of this commit, relative to its root, that contain settings files and no longer exist in the work tree.

        Raises UnreadableTree if the commit cannot be read, or if a parent of the specs folder is a link or a submodule there.
        """
        if self._checkout is None:
            return ()
        entries = CommitTree.everything(self._git, commit)
        above = PurePosixPath(self._checkout.prefix or ".").parents
        if other := next((str(folder) for folder in above if str(folder) in entries), None):
            raise UnreadableTree(f"{other} is not a folder in that commit")
        folders = {posixpath.dirname(path) for path in entries if posixpath.basename(path) in SETTINGS_FILES}
        return tuple(sorted(folder for folder in folders if folder and not (self._checkout.top / folder).is_dir()))

    def left_out(self) -> tuple[str, ...]:
        """The spec files of HEAD that a sparse checkout leaves out of the work tree."""
        gone = self.uncommitted().gone
        if not gone or self._checkout is None:
            return ()
        prefix = self._checkout.prefix
        paths = (f"{prefix}{path}" for path in sorted(gone))
        answer = self._git.ask("ls-files", "-t", "-z", "--full-name", "--", *paths, index=True)
        marks = (entry.partition(" ") for entry in answer.output.decode("utf-8", "surrogateescape").split("\0"))
        return tuple(path.removeprefix(prefix) for mark, _, path in marks if mark == "S")

    def uncommitted(self, seen: TreeAsRead | None = None) -> Uncommitted:
        """The spec files that differ from the checked-out commit; empty without a repository.

        A file that was `seen` counts as it was then. Without a commit every file counts as uncommitted. If the commit cannot be read, the
        result gives the reason.
        """
        if self.why_not is not None:
            return NOTHING
        try:
            committed = self.folder_at(self._head).entries if self._head is not None else {}
        except UnreadableTree as error:
            return Uncommitted(why_not=str(error))
        return compare_with_commit(self._specs_dir, committed, self._blobs, seen)

    def relation(self, commit: str) -> Relation:
        """How this commit relates to HEAD."""
        return self.relations([commit])[commit]

    def relations(self, commits: Iterable[str]) -> Mapping[str, Relation]:
        """How each commit relates to HEAD, with a few git commands in total."""
        wanted = list(dict.fromkeys(commits))
        new = [commit for commit in wanted if commit not in self._relations]
        self._relations |= {commit: Relation.ANCESTOR if commit == self.head() else Relation.UNKNOWN for commit in new}
        present = self._present([commit for commit in new if is_commit_name(commit) and commit != self.head()])
        if present:
            self._relations |= self._ancestry(present)
        return {commit: self._relations[commit] for commit in wanted}

    def commit_before(self, moment: int, since: str | None) -> str | None:
        """The commit that this branch was at before a time, in milliseconds since the epoch; None if it cannot be determined.

        Also None if that commit does not contain the commit `since`, although the branch does by now.
        """
        if self._timeline is None:
            head = self.head()
            self._timeline = Timeline((), ()) if head is None else Timeline.read(self._git, head)
        commit = self._timeline.before(moment)
        if commit is None or since is None or self.relation(since) is not Relation.ANCESTOR:
            return commit
        if (commit, since) not in self._containing:
            self._containing[commit, since] = self._git.ask("merge-base", "--is-ancestor", since, commit).ok
        return commit if self._containing[commit, since] else None

    def versions(self, kind: Kind, keys: Sequence[str], target: str) -> tuple[Version, ...]:
        """The spec in the newest commits of this branch that changed its file, newest first.

        The file is looked up by its current path only.
        """
        path = next((spec.path for spec in self._current(kind, keys)), None)
        head = self.head()
        if head is None or self._checkout is None or path is None:
            return ()
        if self._file_times is None:
            self._file_times = file_times(self._git, head, self._checkout.prefix)
        commits = self._file_times.get(path, ())[:_MAX_VERSIONS]
        wanted = ((self.base(commit, kind, keys, target), time) for commit, time in commits)
        return tuple(Version(spec, time) for spec, time in wanted if spec is not None)

    def base(self, commit: str, kind: Kind, keys: Sequence[str], target: str) -> DesiredSpec | None:
        """The spec with one of these keys as of that commit, with its overlay of that time; None if it cannot be determined.

        `keys` are a spec's current and former keys; at most one of them has a file in a commit that was applied.
        """
        question = (commit, kind, tuple(keys), target)
        if question not in self._bases:
            self._bases[question] = self._base(*question)
        return self._bases[question]

    def _present(self, commits: Sequence[str]) -> list[str]:
        if not commits or self.head() is None:
            return []
        stdin = "".join(f"{commit}\n" for commit in commits).encode()
        answer = self._git.ask("cat-file", "--batch-check=%(objecttype)", stdin=stdin)
        kinds = answer.text.splitlines()
        return [commit for commit, kind in zip(commits, kinds, strict=False) if kind == "commit"]

    def _ancestry(self, commits: Sequence[str]) -> dict[str, Relation]:
        head = self.head()
        if head is None:
            return {}
        stdin = "".join(f"{commit}\n" for commit in commits) + f"^{head}\n"
        answer = self._git.ask("rev-list", "--stdin", stdin=stdin.encode())
        if not answer.ok:
            return {}
        outside = set(answer.text.split())
        return {commit: self._outside(commit, head) if commit in outside else Relation.ANCESTOR for commit in commits}

    def _outside(self, commit: str, head: str) -> Relation:
        """The relation of a commit that is not reachable from HEAD.

        In a shallow clone it is certainly not an ancestor only if HEAD is an ancestor of it.
        """
        if not self.is_shallow or self._git.ask("merge-base", "--is-ancestor", head, commit).ok:
            return Relation.NOT_ANCESTOR
        return Relation.UNKNOWN

    def _base(self, commit: str, kind: Kind, keys: tuple[str, ...], target: str) -> DesiredSpec | None:
        """Search the current path, then the default paths of the keys, then all files; each step costs more than the one before it."""
        if self._checkout is None or self.why_not is not None or not is_commit_name(commit):
            return None
        view = View(target, given_layers=self._layers)
        search = partial(first_in, kind=kind, keys=keys, view=view)
        files = CommitFiles(commit, self._checkout.prefix, self._blobs, self._names_in(commit))
        for spec in self._current(kind, keys):
            path = spec.path or ""
            if then := (replace(spec, file=view.display(path)) if is_as_in(files, spec) else search(files, [path])):
                return then
        try:
            tree = self.folder_at(commit)
        except UnreadableTree:
            return None
        named = [path for path in tree.entries if any(key in path for key in keys) and default_key(path) in keys]
        return search(tree, named) or search(tree, self._indexed(commit, tree, kind, keys))

    def _names_in(self, commit: str) -> Mapping[str, Entry]:
        """The files of a commit, if they are known or many of them are read; git looks through whole folders for each path."""
        self._asked[commit] += 1
        with suppress(UnreadableTree):
            return self.folder_at(commit).entries if commit in self._trees or self._asked[commit] == _MANY else {}
        return {}

    def _current(self, kind: Kind, keys: Iterable[str]) -> Iterator[DesiredSpec]:
        """The specs that have these keys now, in their order."""
        return (spec for key in keys if (spec := self._now.get((kind, key))) is not None)

    def _indexed(self, commit: str, tree: CommitTree, kind: Kind, keys: tuple[str, ...]) -> Iterable[str]:
        if commit not in self._indexes:
            claims = ((self._claim(tree, path), path) for path in reversed(tree.listing().paths))
            self._indexes[commit] = {claim: path for claim, path in claims if claim is not None}
        index = self._indexes[commit]
        return [index[kind, key] for key in keys if (kind, key) in index]

    def _claim(self, tree: CommitTree, path: str) -> _Claim | None:
        name = (path, tree.entries[path].name)
        if name not in self._claims:
            file = read_past(tree, path, View(""))
            self._claims[name] = (file.kind, file.key) if file and file.key is not None else None
        return self._claims[name]
