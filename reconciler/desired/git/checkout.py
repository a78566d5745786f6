"""Where the repository of a folder keeps its data, found without asking git, and without believing what lies inside the folder.

Only an entry called `.git` leads to a repository, and git takes none of that name into a commit. A folder that merely looks like a bare
repository is a folder: its files may have come with a pull request.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reconciler.disk import read_regular

_ENTRY: Final = ".git"
_GITFILE_PREFIX: Final = b"gitdir: "
_MAX_POINTER_BYTES: Final = 8_192


@dataclass(frozen=True, slots=True)
class Checkout:
    """A work tree and the folders that git keeps for it; all paths are absolute and without links.

    `git_dir` has what belongs to this work tree alone (HEAD, the index), `common_dir` what all of them share (objects, branches). They
    are one, but for a linked work tree. `prefix` leads from `top` to the folder that was asked for: empty, or with a slash at its end.
    """

    top: Path
    git_dir: Path
    common_dir: Path
    prefix: str

    @property
    def objects(self) -> Path:
        return self.common_dir / "objects"


class NoCheckout(Exception):
    """There is no repository here, or none whose data can be used; the message says why."""


def find_checkout(folder: Path) -> Checkout:
    """The innermost work tree that holds this folder. Raises NoCheckout."""
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
    """The work tree whose top is this folder. A folder `.git` that is no repository is passed over, as git does."""
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
    """Where the file `.git` of a linked work tree, or of a submodule, leads to: outside of the work tree, and back to it."""
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
    """Whether the data of a work tree name this one, or one that is not on this machine: a container may have it elsewhere."""
    back = read_small(git_dir / "gitdir", _MAX_POINTER_BYTES)
    there = _followed(git_dir, back) if back is not None else None
    return there is not None and (there == gitfile or not there.exists())


def _followed(start: Path, pointer: bytes) -> Path:
    """Where a pointer leads to, from the folder that it is relative to. One with a NUL leads to a name that no file has."""
    return Path(os.path.realpath(start / os.fsdecode(pointer.rstrip(b"\r\n").replace(b"\0", b"?"))))


def _is_git_dir(folder: Path) -> bool:
    return (
        (folder / "HEAD").is_file()
        and (folder / "objects").is_dir()
        and any(map(Path.is_dir, (folder / "refs", folder / "reftable")))
    )


def read_small(file: Path, limit: int) -> bytes | None:
    """The content of a regular file of at most `limit` bytes; None for everything else. Never raises, and never waits."""
    try:
        return read_regular(file, limit)
    except (OSError, ValueError):
        return None
