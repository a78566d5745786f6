"""An open folder, in which names are looked up without following links.

Where the system has handles of folders, one is held, so that nobody can put a link in the place of the folder meanwhile. Windows has
none: there the folder is used by its path, and each name is looked at just before it is used. All functions raise OSError.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO, Final, Protocol, Self

_CLOSES: Final = getattr(os, "O_CLOEXEC", 0)
_NO_LINK: Final[int] = getattr(os, "O_NOFOLLOW", 0)
_FOLDER: Final = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0) | _CLOSES
_READ: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | _CLOSES
"""Non-blocking, because opening a pipe waits for its other end."""
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | getattr(os, "O_BINARY", 0) | _CLOSES
_ARE_LINKS: Final = frozenset({errno.ELOOP, errno.ENOTDIR, errno.EMLINK})
_JUNCTION: Final = 0xA0000003
"""IO_REPARSE_TAG_MOUNT_POINT: a folder of Windows that is another one."""


class IsLink(OSError):
    """A link is in a place where links are not followed."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.ELOOP, os.strerror(errno.ELOOP), str(path))


class Folder(Protocol):
    """An open folder; names are those of its entries."""

    def enter(self, name: str, path: Path, *, follow: bool) -> Self:
        """The folder of this name, whose path is `path`. Raises IsLink for a link unless `follow` is set."""

    def make(self, name: str) -> None:
        """Create a folder."""

    def status(self, name: str) -> os.stat_result:
        """The status of the entry itself, not of what a link points to."""

    def create(self, name: str, mode: int) -> BinaryIO:
        """Create a file and open it for writing. Raises FileExistsError."""

    def publish(self, draft: str, name: str) -> None:
        """Give a file its name, if that is still free. Raises FileExistsError. The draft may remain."""

    def replace(self, draft: str, name: str) -> None:
        """Give a file the name of another, which it replaces."""

    def remove(self, name: str) -> None:
        """Remove a file."""

    def close(self) -> None:
        """Let go of the folder."""


def open_root(path: str) -> Folder:
    """The folder of this path, which is a root."""
    return HeldFolder(os.open(path, _FOLDER)) if _has_handles() else NamedFolder(Path(path))


def open_to_read(path: Path | str, *, follow: bool) -> int:
    """A descriptor of an existing file. Raises IsLink for a link unless `follow` is set. Never waits for the other end of a pipe."""
    if not _NO_LINK or not hasattr(os, "O_NONBLOCK"):
        return _open_seen(Path(path), follow=follow)
    try:
        return os.open(path, _READ | (0 if follow else _NO_LINK))
    except OSError as error:
        if not follow and error.errno in _ARE_LINKS and Path(path).is_symlink():
            raise IsLink(Path(path)) from None
        raise


def _open_seen(path: Path, *, follow: bool) -> int:
    """Look at the file, open it, and check that it is the one that was seen."""
    seen = path.stat() if follow else path.lstat()
    if is_link(seen):
        raise IsLink(path)
    if not stat.S_ISREG(seen.st_mode):
        raise IrregularFile(path, seen.st_mode)
    descriptor = os.open(path, _READ)
    if not os.path.samestat(seen, os.fstat(descriptor)):
        os.close(descriptor)
        raise IsLink(path)
    return descriptor


class IrregularFile(OSError):
    """A file is a folder, pipe, socket or device, and was not opened. `mode` is that of `stat`."""

    def __init__(self, path: Path, mode: int) -> None:
        super().__init__(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
        self.mode = mode


def is_link(found: os.stat_result) -> bool:
    """Whether this is the status of a link, or of a junction of Windows."""
    return stat.S_ISLNK(found.st_mode) or getattr(found, "st_reparse_tag", 0) == _JUNCTION


def _has_handles() -> bool:
    needed = {os.open, os.mkdir, os.stat, os.link, os.unlink, os.rename}
    return bool(_NO_LINK) and hasattr(os, "O_DIRECTORY") and needed <= os.supports_dir_fd


class HeldFolder:
    """A folder by its handle."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def enter(self, name: str, path: Path, *, follow: bool) -> HeldFolder:
        try:
            return HeldFolder(os.open(name, _FOLDER | (0 if follow else _NO_LINK), dir_fd=self._handle))
        except OSError as error:
            if not follow and error.errno in _ARE_LINKS and path.is_symlink():
                raise IsLink(path) from None
            raise

    def make(self, name: str) -> None:
        os.mkdir(name, dir_fd=self._handle)

    def status(self, name: str) -> os.stat_result:
        return os.stat(name, dir_fd=self._handle, follow_symlinks=False)

    def create(self, name: str, mode: int) -> BinaryIO:
        return os.fdopen(os.open(name, _NEW, mode, dir_fd=self._handle), "wb")

    def publish(self, draft: str, name: str) -> None:
        os.link(draft, name, src_dir_fd=self._handle, dst_dir_fd=self._handle, follow_symlinks=False)

    def replace(self, draft: str, name: str) -> None:
        os.replace(draft, name, src_dir_fd=self._handle, dst_dir_fd=self._handle)

    def remove(self, name: str) -> None:
        os.unlink(name, dir_fd=self._handle)

    def close(self) -> None:
        os.close(self._handle)


class NamedFolder:
    """A folder by its path."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def enter(self, name: str, path: Path, *, follow: bool) -> NamedFolder:
        below = self._path / name
        if not follow and is_link(below.lstat()):
            raise IsLink(path)
        if not stat.S_ISDIR(below.stat().st_mode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
        return NamedFolder(below)

    def make(self, name: str) -> None:
        (self._path / name).mkdir()

    def status(self, name: str) -> os.stat_result:
        return (self._path / name).lstat()

    def create(self, name: str, mode: int) -> BinaryIO:
        return os.fdopen(os.open(self._path / name, _NEW, mode), "wb")

    def publish(self, draft: str, name: str) -> None:
        if os.name == "nt":
            (self._path / draft).rename(self._path / name)  # never replaces a file there, and needs no hard links
        else:
            (self._path / name).hardlink_to(self._path / draft)

    def replace(self, draft: str, name: str) -> None:
        (self._path / draft).replace(self._path / name)

    def remove(self, name: str) -> None:
        (self._path / name).unlink()

    def close(self) -> None:
        """A path holds nothing open."""
