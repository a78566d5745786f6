"""`validate --fix`: spec files with every finding fixed that has a single correct fix, and the diff."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from reconciler.cli.files import write_file
from reconciler.desired.files import Form, form_of
from reconciler.desired.spec_file import View, read_spec_file
from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import GivenFiles, SpecTree, Unreadable, WorkingTree
from reconciler.lint.fixing.fixes import FixedFile, fix_file
from reconciler.sessions.validation import ValidationSettings, validation_settings
from reconciler.settings.scope import Scope


@dataclass(frozen=True, slots=True)
class Change:
    """A fixable file: its current content, and the fixed one."""

    file: Path
    before: bytes
    fixed: FixedFile

    def diff(self) -> Iterator[str]:
        """The lines of a unified diff."""
        old, new = (data.decode("utf-8").splitlines(keepends=True) for data in (self.before, self.fixed.data))
        name = self.file.as_posix()
        for line in unified_diff(old, new, name, name):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def changes_of_files(scope: Scope) -> tuple[Change, ...]:
    """The fixes of each file, sorted by path. Nothing is written."""
    ground = validation_settings(scope)
    tree = WorkingTree(scope.specs)
    changes: list[Change] = []
    for path in tree.listing().paths:
        form = form_of(path)
        if form in {Form.ENVELOPE, Form.ARTIFACT}:
            with suppress(Unreadable):
                changes += _change_of(tree, path, form, scope, ground)
    return tuple(changes)


def write(change: Change) -> None:
    """Replace the file with the fixed one, whole or not at all. Raises UsageError if it cannot be written."""
    write_file(change.file, change.fixed.data, "check its permissions, or fix the file by hand", before=change.before)


def _change_of(tree: SpecTree, path: str, form: Form, scope: Scope, ground: ValidationSettings) -> Iterator[Change]:
    before = tree.read(path)

    def specs_of(data: bytes) -> list[DesiredSpec]:
        return _specs_of(path, form, data, scope, ground)

    fixed = fix_file(before, specs_of, ground.levels)
    if fixed.codes:
        yield Change(scope.specs / path, before, fixed)


def _specs_of(path: str, form: Form, data: bytes, scope: Scope, ground: ValidationSettings) -> list[DesiredSpec]:
    """The spec in these bytes for each target; empty if the file has an error for one of them."""
    tree, specs = GivenFiles({path: data}), []
    for target in ground.read_for:
        view = View(target, ground.targets, scope.specs.as_posix(), ground.layers.get(target))
        file = read_spec_file(tree, path, form, view)
        if file.spec is not None:
            specs.append(file.spec)
        elif file.belongs:
            return []
    return specs
