"""The files of an import, written."""

from __future__ import annotations

import os
from pathlib import Path

from reconciler.authoring.importing.specs import Import, ImportedSpec
from reconciler.cli.files import unwritable
from reconciler.disk import read_most, write_whole
from reconciler.errors import UsageError


def write_files(specs: Path, result: Import) -> None:
    """Write every file of an import, each whole or not at all, and none outside of the specs folder.

    Raises UsageError for a file that is not as it was read, or that cannot be written; those before it are written then.
    """
    for spec in result.to_write:
        try:
            _write(specs, spec)
        except OSError as error:
            hint = "make room, or see to its permissions, and run import again: it goes on where it stopped"
            raise unwritable(Path(spec.file), error, hint) from error


def _write(specs: Path, spec: ImportedSpec) -> None:
    file = specs / spec.path
    if not Path(os.path.realpath(file)).is_relative_to(os.path.realpath(specs)):
        raise UsageError(
            f"{spec.file} leads out of the specs folder, and was not written", hint="put a folder in the place of the link"
        )
    if spec.before is not None and read_most(file, len(spec.before) + 1) != spec.before:
        raise UsageError(f"{spec.file} was changed while import ran, and was not written", hint="run import again")
    write_whole(file, spec.after, mode=0o666, is_new=spec.before is None, parents=True)
