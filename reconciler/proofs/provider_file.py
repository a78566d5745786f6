"""Reads a provider file and its records: from a tree to a Provider with its rows, or to all problems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

from reconciler.desired.tree import SpecTree, Unreadable, WorkingTree
from reconciler.documents.json_text import Json, NotJson, decode
from reconciler.documents.shapes import ShapeMistake, name_of_type
from reconciler.errors import Problem, SettingsError, Severity
from reconciler.providers.provider import Provider
from reconciler.providers.rows import MadeRows
from reconciler.providers.schema import provider_of
from reconciler.providers.stub import Stub
from reconciler.texts.locate import Syntax, locate
from reconciler.texts.reading import MAX_BYTES, MAX_MISTAKES
from reconciler.texts.yaml import read_yaml


@dataclass(frozen=True, slots=True)
class ReadProvider:
    """A provider file that was read. `provider` is None if there is a problem; `rows` are its records, in order."""

    provider: Provider | None = None
    rows: Sequence[Json] = ()
    problems: tuple[Problem, ...] = ()


def read_provider(tree: SpecTree, path: str, display_prefix: str = "specs") -> ReadProvider:
    """The provider file at this path of the tree, and its records, which are in a file below the same folder. Never raises."""
    shown = _joined(display_prefix, path)
    try:
        data = tree.read(path)
    except Unreadable as error:
        return ReadProvider(problems=(error.problem.at(shown, 1, 1),))
    reading = read_yaml(data)
    if reading.mistakes:
        return ReadProvider(
            problems=tuple(
                Problem(Severity.ERROR, one.code, one.message, shown, one.line, one.column, one.hint)
                for one in reading.mistakes[:MAX_MISTAKES]
            )
        )
    provider = _provider(reading.value)
    if isinstance(provider, tuple):
        return ReadProvider(problems=_placed(data, shown, provider))
    if provider.records.file is None:
        return ReadProvider(provider, MadeRows(provider.records))
    records = (PurePosixPath(path).parent / provider.records.file).as_posix()
    try:
        lines = tree.read(records)
    except Unreadable as error:
        at = locate(data, Syntax.YAML).of(("records", "file"))
        message = f"cannot use {provider.records.file!r}: {error.problem.message}"
        return ReadProvider(problems=(Problem(Severity.ERROR, error.problem.code, message, shown, *at, error.problem.hint),))
    rows, problems = _rows(lines, _joined(display_prefix, records))
    return ReadProvider(None if problems else provider, rows, problems)


def stub_of(file: Path) -> Stub:
    """The provider in this file, ready to answer. Raises SettingsError with all problems of the file."""
    read = read_provider(WorkingTree(file.parent), file.name, file.parent.as_posix())
    if read.provider is None:
        raise SettingsError(f"cannot use the provider file {file}", hint=read.problems[0].hint, problems=read.problems)
    return Stub(read.provider, read.rows)


def _provider(document: Json) -> Provider | tuple[ShapeMistake, ...]:
    if isinstance(document, dict):
        return provider_of(document)
    message = f"this file holds {name_of_type(document)}; a provider must be a mapping"
    return (ShapeMistake((), "wrong-type", message, "start with kind: Provider"),)


def _placed(data: bytes, shown: str, mistakes: Sequence[ShapeMistake]) -> tuple[Problem, ...]:
    at = locate(data, Syntax.YAML)
    return tuple(
        Problem(Severity.ERROR, one.code, one.message, shown, *at.of(one.path), one.hint) for one in mistakes[:MAX_MISTAKES]
    )


def _rows(data: bytes, shown: str) -> tuple[list[Json], tuple[Problem, ...]]:
    if len(data) > MAX_BYTES:
        message = f"the file has more than {MAX_BYTES:,} bytes, which is the limit"
        hint = "keep fewer records, or make them: records: {count: 1000000, each: {…}}"
        return [], (Problem(Severity.ERROR, "too-large", message, shown, 1, 1, hint),)
    rows: list[Json] = []
    problems = tuple(islice(_decoded(data, rows, shown), MAX_MISTAKES))
    return rows, problems


def _decoded(data: bytes, rows: list[Json], shown: str) -> Iterator[Problem]:
    """Add the record of each line, and yield the lines that are not JSON."""
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            rows.append(decode(line))
        except NotJson as error:
            hint = "write one JSON value on each line"
            yield Problem(Severity.ERROR, "syntax", f"not valid JSON: {error}", shown, number, 1, hint)


def _joined(prefix: str, path: str) -> str:
    return path if prefix in ("", ".") else f"{prefix}/{path}"
