"""The cache folder: where it is, and whether it may be used.

What is in it decides what a plan says of unchanged files, so nobody but the user may write there: it is the user's own, closed to
others, outside every repository, and not reached through a link.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = "RECONCILER_CACHE_DIR"
"""The environment variable that names another folder."""
SWITCH: Final = "RECONCILER_NO_CACHE"
"""The environment variable that switches the cache off, with any value but an empty one or 0."""
_OF_CI: Final = ("CI", "TF_BUILD", "JENKINS_URL")
"""What GitHub, GitLab and most others set, what Azure sets, and what Jenkins sets."""
_NO: Final = ("", "0", "false", "no")
_OWN: Final = "aep-spec-reconciler"
_STORE: Final = "specs-1"
"""The folder in the cache folder that has the files. Its number is that of the format: another version uses another folder."""
_OTHERS: Final = 0o077
_OTHERS_WRITE: Final = 0o022


class Unusable(Exception):
    """The cache folder must not be used; the message is the reason, and `hint` the next step."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class CachePlace:
    """The cache folder as the environment and the command line have it. `root` is None if there is none to use."""

    root: Path | None
    is_off: bool = False
    """Whether `--no-cache` or the environment switched it off."""

    @property
    def store(self) -> Path | None:
        """The folder with the files; None if the cache is off or has no folder."""
        return None if self.root is None or self.is_off else self.root / _STORE


NO_CACHE: Final = CachePlace(None, is_off=True)


def place_in(environ: Mapping[str, str], platform: str = sys.platform, *, is_off: bool = False) -> CachePlace:
    """The cache folder in this environment: the one that is named, or the usual one of the system; in CI, only one that is named.

    A machine that runs the jobs of many has one home folder, and what a pull request left there must not reach the job that applies.
    """
    off = is_off or environ.get(SWITCH, "") not in ("", "0")
    named = environ.get(FOLDER, "")
    if named:
        return CachePlace(Path(named) if Path(named).is_absolute() else Path.cwd() / named, off)
    base = None if is_ci(environ) else _base(environ, platform)
    return CachePlace(base / _OWN if base is not None and base.is_absolute() else None, off)


def is_ci(environ: Mapping[str, str]) -> bool:
    """Whether this is the environment of a pipeline."""
    return any(environ.get(name, "").lower() not in _NO for name in _OF_CI)


def _base(environ: Mapping[str, str], platform: str) -> Path | None:
    """The folder for the caches of all programs, as each system has it; None if the environment does not say where it is."""
    if platform == "win32":
        local = environ.get("LOCALAPPDATA", "")
        return Path(local) if local else None
    xdg, home = environ.get("XDG_CACHE_HOME", ""), environ.get("HOME", "")
    if platform != "darwin" and xdg and Path(xdg).is_absolute():
        return Path(xdg)
    if not home:
        return None
    return Path(home) / "Library" / "Caches" if platform == "darwin" else Path(home) / ".cache"


def open_store(place: CachePlace, *, makes: bool) -> Path | None:
    """The folder with the files, checked; None if the cache is off, or if the folder does not exist and `makes` is not set.

    Raises Unusable if it must not be used, OSError if it cannot be.
    """
    store = place.store
    if store is None or place.root is None:
        return None
    _outside_repositories(place.root)
    if makes:
        place.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        _check(place.root, _OTHERS_WRITE)
        if makes and not os.path.lexists(store):
            store.mkdir(mode=0o700, exist_ok=True)
        _check(store, _OTHERS)
    except FileNotFoundError:
        if makes:
            raise
        return None
    return store


def _outside_repositories(root: Path) -> None:
    from reconciler.disk import is_inside_repository  # noqa: PLC0415 - each command imports this module, and few need that one

    if is_inside_repository(Path(os.path.realpath(root))):
        raise Unusable(f"{root} is inside a repository", f"set {FOLDER} to a folder outside it")


def _check(folder: Path, closed: int) -> None:
    """Raises Unusable unless this is a folder of the user, without these permissions. Raises OSError."""
    from reconciler.folders import is_link  # noqa: PLC0415 - see above

    found = folder.lstat()
    if is_link(found):
        raise Unusable(f"{folder} is a link", "replace the link with a folder")
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    if not hasattr(os, "geteuid"):
        return
    if found.st_uid != os.geteuid():
        raise Unusable(f"{folder} belongs to another user", f"set {FOLDER} to a folder of your own")
    if stat.S_IMODE(found.st_mode) & closed:
        raise Unusable(f"other users can {'write to' if closed == _OTHERS_WRITE else 'read'} {folder}", f"run chmod 700 {folder}")
