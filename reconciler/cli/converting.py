"""A conversion: one file read, turned into the other form, and written where it was asked for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from reconciler.authoring.convert.artifact import artifact_to_yaml, key_of_file, yaml_to_artifact
from reconciler.authoring.importing.naming import file_of
from reconciler.cli.files import make_folder_for, missing_schemas, save, write_schemas
from reconciler.cli.options.spec_names import file_named
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.output import emit, tell
from reconciler.desired.files import Form, default_key, form_of
from reconciler.disk import read_most
from reconciler.documents.kinds import Kind
from reconciler.errors import ExitCode, UsageError
from reconciler.reports.sinks.escaping import for_terminal
from reconciler.schemas.published import SCHEMAS
from reconciler.texts.reading import MAX_BYTES

_ENDINGS_OF: Final = {"yaml": (".yaml", ".yml"), "json": (".json",)}
_ENDINGS: Final = frozenset(ending for endings in _ENDINGS_OF.values() for ending in endings)
_SPEC_FILES: Final = frozenset({Form.ENVELOPE, Form.ARTIFACT})


def convert_file(shell: Shell, source: Path, form: str | None, out: Path | None, *, force: bool) -> int:
    """Write the other form of `source`, and the exit code. Raises UsageError where that cannot be."""
    source = file_named(shell, source)
    is_json = source.suffix.lower() == ".json"
    if form == ("json" if is_json else "yaml"):
        raise UsageError(
            f"{source} is already {form.upper()}", hint=f"leave out --to, or use --to {'yaml' if is_json else 'json'}"
        )
    _check_out(out, "yaml" if is_json else "json", force=force)
    data = _read(source)
    specs = shell.scope.specs
    text = (_as_yaml(source, data, specs, out) if is_json else _as_json(source, data, out)).decode()
    if out is None:
        emit(text)
        return ExitCode.DONE
    in_place = is_json and _below(specs, out) is not None
    if in_place:
        make_folder_for(out.parent, "name a file in another folder")
    save(out, text)
    for file in (out, *(write_schemas(specs, list(missing_schemas(specs, SCHEMAS))) if in_place else ())):
        tell(f"wrote {for_terminal(str(file))}\n")
    both = [file for file in (source, out) if form_of(_below(specs, file) or "") in _SPEC_FILES]
    if len(both) > 1:
        tell(f"next: remove {for_terminal(str(source if is_json else out))}: a key can have only one file\n")
    return ExitCode.DONE


def _check_out(out: Path | None, form: str, *, force: bool) -> None:
    """Raises UsageError for an existing file, and for a name with the extension of the other format."""
    if out is None:
        return
    if out.suffix.lower() in _ENDINGS and out.suffix.lower() not in _ENDINGS_OF[form]:
        raise UsageError(
            f"{out} has the wrong extension: the output is {form.upper()}",
            hint=f"write it to {out.with_suffix(f'.{form}')}",
        )
    if out.is_file() and not force:
        raise UsageError(f"{out} already exists", hint="choose another file, or use --force to overwrite it")


def _as_yaml(source: Path, data: bytes, specs: Path, out: Path | None) -> bytes:
    """The spec file for the path it is written to; for standard output, the usual path of a file with its key."""
    key = default_key(source.name) or ""
    return artifact_to_yaml(data, key, str(source), file_of(Kind.CONNECTION_SPEC, key) if out is None else _below(specs, out))


def _below(specs: Path, out: Path) -> str | None:
    """The path relative to the specs folder; None for a file outside it."""
    folder, file = Path(os.path.realpath(specs)), Path(os.path.realpath(out))
    return file.relative_to(folder).as_posix() if folder.is_dir() and file.is_relative_to(folder) else None


def _as_json(source: Path, data: bytes, out: Path | None) -> bytes:
    """The artifact. Only its file name holds the key."""
    artifact = yaml_to_artifact(data, str(source))
    key = key_of_file(data) or default_key(f"sources/{source.resolve().parent.name}/{source.name}")
    if out is not None and default_key(out.name) != key:
        raise UsageError(
            f"{out} would lose the key {key!r}: an artifact keeps its key in the file name",
            hint=f"write it to {key}-connectionSpec.json",
        )
    return artifact


def _read(path: Path) -> bytes:
    try:
        return read_most(path, MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}", hint="use a spec file or an artifact") from error
