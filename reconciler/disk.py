"""File access that is safe in an untrusted repository: no links are followed on writes, and reads are bounded.

A link in a repository may point anywhere, and what looks like a file may be a pipe that never responds or a device without an end. So a
path is opened folder by folder. Links are followed only above the repository, where they belong to the user. A folder is inside a
repository if it, or a folder above it, is the working directory or has a `.git`. All functions raise OSError; `Unfit` also says what is
wrong with the file and what to do.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from reconciler.folders import Folder, IrregularFile, IsLink, is_link, open_root, open_to_read

_LINK_HINT: Final = "replace the link with a file or folder, or use a path outside the repository"
_FILE_HINT: Final = "remove it, or use another file"
_PAGE: Final = 4096


class Unfit(OSError):
    """A path that must not be read or written: `strerror` gives the reason, `hint` the next step."""

    def __init__(self, code: int, reason: str, path: Path, hint: str) -> None:
        super().__init__(code, reason, str(path))
        self.hint = hint


def write_whole(path: Path, data: bytes, *, mode: int = 0o600, is_new: bool = False, parents: bool = False) -> None:
    """Write a file atomically. An existing file is replaced and keeps its permissions.

    `mode` is the mode of a new file, before the umask. With `is_new`, an existing file is an error (FileExistsError). With `parents`,
    missing folders are created. A pipe or device outside a repository is written to, not replaced. Raises OSError.
    """
    with _folder_of(path, parents=parents) as (folder, is_inside):
        there = _look(path, folder, is_inside=is_inside)
        if there is not None and is_new:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        if there is None or stat.S_ISREG(there.st_mode):
            _put(path.name, data, folder, mode, there, is_new=is_new)
            return
    if is_link(there):  # a link, pipe or device of the user's own
        write_whole(Path(os.path.realpath(path)), data, mode=mode, is_new=is_new)
    else:
        path.write_bytes(data)


def create_new(path: Path) -> BinaryIO:
    """Create a new file and open it for writing. Missing folders are created. Raises OSError (FileExistsError)."""
    with _folder_of(path, parents=True) as (folder, _):
        return folder.create(path.name, 0o600)


def make_folder(path: Path) -> None:
    """Create a folder and its missing parents. Raises OSError."""
    with _folder_of(path / "any", parents=True):
        pass


def check_in_place(path: Path) -> None:
    """Check a file that a library opens by name and changes in place. Missing folders are created.

    Raises OSError for a link in a repository, for anything but a regular file, and for a file with more than one hard link.
    """
    with _folder_of(path, parents=True) as (folder, is_inside):
        there = _look(path, folder, is_inside=is_inside)
    if there is not None and is_inside and there.st_nlink > 1:
        raise Unfit(errno.EMLINK, "it is a hard link to a file with another name", path, _FILE_HINT)


def read_regular(path: Path, limit: int) -> bytes:
    """The content of a regular file of at most `limit` bytes. Raises OSError for anything else; never blocks."""
    data = _start_of(_opened(path, limit), limit + 1)
    if len(data) > limit:
        raise _too_large(path, len(data), limit)
    return data


def read_most(path: Path | str, limit: int, *, follow: bool = True) -> bytes:
    """The first `limit` bytes of a regular file of any size. Raises OSError for anything else; never blocks.

    Links are refused unless `follow` is set.
    """
    return _start_of(_opened(path, None, follow=follow), limit)


def open_regular(path: Path, limit: int | None, *, follow: bool = True) -> BinaryIO:
    """Open a regular file of at most `limit` bytes for reading. Links are refused unless `follow` is set. Raises OSError."""
    return os.fdopen(_opened(path, limit, follow=follow)[0], "rb")


def _opened(path: Path | str, limit: int | None, *, follow: bool = True) -> tuple[int, int]:
    """A descriptor of that file, and its size."""
    try:
        descriptor = open_to_read(path, follow=follow)
    except IsLink:
        raise _linked(Path(path)) from None
    except IrregularFile as error:
        raise _irregular(Path(path), error.mode) from None
    except OSError as error:
        if error.errno == errno.ENXIO:  # a socket
            raise Unfit(errno.EINVAL, "it is a socket, not a file", Path(path), _FILE_HINT) from None
        raise
    found = os.fstat(descriptor)
    if stat.S_ISREG(found.st_mode) and (limit is None or found.st_size <= limit):
        return descriptor, found.st_size
    os.close(descriptor)
    path = Path(path)
    raise _too_large(path, found.st_size, limit) if limit and stat.S_ISREG(found.st_mode) else _irregular(path, found.st_mode)


def _start_of(opened: tuple[int, int], limit: int) -> bytes:
    """At most `limit` bytes of a file, which is closed. It may have another size by now, so it is read to its end.

    A buffer of the size of the limit would cost more than the reading.
    """
    descriptor, size = opened
    parts: list[bytes] = []
    try:
        while limit > 0 and (part := os.read(descriptor, min(limit, max(size, _PAGE) + 1))):
            parts.append(part)
            limit -= len(part)
    finally:
        os.close(descriptor)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def is_inside_repository(folder: Path) -> bool:
    """Whether this resolved folder, or one above it, is the working directory or has a `.git`."""
    here = Path.cwd()
    return any(
        above == here or os.path.lexists(above / ".git") for above in (folder, *folder.parents) if above != Path(folder.anchor)
    )


@contextlib.contextmanager
def _folder_of(path: Path, *, parents: bool) -> Iterator[tuple[Folder, bool]]:
    """The open parent folder of a path, and whether it is inside a repository."""
    names = Path(os.path.abspath(path)).parent.parts  # noqa: PTH100 - resolve() would follow the links that are looked for
    folder = open_root(names[0])
    is_inside = False
    try:
        so_far = Path(names[0])
        for name in names[1:]:
            so_far /= name
            below = _enter(folder, name, so_far, parents=parents, follow=not is_inside)
            folder.close()
            folder = below
            is_inside = is_inside or is_inside_repository(Path(os.path.realpath(so_far)))
        yield folder, is_inside
    finally:
        folder.close()


def _enter(folder: Folder, name: str, path: Path, *, parents: bool, follow: bool) -> Folder:
    try:
        return folder.enter(name, path, follow=follow)
    except IsLink:
        raise _linked(path) from None
    except FileNotFoundError:
        if not parents:
            raise
    with contextlib.suppress(FileExistsError):
        folder.make(name)
    try:
        return folder.enter(name, path, follow=False)
    except IsLink:
        raise _linked(path) from None


def _look(path: Path, folder: Folder, *, is_inside: bool) -> os.stat_result | None:
    """The status of the path; None if it does not exist. Raises Unfit if it must not be overwritten."""
    try:
        found = folder.status(path.name)
    except FileNotFoundError:
        return None
    if is_inside and is_link(found):
        raise _linked(path)
    if stat.S_ISDIR(found.st_mode):
        raise _irregular(path, found.st_mode)
    if is_inside and not stat.S_ISREG(found.st_mode):
        raise _irregular(path, found.st_mode)
    return found


def _put(name: str, data: bytes, folder: Folder, mode: int, there: os.stat_result | None, *, is_new: bool) -> None:
    """Write the file with the permissions of the existing one. With `is_new`, raises FileExistsError if one was created meanwhile."""
    draft = f".{name[:100]}.{os.urandom(8).hex()}"
    try:
        with folder.create(draft, mode) as file:
            if there is not None and hasattr(os, "fchmod"):
                os.fchmod(file.fileno(), stat.S_IMODE(there.st_mode))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            folder.publish(draft, name)
        else:
            folder.replace(draft, name)
    finally:
        with contextlib.suppress(OSError):
            folder.remove(draft)


def _linked(path: Path) -> Unfit:
    return Unfit(errno.ELOOP, f"{_shown(path)} is a link; links in a repository are not followed", path, _LINK_HINT)


def _irregular(path: Path, mode: int) -> Unfit:
    tests = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"))
    what = next((name for test, name in tests if test(mode)), "a device")
    hint = "use the path of a file" if stat.S_ISDIR(mode) else _FILE_HINT
    return Unfit(errno.EINVAL, f"it is {what}, not a file", path, hint)


def _too_large(path: Path, size: int, limit: int) -> Unfit:
    return Unfit(errno.EFBIG, f"it has {size:,} bytes; the limit is {limit:,}", path, _FILE_HINT)


def _shown(path: Path) -> Path:
    """The path, relative to the working directory if it is below it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
