"""The arguments that name specs: keys, paths and globs, alike for every command."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from reconciler.cli.shell import Shell
from reconciler.desired.naming import SpecNames, is_plain
from reconciler.documents.kinds import Kind
from reconciler.errors import UsageError


def keys_named(shell: Shell, names: Sequence[str], *, sources: bool = False, fetching: bool = False) -> tuple[str, ...]:
    """The keys that these arguments name; folders and globs select only `sources`, or only those `fetching` records.

    The spec files are read only for a name that may be something else than a key: a key that no file has is an error of the command.
    Raises UsageError for a path or a glob that selects nothing.
    """
    if all(map(is_plain, names)):
        return tuple(dict.fromkeys(names))
    return spec_names(shell, sources=sources, fetching=fetching).keys(names)


def key_named(shell: Shell, name: str) -> str:
    """The key of the one source that this argument names. Raises UsageError."""
    return name if is_plain(name) else spec_names(shell, sources=True).key(name)


def file_named(shell: Shell, path: Path) -> Path:
    """The file at this path; where there is none, the file of the spec with this name. Raises UsageError if several specs have it."""
    name = str(path)
    if (os.path.lexists(path) and not path.is_dir()) or (is_plain(name) and path.suffix):
        return path
    found = spec_names(shell)
    files = found.files(found.key(name))
    if not files and path.is_dir():
        raise UsageError(f"{name} is a folder without spec files", hint="name a spec file, an artifact or a key")
    if len(files) != 1:
        raise found.unknown(name) if not files else UsageError(f"{name!r} is the key of {len(files)} files", hint="pass one file")
    return files[0]


def spec_names(shell: Shell, *, sources: bool = False, fetching: bool = False) -> SpecNames:
    """The names of the specs in the specs folder; problems of files are left to the command."""
    from reconciler.desired.load import load_desired
    from reconciler.desired.tree import WorkingTree
    from reconciler.sdk.sources import STREAMING

    specs = shell.scope.specs
    desired = load_desired(WorkingTree(specs), shell.scope.target or "", specs.as_posix())
    streaming = {spec.key for spec in desired.specs if spec.spec_type == STREAMING} if fetching else set()

    def wanted(kind: Kind, key: str) -> bool:
        return kind is Kind.CONNECTION_SPEC and key not in streaming

    return SpecNames(specs, desired, wanted) if sources or fetching else SpecNames(specs, desired)


def paths_named(shell: Shell, names: Iterable[str]) -> Callable[[Path], bool] | None:
    """Whether a file is one of those that these arguments name: of a spec, its file and its proof. None without arguments.

    A file or folder that exists is taken as it is, also one that is no spec file. Raises UsageError for a name of nothing, and for a
    path that has nothing to do with the specs folder: nothing there would be checked.
    """
    from reconciler.desired.files import PROOFS

    given = list(names)
    if not given:
        return None
    chosen = [Path(name) for name in given if _exists(name)]
    _check_inside(shell.scope.specs, chosen)
    if len(chosen) < len(given):
        found = spec_names(shell)
        for name in (name for name in given if not _exists(name)):
            for key in found.keys((name,)):
                files = found.files(key)
                if not files:
                    raise found.unknown(key)
                chosen += [*files, found.specs / PROOFS / key]
    resolved = [path.resolve() for path in chosen]
    return lambda file: any(file.resolve().is_relative_to(path) for path in resolved)


def _check_inside(specs: Path, chosen: Iterable[Path]) -> None:
    """Raises UsageError for a path that is neither in the specs folder nor above it. A link counts as what it is, not as its end."""
    folder = Path(os.path.realpath(specs))
    for path in chosen:
        places = {path.resolve(), path.parent.resolve() / path.name}
        if not any(place.is_relative_to(folder) or folder.is_relative_to(place) for place in places):
            hint = f"name a file or folder in {specs.as_posix()}, or choose another folder with --specs"
            raise UsageError(f"{path} is outside the specs folder", hint=hint)


def _exists(name: str) -> bool:
    try:
        return Path(name).exists()
    except ValueError:  # a null byte
        return False
