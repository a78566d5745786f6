"""The specs that a person names: by key, by the path of a file or folder, or by a glob on keys.

A path is relative to the current folder, or to the root of the repository, as git and GitHub show it. A key wins over a path.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec

from reconciler.desired.files import PROOFS, default_key
from reconciler.desired.specs import DesiredSet
from reconciler.documents.kinds import Kind
from reconciler.errors import UsageError
from reconciler.sdk.patterns import KEY
from reconciler.wording.guesses import guess, suggestion

_GLOB: Final = re.compile(r"[*?\[]")
_LONGEST: Final = 200
STATUS_HINT: Final = "`reconciler status` lists the keys"


def is_plain(name: str) -> bool:
    """Whether this can only be a key: it has the form of one, and nothing in the current folder has this name."""
    return re.fullmatch(KEY, name) is not None and not os.path.lexists(name)


def is_glob(name: str) -> bool:
    """Whether this is a glob, and not the name of something in the current folder."""
    return _GLOB.search(name) is not None and not _is_there(Path(name))


class SpecNames(msgspec.Struct, frozen=True):
    """The names of the specs in one specs folder. `wanted` limits what globs and folders select, by kind and key."""

    specs: Path
    desired: DesiredSet
    wanted: Callable[[Kind, str], bool] = msgspec.field(default=lambda _kind, _key: True)

    def keys(self, names: Iterable[str]) -> tuple[str, ...]:
        """The keys of these specs, each once, in the order of the names. A name that can only be a key is kept although no file has it.

        Raises UsageError for a glob or a path that selects nothing.
        """
        return tuple(dict.fromkeys(key for name in names for key in self._keys(name)))

    def key(self, name: str) -> str:
        """The key of the one spec with this name. Raises UsageError also if it selects several."""
        found = self.keys((name,))
        if len(found) > 1:
            shown = ", ".join(found[:5]) + (" …" if len(found) > 5 else "")  # noqa: PLR2004 - enough to recognize them
            raise UsageError(
                f"{name[:_LONGEST]!r} selects {len(found)} specs, and one is meant: {shown}", hint="name one of them"
            )
        return found[0]

    def files(self, key: str) -> tuple[Path, ...]:
        """The spec files with this key."""
        return tuple(self.specs / path for (_, other), path in sorted(self.desired.paths.items()) if other == key)

    def known(self) -> set[str]:
        """All keys."""
        return {key for _, key in self.desired.paths}

    def unknown(self, name: str) -> UsageError:
        """The error for a key that no spec has, with the nearest one."""
        return UsageError(f"no such key, file or folder: {name[:_LONGEST]}", hint=self._hint(name))

    def _keys(self, name: str) -> Iterator[str]:
        if not name:
            raise UsageError("a KEY is empty", hint="name a key, a path or a glob")
        if name in self.known():
            yield name
        elif is_glob(name):
            yield from self._of_glob(name)
        elif (path := self._path(name)) is not None:
            yield from self._of_path(name, path)
        elif re.fullmatch(KEY, name):
            yield name  # the command knows more keys, such as those of removed files
        else:
            raise self.unknown(name)

    def _of_glob(self, name: str) -> list[str]:
        if "/" in name:
            hint = f"write a glob for keys, such as {_quoted(PurePosixPath(name).name)}"
            raise UsageError(f"{name[:_LONGEST]!r} is a glob for paths, and globs select keys", hint=hint)
        found = sorted({key for kind, key in self.desired.paths if fnmatchcase(key, name) and self.wanted(kind, key)})
        if not found:
            raise UsageError(f"no key matches {name[:_LONGEST]!r}", hint=self._hint(_GLOB.sub("", name)))
        return found

    def _of_path(self, name: str, path: str) -> list[str]:
        """The keys of the files at or below this path, relative to the specs folder; of a proof's file, the key of the proof."""
        below = "" if path == "." else f"{path}/"
        found = [
            key
            for (kind, key), file in sorted(self.desired.paths.items())
            if (file == path or file.startswith(below)) and (file == path or self.wanted(kind, key))
        ]
        parts = PurePosixPath(path).parts
        if not found and len(parts) > 1 and parts[0] == PROOFS and parts[1] in self.known():
            found = [parts[1]]
        if not found:
            hint = "name a spec file, a folder with spec files, or a key"
            raise UsageError(f"there is no spec in {name[:_LONGEST]}", hint=hint)
        return found

    def _path(self, name: str) -> str | None:
        """The path below the specs folder, relative to it, of something that exists; None for anything else."""
        folder = Path(os.path.realpath(self.specs))
        places = (Path.cwd(), _root(folder))
        there = [place / name for place in places if _is_there(place / name)]
        for place in there:
            found = Path(os.path.realpath(place.parent)) / place.name if place.name not in ("", "..") else place.resolve()
            if found.is_relative_to(folder):
                return found.relative_to(folder).as_posix()
        if there and (os.sep in name or not re.fullmatch(KEY, name)):
            hint = f"name a file or folder in {self.specs.as_posix()}, or choose another folder with --specs"
            raise UsageError(f"{name[:_LONGEST]} is outside the specs folder", hint=hint)
        return None

    def _hint(self, name: str) -> str:
        path = PurePosixPath(name)
        meant = guess(default_key(name) or path.name, self.known()) or guess(path.name, self.known())
        return suggestion(meant) if meant else STATUS_HINT


def _root(folder: Path) -> Path:
    """The root of the repository that this folder is in, or else the folder above it."""
    return next((above for above in folder.parents if os.path.lexists(above / ".git")), folder.parent)


def _is_there(path: Path) -> bool:
    try:
        return os.path.lexists(path)
    except ValueError:  # a null byte
        return False


def _quoted(glob: str) -> str:
    return f"'{glob}'"
