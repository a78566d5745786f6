"""Reads a provider file that the user named, wherever it is."""

from __future__ import annotations

import os
from pathlib import Path

from reconciler.desired.tree import Unreadable, WorkingTree
from reconciler.errors import SettingsError
from reconciler.proofs.proof import ProofText
from reconciler.proofs.provider import Beside, ReadProvider, parsed_provider
from reconciler.providers.stub import Stub


def stub_of(file: Path) -> Stub:
    """The provider in this file, ready to answer. Raises SettingsError with all problems of the file."""
    read = _read(file)
    if read.provider is None:
        raise SettingsError(f"cannot use the provider file {file}", hint=read.problems[0].hint, problems=read.problems)
    return Stub(read.provider, read.rows)


def _read(file: Path) -> ReadProvider:
    tree, text = WorkingTree(file.parent), ProofText(file.as_posix())
    try:
        data = tree.read(file.name)
        names = sorted(entry.name for entry in file.parent.iterdir())
    except Unreadable as error:
        return ReadProvider(text, problems=(error.problem.at(text.file, 1, 1),))
    except OSError:  # a folder whose files can be read by name only
        names = []

    def records(name: str) -> bytes | None:
        return tree.read(name) if os.path.lexists(file.parent / name) else None

    return parsed_provider(ProofText(text.file, data), Beside(records, lambda name: (file.parent / name).as_posix(), names))
