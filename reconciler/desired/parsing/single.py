"""One spec file, read in this process."""

from __future__ import annotations

from typing import TypeAlias

from reconciler.desired.files import Form
from reconciler.desired.spec_file import SpecFile, View, read_spec_file
from reconciler.desired.tree import SpecTree, Unreadable

Found: TypeAlias = SpecFile | Unreadable


def read_one(tree: SpecTree, path: str, form: Form, view: View) -> Found:
    """The file at this path for the target of this view, or why it cannot be read."""
    try:
        return read_spec_file(tree, path, form, view)
    except Unreadable as error:
        return error
