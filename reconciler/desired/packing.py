"""Spec files as bytes, for another process or for later, and back. What the bytes say is checked against the types of the fields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from operator import attrgetter
from typing import Any, Final, get_type_hints

import msgspec

from reconciler.desired.file_source import FileSource
from reconciler.desired.files import Form
from reconciler.desired.spec_file import SpecFile, View, layout_of
from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import SpecTree
from reconciler.errors import Problem

_OF_THE_READER: Final = frozenset({"path", "file", "source"})
"""Fields that are not in the bytes: whoever reads them knows the file."""


class NotPacked(ValueError):
    """These bytes are not a packed spec file, or the file cannot be packed because a string of it is not Unicode."""


def _packed(shape: type, *, without: Iterable[str] = ()) -> tuple[str, ...]:
    """The names of the fields of a dataclass that are in the bytes, in order."""
    left_out = _OF_THE_READER.union(without)
    return tuple(field.name for field in fields(shape) if field.name not in left_out)


def _row(shape: type, names: Iterable[str], **more: Any) -> Any:
    """A tuple on the wire: these fields of a dataclass, then the fields in `more`, each checked against its type."""
    types = get_type_hints(shape)
    return msgspec.defstruct(
        shape.__name__, [(name, types[name]) for name in names] + list(more.items()), array_like=True, forbid_unknown_fields=True
    )


_OF_SPEC: Final = _packed(DesiredSpec)
_OF_FILE: Final = _packed(SpecFile, without=["spec"])
_OF_SOURCE: Final = ("checksum", "body_position")
_Spec: Final = _row(DesiredSpec, _OF_SPEC)
_File: Final = _row(SpecFile, _OF_FILE, source=_row(FileSource, _OF_SOURCE), spec=_Spec | None)
_spec_fields, _file_fields, _source_fields = attrgetter(*_OF_SPEC), attrgetter(*_OF_FILE), attrgetter(*_OF_SOURCE)
_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(_File)


def pack(file: SpecFile) -> bytes:
    """The file as bytes, without its tree, its path, and the target's layout. Raises NotPacked if a string is not Unicode."""
    spec = None if file.spec is None else _spec_fields(file.spec)
    try:
        return _encoder.encode((*_file_fields(file), _source_fields(file.source), spec))
    except UnicodeEncodeError as error:
        raise NotPacked(str(error)) from None


def unpack(data: bytes | memoryview, tree: SpecTree, path: str, form: Form, view: View) -> SpecFile:
    """The file in these bytes, as `read_spec_file` of the same arguments returned it. Raises NotPacked."""
    try:
        row = _decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise NotPacked(str(error)) from None
    display = view.display(path)
    source = FileSource(tree, path, row.source.checksum, layout_of(view, form), row.source.body_position)
    given: dict[str, Any] = dict(zip(_OF_FILE, _file_fields(row), strict=True))
    given["problems"] = tuple(_in_file(problem, display) for problem in row.problems)
    spec = None if row.spec is None else _spec(row.spec, display, source)
    return SpecFile(path=path, spec=spec, source=source, **given)


def _spec(row: Any, display: str, source: FileSource) -> DesiredSpec:
    given: dict[str, Any] = dict(zip(_OF_SPEC, _spec_fields(row), strict=True))
    return DesiredSpec(**given, file=display, source=source)


def _in_file(problem: Problem, display: str) -> Problem:
    return problem.at(display, problem.line, problem.column)
