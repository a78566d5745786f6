"""Where the specs folder is when nobody names one: here, or above, for whoever stands in a folder of the repository."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

NAME: Final = "specs"
_SETTINGS: Final = "reconciler.yaml"
"""As `settings.loading` has it, which takes time to import."""


def find_specs(here: Path) -> Path:
    """The specs folder as seen from `here`: `specs`, or the path to one above; `specs` again where there is none.

    One with settings is found before one without. Nothing is looked for above the root of the git repository, or in another user's folders.
    """
    if (here / NAME / _SETTINGS).is_file():
        return Path(NAME)
    folders = list(_above(here))
    found = [folder for folder in folders if (folder / _SETTINGS).is_file()]
    found += [folder / NAME for folder in folders if (folder / NAME / _SETTINGS).is_file()]
    if not found:
        found = [folder for folder in folders if folder.name == NAME] + [
            folder / NAME for folder in folders if _is_specs(folder / NAME)
        ]
    return seen_from(here, max(found, key=lambda folder: len(folder.parts))) if found else Path(NAME)


def seen_from(here: Path, folder: Path) -> Path:
    """A path to this folder that ends with its name, so that it has a parent: `../specs` and not `.`."""
    whole = (here / folder).resolve()
    return Path(os.path.relpath(whole.parent, here)) / whole.name


def _is_specs(folder: Path) -> bool:
    return folder.is_dir() and not folder.is_symlink()


def _above(here: Path) -> Iterator[Path]:
    """The folder and those above it that are of one repository, or at least of one user."""
    owner = here.stat().st_uid
    for folder in (here, *here.parents):
        if folder.stat().st_uid != owner:
            return
        yield folder
        if (folder / ".git").exists():
            return
