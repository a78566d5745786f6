"""Commit the artifacts on a new branch of a clone: objects are written by git, and the branch is one new file.

Nothing of that repository is run or applied: git sees a private git folder (see `desired/git/command.py`), so no hook, filter, attribute
or configuration of the clone counts. Its work tree, its index and the branch that is checked out do not change, and nothing is pushed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reconciler.desired.git.checkout import Checkout, NoCheckout, find_checkout
from reconciler.desired.git.command import Git, Installed
from reconciler.desired.git.commit_tree import CommitTree, Entry, UnreadableTree
from reconciler.desired.git.refs import Refs, is_commit_name
from reconciler.disk import Unfit, write_whole
from reconciler.errors import UsageError
from reconciler.submission.branch.author import author_of
from reconciler.submission.report import Submission

_BELOW: Final = "Sources/"
_FILE: Final = "100644"


@dataclass(frozen=True, slots=True)
class Committed:
    """The commit that was made, and the paths in it that are new or changed."""

    name: str
    paths: tuple[str, ...]


def commit_artifacts(repo: Path, branch: str, submission: Submission, environ: Mapping[str, str]) -> Committed:
    """Commit `Sources/…` of this submission on a new branch, on top of the commit that is checked out. Raises UsageError."""
    checkout = _checkout(repo)
    git = Git(checkout, Installed.outside(checkout, environ.get("PATH", "")))
    parent = _parent(checkout, git, repo)
    _check_branch(checkout, git, branch, repo)
    files = {path: data for path, data in submission.files.items() if path.startswith(_BELOW)}
    _check_places(git, parent, files)
    tree = _tree(git, parent, files)
    if tree == _asked(git, "rev-parse", "--verify", f"{parent}^{{tree}}"):
        raise UsageError(f"nothing to commit: {repo} already has these artifacts", hint="leave out --branch and --repo")
    message = f"Add {submission.key}: artifacts of the source\n"
    name = _asked(git, "commit-tree", tree, "-p", parent, "-F", "-", stdin=message.encode(), environ=author_of(environ))
    try:
        write_whole(checkout.common_dir / "refs" / "heads" / branch, f"{name}\n".encode(), mode=0o666, is_new=True, parents=True)
    except OSError as error:
        hint = error.hint if isinstance(error, Unfit) else "choose another name"
        raise UsageError(f"cannot create the branch {branch}: {error.strerror or error}", hint=hint) from error
    return Committed(name, tuple(files))


def _checkout(repo: Path) -> Checkout:
    hint = "pass the folder of a clone of the repository that Adobe gave you access to"
    try:
        checkout = find_checkout(repo)
    except NoCheckout as error:
        raise UsageError(f"--repo {repo}: {error}", hint=hint) from None
    if checkout.prefix:
        raise UsageError(f"--repo {repo} is not the top of its repository", hint=f"pass {checkout.top}")
    return checkout


def _parent(checkout: Checkout, git: Git, repo: Path) -> str:
    refs = Refs(checkout)
    if refs.unreadable:
        raise UsageError(f"--repo {repo}: {refs.unreadable}", hint="clone it again")
    parent = refs.head()
    if parent is None:
        raise UsageError(f"--repo {repo} has no commit yet", hint="clone the repository, or make its first commit")
    if not git.is_installed:
        raise UsageError("git is not installed", hint="install git, or use --out and commit the files by hand")
    return parent


def _check_branch(checkout: Checkout, git: Git, branch: str, repo: Path) -> None:
    """Raises UsageError for a name that git does not allow, and for a branch that exists or is in the way."""
    if branch.startswith("-") or not git.ask("check-ref-format", "--branch", branch).ok or branch == "HEAD":
        raise UsageError(f"{branch[:80]!r} is not a valid name for a branch", hint="for example: --branch mailchimp-members")
    for there in Refs(checkout).branches():
        if there == branch:
            raise UsageError(f"{repo} already has a branch {branch}", hint="choose another name, or delete that branch")
        if there.startswith(f"{branch}/") or branch.startswith(f"{there}/"):
            raise UsageError(f"{branch} cannot be beside the branch {there}", hint="choose another name")


def _check_places(git: Git, parent: str, files: Mapping[str, bytes]) -> None:
    """Raises UsageError where the clone has a link, a submodule or a file in the place of a folder, or the reverse."""
    try:
        entries = CommitTree.everything(git, parent)
    except UnreadableTree as error:
        raise UsageError(f"the clone cannot be read: {error}", hint="fetch the whole history") from None
    for path in files:
        parts = path.split("/")
        above = ["/".join(parts[:length]) for length in range(1, len(parts))]
        blocked = next((place for place in above if place in entries), None)
        entry = entries.get(path)
        if blocked is not None:
            raise UsageError(
                f"{blocked} is {_what(entries[blocked])} in the clone, and not a folder", hint="ask Adobe to correct it"
            )
        if entry is not None and entry.mode != _FILE:
            raise UsageError(f"{path} is {_what(entry)} in the clone, and not a regular file", hint="ask Adobe to correct it")
        if any(there.startswith(f"{path}/") for there in entries):
            raise UsageError(f"{path} is a folder in the clone", hint="ask Adobe to correct it")


def _what(entry: Entry) -> str:
    return {"120000": "a link", "160000": "a submodule", "100755": "an executable file"}.get(entry.mode, "a file")


def _tree(git: Git, parent: str, files: Mapping[str, bytes]) -> str:
    """The tree of the parent with these files, made in an index of its own."""
    _asked(git, "read-tree", parent, is_silent=True)
    lines = []
    for path, data in files.items():
        blob = _asked(git, "hash-object", "-w", "-t", "blob", "--stdin", stdin=data)
        lines.append(f"{_FILE} {blob}\t{path}".encode())
    _asked(git, "update-index", "-z", "--index-info", stdin=b"".join(line + b"\0" for line in lines), is_silent=True)
    return _asked(git, "write-tree", "--missing-ok")


def _asked(
    git: Git, *arguments: str, stdin: bytes = b"", environ: Mapping[str, str] | None = None, is_silent: bool = False
) -> str:
    """The object name that git answers. Raises UsageError."""
    answer = git.ask(*arguments, stdin=stdin, more=environ)
    if not answer.ok or not (is_silent or is_commit_name(answer.text)):
        reason = answer.error.splitlines()[0][:200] if answer.error else f"git {arguments[0]} failed"
        raise UsageError(f"the branch was not made: {reason}", hint="check that the clone is complete and can be written to")
    return answer.text
