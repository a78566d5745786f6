"""Copies of the schemas in the specs folder, for editors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from reconciler.cli.files import make_folder_for, save
from reconciler.errors import UsageError
from reconciler.schemas.published import FOLDER, file_name, schema_text


def write_schemas(specs: Path, schemas: Iterable[str]) -> Iterator[Path]:
    """Write these schemas to the specs folder, and yield each path as it is written. Raises UsageError if one cannot be written."""
    if not specs.is_dir():
        raise UsageError(f"folder not found: {specs.as_posix()}", hint="pass the specs folder with --specs")
    folder = specs / FOLDER
    make_folder_for(folder, "remove what is in its way: schemas are copied to this folder")
    for schema in schemas:
        file = folder / file_name(schema)
        save(file, schema_text(schema))
        yield file


def missing_schemas(specs: Path, schemas: Iterable[str]) -> Iterator[str]:
    """The schemas without a copy in the specs folder."""
    return (schema for schema in schemas if not (specs / FOLDER / file_name(schema)).exists())
