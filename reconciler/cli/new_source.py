"""Writes the files of a new source; prompts for options that were not given."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from reconciler.authoring.importing.naming import check_key_is_free
from reconciler.authoring.new.checks import check_neighbours, check_source
from reconciler.authoring.new.proof import first_proof
from reconciler.authoring.new.source import AUTH_OPTIONS, PAGINATIONS, TEMPLATES, NewSource, new_files, title_of
from reconciler.cli.files import missing_folder_hint, missing_schemas, write_file, write_schemas
from reconciler.cli.options.spec_names import key_named
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.output import emit, wants_color
from reconciler.cli.terminal.questions import Questions, somebody_is_there
from reconciler.desired.envelope import check_key
from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSet
from reconciler.desired.tree import WorkingTree
from reconciler.documents.kinds import Kind
from reconciler.documents.shapes import Misfit
from reconciler.errors import ExitCode, UsageError
from reconciler.lint.run import Levels
from reconciler.proofs.folder import folder_of
from reconciler.reports.sinks.escaping import for_terminal
from reconciler.schemas.published import SCHEMAS
from reconciler.sdk.catalog import CATEGORIES
from reconciler.sdk.sources import STREAMING
from reconciler.sessions.validation import validation_settings
from reconciler.settings.scope import Scope
from reconciler.wording.guesses import did_you_mean

_STREAMING: Final = "streaming"
_BATCH_ONLY: Final = ("auth", "pagination", "schedule", "host", "path")


def write_new_source(shell: Shell, key: str, given: Mapping[str, Any]) -> int:
    """Write the files of this key, and print the next step. Raises UsageError, before anything is written, for an invalid value."""
    specs = shell.scope.specs
    desired = _desired(specs, key)
    questions = Questions(somebody_is_there(), wants_color(sys.stderr, shell.environ))
    source = _Asking(given, questions, validation_settings(shell.scope).levels, desired).source(key)
    written = [*_write(specs, new_files(source)), *write_schemas(specs, list(missing_schemas(specs, SCHEMAS)))]
    emit("".join(f"wrote {for_terminal(file.as_posix())}\n" for file in written))
    spec, proof = (for_terminal(file.as_posix()) for file in written[:2])
    todo = f"review {spec}" if source.template == _STREAMING else f"review {spec}, fill in {proof}"
    emit(f"next: {todo}, then run {_then(shell.scope, source)}\n")
    return ExitCode.DONE


def write_first_proof(shell: Shell, key: str, given: Mapping[str, Any]) -> int:
    """Write the first proof.yaml of the spec with this key, and print the next step. Raises UsageError."""
    key = key_named(shell, key)
    stray = next((option for option, value in given.items() if value not in (None, ())), None)
    if stray is not None:
        raise UsageError(f"--{stray} is for a new source, and --proof for an existing one", hint=f"leave out --{stray}")
    specs = shell.scope.specs
    desired = load_desired(WorkingTree(specs), "", specs.as_posix())
    sources = {spec.key: spec for spec in desired.specs if spec.kind is Kind.CONNECTION_SPEC}
    if key not in sources:
        raise UsageError(f"no connection spec without errors has the key {key[:80]!r}", hint=did_you_mean(key[:80], sources))
    folder = folder_of(WorkingTree(specs), key, sources[key].former_keys).name
    written = [
        *_write(specs, first_proof(folder, sources[key].body)),
        *write_schemas(specs, list(missing_schemas(specs, SCHEMAS))),
    ]
    emit("".join(f"wrote {for_terminal(file.as_posix())}\n" for file in written))
    trial = ["validate"] if sources[key].spec_type == STREAMING else ["try", key]
    emit(f"next: fill it in, then run {_commands(shell.scope, trial)}\n")
    return ExitCode.DONE


def _then(scope: Scope, source: NewSource) -> str:
    """The next commands. A streaming source has nothing that could be requested."""
    trial = [] if source.template == _STREAMING else [["try", source.key]]
    return _commands(scope, ["validate"], *trial, ["plan", source.key])


def _commands(scope: Scope, *commands: list[str]) -> str:
    """These commands, as typed from here."""
    words = ["reconciler", *(["--specs", str(scope.specs)] if scope.specs != Scope().specs else [])]
    *others, last = [f"`{for_terminal(shlex.join([*words, *command]))}`" for command in commands]
    return f"{', '.join(others)} and {last}" if others else last


def _desired(specs: Path, key: str) -> DesiredSet:
    """The existing spec files. Raises UsageError for an invalid key, and for one that a spec file already has."""
    try:
        check_key(key)
    except Misfit as misfit:
        raise UsageError(str(misfit), hint=misfit.hint) from None
    if not specs.is_dir():
        raise UsageError(
            f"folder not found: {specs.as_posix()}",
            hint=missing_folder_hint(specs),
        )
    desired = load_desired(WorkingTree(specs), "", specs.as_posix())
    check_key_is_free(Kind.CONNECTION_SPEC, key, desired)
    return desired


@dataclass(frozen=True, slots=True)
class _Asking:
    """The given options (None or empty where left out), the prompts for the others, the rule levels, and the existing spec files."""

    given: Mapping[str, Any]
    questions: Questions
    levels: Levels
    desired: DesiredSet

    def source(self, key: str) -> NewSource:
        """The source that the options and answers describe. Raises UsageError for an invalid value."""
        template = self.questions.choice(self.given["template"], "Template", TEMPLATES, "batch")
        stray = next((option for option in _BATCH_ONLY if template == _STREAMING and self.given[option] not in (None, ())), None)
        if stray is not None:
            raise UsageError(f"--{stray} is for batch sources: a streaming source sends its records", hint=f"leave out --{stray}")
        title = title_of(key)
        source = NewSource(key, template, title, f"Records of {title}", self.given["category"] or _STREAMING)
        source = self._text(source, "name", "Name")
        source = self._text(replace(source, description=f"Records of {source.name}"), "description", "Description")
        return source if template == _STREAMING else self._batch(source)

    def _batch(self, source: NewSource) -> NewSource:
        ask, given = self.questions, self.given
        category = ask.choice(given["category"], "Category", list(CATEGORIES), "protocols")
        source = replace(source, category=category, auth=self._auth())
        source = self._text(source, "host", "Host (https://…, with ${name} for what users enter)")
        source = self._text(source, "path", "Path (/…, with ${name} for what users enter)")
        pagination = ask.choice(given["pagination"], "Pagination", list(PAGINATIONS), "none")
        question = "Can the source be queried for records changed in a time range"
        schedule = ask.choice(given["schedule"], question, ("on", "off"), "off")
        return replace(source, pagination=pagination, schedule=schedule == "on")

    def _text(self, source: NewSource, field: str, question: str) -> NewSource:
        """The source with this field as given or answered; its current value is the default."""

        def with_text(text: str) -> NewSource:
            changed: dict[str, Any] = {field: text.rstrip("/") if field == "host" else text}
            return replace(source, **changed)

        def check(text: str) -> None:
            _check_utf8(field, text)
            check_source(with_text(text), self.levels)
            check_neighbours(with_text(text), self.desired)

        return with_text(self.questions.text(self.given[field], question, getattr(source, field), check))

    def _auth(self) -> tuple[str, ...]:
        if self.given["auth"]:
            return tuple(dict.fromkeys(self.given["auth"]))
        options = tuple(AUTH_OPTIONS)
        answer = self.questions.choice(None, "Authentication", (*options, "all"), options[0])
        return options if answer == "all" else (answer,)


def _check_utf8(option: str, text: str) -> None:
    """Raises UsageError for command-line bytes that are not UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UsageError(f"--{option} is not valid UTF-8", hint="pass UTF-8 text") from None


def _write(specs: Path, files: Mapping[str, str]) -> list[Path]:
    """Write new files: all of them, or none. Raises UsageError if one exists or cannot be written."""
    paths = {specs / path: text for path, text in files.items()}
    there = next((path for path in paths if path.exists() or path.is_symlink()), None)
    if there is not None:
        raise UsageError(f"nothing was written: {there.as_posix()} already exists", hint="edit or remove the existing file")
    for name in files:
        _check_links(specs, name)
    written: list[Path] = []
    for path, text in paths.items():
        try:
            write_file(path, text.encode(), "free disk space, or check the permissions of the folder; no file was written")
        except UsageError:
            for unfinished in written:
                unfinished.unlink(missing_ok=True)
            raise
        written.append(path)
    return written


def _check_links(specs: Path, path: str) -> None:
    """Raises UsageError if a parent folder of this path is a symbolic link: spec files behind links are not read."""
    link = next((folder for folder in (specs / below for below in Path(path).parents[:-1]) if folder.is_symlink()), None)
    if link is not None:
        raise UsageError(
            f"nothing was written: {link.as_posix()} is a symbolic link, and spec files behind links are not read",
            hint="replace the link with a folder",
        )
