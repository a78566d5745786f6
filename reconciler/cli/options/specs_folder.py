"""Finds the specs folder when `--specs` is not given: here, or in a parent folder of the repository."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

NAME: Final = "specs"
_SETTINGS: Final = "reconciler.yaml"
"""The same name as in `settings.loading`, which is slow to import."""


def find_specs(here: Path, home: str | None = None) -> Path:
    """The specs folder, relative to `here`: `specs`, or one in a parent folder; `specs` if none is found.

    A folder with settings wins over one without. The search stops at the root of the git repository, at `home`, and at another user's
    folders.
    """
    if (here / NAME / _SETTINGS).is_file():
        return Path(NAME)
    folders = list(_above(here, home))
    found = [folder for folder in folders if (folder / _SETTINGS).is_file()]
    found += [folder / NAME for folder in folders if (folder / NAME / _SETTINGS).is_file()]
    if not found:
        found = [folder for folder in folders if folder.name == NAME] + [
            folder / NAME for folder in folders if _is_specs(folder / NAME)
        ]
    return seen_from(here, max(found, key=lambda folder: len(folder.parts))) if found else Path(NAME)


def seen_from(here: Path, folder: Path) -> Path:
    """A relative path to this folder that ends with its name, so that it has a parent: `../specs` rather than `.`."""
    whole = (here / folder).resolve()
    return Path(os.path.relpath(whole.parent, here)) / whole.name


def _is_specs(folder: Path) -> bool:
    return folder.is_dir() and not folder.is_symlink()


def _above(here: Path, home: str | None) -> Iterator[Path]:
    """The folder and its parents, up to the repository root, the home folder or the last folder of the same user."""
    owner = here.stat().st_uid
    for folder in (here, *here.parents):
        if folder.stat().st_uid != owner:
            return
        yield folder
        if (folder / ".git").exists() or (home and folder == Path(home)):
            return
