"""Files as a repository may have prepared them: what is written follows no link of a repository, what is read is a file, and bounded.

A repository is untrusted. A link in it may lead anywhere, and what looks like a file may be a pipe that never answers or a device that
never ends. So a path is opened one folder after the other, each without following a link as soon as the folder is inside of a repository:
the folder of the command, one with a `.git`, or anything below. Links above that are the user's own. Everything raises OSError; `Unfit`
says in words what is wrong with the file, and what to do.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

_FOLDER: Final = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_CLOEXEC
_READ: Final = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
"""Not blocking, because opening a pipe would wait for its other end."""
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_LINK_HINT: Final = "replace the link with a file or folder, or use a path outside the repository"
_FILE_HINT: Final = "remove it, or use another file"
_ARE_LINKS: Final = frozenset({errno.ELOOP, errno.ENOTDIR, errno.EMLINK})


class Unfit(OSError):
    """What is there is not what may be read or written: `strerror` says what it is, `hint` what to do."""

    def __init__(self, code: int, reason: str, path: Path, hint: str) -> None:
        super().__init__(code, reason, str(path))
        self.hint = hint


def write_whole(path: Path, data: bytes, *, mode: int = 0o600, is_new: bool = False, parents: bool = False) -> None:
    """Put a file in its place whole or not at all; one that is there is replaced, and keeps its permissions.

    `mode` is that of a new file, less the umask. With `is_new` a file that is there is an error (FileExistsError). With `parents` missing
    folders are made. A pipe or device outside of a repository is written to, not replaced. Raises OSError.
    """
    with _folder_of(path, parents=parents) as (folder, is_inside):
        there = _look(path, folder, is_inside=is_inside)
        if there is not None and is_new:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        if there is None or stat.S_ISREG(there.st_mode):
            _put(path.name, data, folder, mode, there, is_new=is_new)
            return
    if stat.S_ISLNK(there.st_mode):  # the user's own
        write_whole(Path(os.path.realpath(path)), data, mode=mode, is_new=is_new)
    else:
        path.write_bytes(data)


def create_new(path: Path) -> BinaryIO:
    """A new file, open for writing; its missing folders are made. Raises OSError (FileExistsError)."""
    with _folder_of(path, parents=True) as (folder, _):
        return os.fdopen(os.open(path.name, _NEW, 0o600, dir_fd=folder), "wb")


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, where they are missing. Raises OSError."""
    with _folder_of(path / "any", parents=True):
        pass


def check_in_place(path: Path) -> None:
    """For a file that a library opens by its name, to change it where it is. Its missing folders are made.

    Raises OSError for a link in a repository, for what is no regular file, and for one that has another name elsewhere.
    """
    with _folder_of(path, parents=True) as (folder, is_inside):
        there = _look(path, folder, is_inside=is_inside)
    if there is not None and is_inside and there.st_nlink > 1:
        raise Unfit(errno.EMLINK, "it is a hard link to a file with another name", path, _FILE_HINT)


def read_regular(path: Path, limit: int) -> bytes:
    """The content of a regular file of at most `limit` bytes. Raises OSError for everything else, and never waits."""
    with open_regular(path, limit) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise _too_large(path, len(data), limit)
    return data


def read_most(path: Path, limit: int) -> bytes:
    """The first `limit` bytes of a regular file of any size. Raises OSError for everything else, and never waits."""
    with open_regular(path, None) as file:
        return file.read(limit)


def open_regular(path: Path, limit: int | None, *, follow: bool = True) -> BinaryIO:
    """A regular file of at most `limit` bytes, open for reading; without `follow` no link. Raises OSError."""
    try:
        descriptor = os.open(path, _READ | (0 if follow else os.O_NOFOLLOW))
    except OSError as error:
        if not follow and error.errno in _ARE_LINKS and path.is_symlink():
            raise _linked(path) from None
        if error.errno == errno.ENXIO:  # a socket
            raise Unfit(errno.EINVAL, "it is a socket, not a file", path, _FILE_HINT) from None
        raise
    found = os.fstat(descriptor)
    if stat.S_ISREG(found.st_mode) and (limit is None or found.st_size <= limit):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise _too_large(path, found.st_size, limit) if limit and stat.S_ISREG(found.st_mode) else _irregular(path, found.st_mode)


def is_inside_repository(folder: Path) -> bool:
    """Whether this real folder, or one above it, is the one that the command runs in, or has a `.git`."""
    here = Path.cwd()
    return any(
        above == here or os.path.lexists(above / ".git") for above in (folder, *folder.parents) if above != Path(folder.anchor)
    )


@contextlib.contextmanager
def _folder_of(path: Path, *, parents: bool) -> Iterator[tuple[int, bool]]:
    """The folder that a path is in, open, and whether it is inside of a repository."""
    names = Path(os.path.abspath(path)).parent.parts  # noqa: PTH100 - resolve() would follow the links that are looked for
    descriptor = os.open(names[0], _FOLDER)
    is_inside = False
    try:
        so_far = Path(names[0])
        for name in names[1:]:
            so_far /= name
            below = _enter(descriptor, name, so_far, parents=parents, follow=not is_inside)
            os.close(descriptor)
            descriptor = below
            is_inside = is_inside or is_inside_repository(Path(os.path.realpath(so_far)))
        yield descriptor, is_inside
    finally:
        os.close(descriptor)


def _enter(folder: int, name: str, path: Path, *, parents: bool, follow: bool) -> int:
    flags = _FOLDER | (0 if follow else os.O_NOFOLLOW)
    try:
        return os.open(name, flags, dir_fd=folder)
    except FileNotFoundError:
        if not parents:
            raise
        with contextlib.suppress(FileExistsError):
            os.mkdir(name, dir_fd=folder)
        return os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
    except OSError as error:
        if not follow and error.errno in _ARE_LINKS and path.is_symlink():
            raise _linked(path) from None
        raise


def _look(path: Path, folder: int, *, is_inside: bool) -> os.stat_result | None:
    """What is at the path; None for nothing. Raises Unfit for what may not be written over."""
    try:
        found = os.stat(path.name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found.st_mode):
        raise _irregular(path, found.st_mode)
    if is_inside and stat.S_ISLNK(found.st_mode):
        raise _linked(path)
    if is_inside and not stat.S_ISREG(found.st_mode):
        raise _irregular(path, found.st_mode)
    return found


def _put(name: str, data: bytes, folder: int, mode: int, there: os.stat_result | None, *, is_new: bool) -> None:
    """The file, with the permissions of the one that was there; a new one replaces none that has come to be."""
    draft = f".{name[:100]}.{os.urandom(8).hex()}"
    try:
        with os.fdopen(os.open(draft, _NEW, mode, dir_fd=folder), "wb") as file:
            if there is not None:
                os.fchmod(file.fileno(), stat.S_IMODE(there.st_mode))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            os.link(draft, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
        else:
            os.replace(draft, name, src_dir_fd=folder, dst_dir_fd=folder)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(draft, dir_fd=folder)


def _linked(path: Path) -> Unfit:
    return Unfit(errno.ELOOP, f"{_shown(path)} is a link; links in a repository are not followed", path, _LINK_HINT)


def _irregular(path: Path, mode: int) -> Unfit:
    tests = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"))
    what = next((name for test, name in tests if test(mode)), "a device")
    return Unfit(errno.EINVAL, f"it is {what}, not a file", path, _FILE_HINT)


def _too_large(path: Path, size: int, limit: int) -> Unfit:
    return Unfit(errno.EFBIG, f"it has {size:,} bytes; the limit is {limit:,}", path, _FILE_HINT)


def _shown(path: Path) -> Path:
    """The path as it is below the folder of the command, if it is."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
