"""Finds the repository of a folder without running git and without trusting the folder's content.

Only an entry named `.git` marks a repository, and git never commits an entry of that name. A folder that merely looks like a bare
repository is an ordinary folder: its files may come from a pull request.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

import msgspec

from reconciler.disk import read_regular

_ENTRY: Final = ".git"
_GITFILE_PREFIX: Final = b"gitdir: "
_MAX_POINTER_BYTES: Final = 8_192


class Checkout(msgspec.Struct, frozen=True):
    """A work tree and its git folders; all paths are absolute and without symbolic links.

    `git_dir` has what belongs to this work tree alone (HEAD, the index); `common_dir` has what all work trees share (objects, branches).
    The two differ only in a linked work tree. `prefix` is the path from `top` to the requested folder: empty, or with a trailing slash.
    """

    top: Path
    git_dir: Path
    common_dir: Path
    prefix: str

    @property
    def objects(self) -> Path:
        return self.common_dir / "objects"


class NoCheckout(Exception):
    """There is no usable repository; the message gives the reason."""


def find_checkout(folder: Path) -> Checkout:
    """The innermost work tree that contains this folder. Raises NoCheckout."""
    try:
        start = Path(os.path.realpath(folder))
        found = next((found for top in (start, *start.parents) if (found := _checkout_at(top))), None)
    except OSError as error:
        raise NoCheckout(f"its repository cannot be found: {error.strerror}") from None
    if found is None:
        raise NoCheckout("this folder is not in a git work tree")
    top, git_dir, common_dir = found
    inner = start.relative_to(top).as_posix()
    return Checkout(top, git_dir, common_dir, "" if inner == "." else f"{inner}/")


def _checkout_at(top: Path) -> tuple[Path, Path, Path] | None:
    """The work tree whose top is this folder. A `.git` folder that is not a repository is skipped, as in git."""
    entry = top / _ENTRY
    try:
        mode = entry.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    if stat.S_ISDIR(mode):
        git_dir = entry.resolve()
        return (top, git_dir, git_dir) if _is_git_dir(git_dir) else None
    if not stat.S_ISREG(mode):
        raise NoCheckout(f"{entry} is neither a folder nor a file")
    return (top, *_linked(top, entry))


def _linked(top: Path, gitfile: Path) -> tuple[Path, Path]:
    """The git folder and the common folder that a `.git` file points to, for a linked work tree or a submodule.

    Raises NoCheckout if they are inside the work tree, or belong to another one.
    """
    pointer = read_small(gitfile, _MAX_POINTER_BYTES)
    if pointer is None or not pointer.startswith(_GITFILE_PREFIX):
        raise NoCheckout(f"{gitfile} does not point to a repository")
    git_dir = _followed(top, pointer.removeprefix(_GITFILE_PREFIX))
    if git_dir.is_relative_to(top):
        raise NoCheckout(f"{gitfile} points into its own work tree")
    shared = read_small(git_dir / "commondir", _MAX_POINTER_BYTES)
    if shared is None:
        common_dir = git_dir
    else:
        common_dir = _followed(git_dir, shared)
        if git_dir.parent != common_dir / "worktrees" or not _leads_back(git_dir, gitfile):
            raise NoCheckout(f"{gitfile} points to the data of another work tree")
    if not (git_dir / "HEAD").is_file() or not _is_git_dir(common_dir):
        raise NoCheckout(f"{gitfile} does not point to a repository")
    return git_dir, common_dir


def _leads_back(git_dir: Path, gitfile: Path) -> bool:
    """Whether the git data point to this work tree, or to one that does not exist on this machine, such as a path outside a container."""
    back = read_small(git_dir / "gitdir", _MAX_POINTER_BYTES)
    there = _followed(git_dir, back) if back is not None else None
    return there is not None and (there == gitfile or not there.exists())


def _followed(start: Path, pointer: bytes) -> Path:
    """The path that a pointer file refers to, relative to the pointer's folder. A pointer with a NUL yields a path that cannot exist."""
    return Path(os.path.realpath(start / os.fsdecode(pointer.rstrip(b"\r\n").replace(b"\0", b"?"))))


def _is_git_dir(folder: Path) -> bool:
    return (
        (folder / "HEAD").is_file()
        and (folder / "objects").is_dir()
        and any(map(Path.is_dir, (folder / "refs", folder / "reftable")))
    )


def read_small(file: Path, limit: int) -> bytes | None:
    """The content of a regular file of at most `limit` bytes; None for anything else. Never raises and never blocks."""
    try:
        return read_regular(file, limit)
    except (OSError, ValueError):
        return None
