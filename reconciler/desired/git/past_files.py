"""Spec files of a commit: read as those of now are, or not at all where they are the same."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from reconciler.desired.file_source import FileSource
from reconciler.desired.files import Form, form_of
from reconciler.desired.git.as_read import TreeAsRead
from reconciler.desired.git.commit_tree import CommitFiles
from reconciler.desired.spec_file import SpecFile, View, read_spec_file
from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import SpecTree, Unreadable
from reconciler.documents.kinds import Kind


def is_as_in(files: CommitFiles, spec: DesiredSpec) -> bool:
    """Whether the file of this spec is now exactly as it is in a commit, so that its spec is the same."""
    source = spec.source
    if not isinstance(source, FileSource):
        return False
    if isinstance(source.tree, TreeAsRead) and source.tree.is_named(source.path, files.names):
        return True
    try:
        data = files.read(source.path)
        return zlib.crc32(data) == source.checksum and data == source.tree.read(source.path)
    except Unreadable:
        return False


def first_in(tree: SpecTree, paths: Iterable[str], *, kind: Kind, keys: tuple[str, ...], view: View) -> DesiredSpec | None:
    """The spec of the first file at these paths that has one of the keys."""
    files = (read_past(tree, path, view) for path in paths)
    return next((file.spec for file in files if file and file.spec and file.kind is kind and file.key in keys), None)


def read_past(tree: SpecTree, path: str, view: View) -> SpecFile | None:
    """The file at this path; None if it is no spec file or cannot be read."""
    form = form_of(path)
    if form not in {Form.ENVELOPE, Form.ARTIFACT}:
        return None
    try:
        return read_spec_file(tree, path, form, view)
    except Unreadable:
        return None
