"""The files of a new source: asked for where options leave something open, and written where nothing is yet."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from reconciler.authoring.importing.naming import check_key_is_free
from reconciler.authoring.new.checks import check_neighbours, check_source
from reconciler.authoring.new.source import AUTH_OPTIONS, PAGINATIONS, TEMPLATES, NewSource, new_files, title_of
from reconciler.cli.schema_files import missing_schemas, write_schemas
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.output import emit, wants_color
from reconciler.cli.terminal.questions import Questions, somebody_is_there
from reconciler.cli.whole_files import write_file
from reconciler.desired.envelope import check_key
from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSet
from reconciler.desired.tree import WorkingTree
from reconciler.documents.kinds import Kind
from reconciler.documents.shapes import Misfit
from reconciler.errors import ExitCode, UsageError
from reconciler.lint.run import Levels
from reconciler.reports.sinks.escaping import for_terminal
from reconciler.schemas.published import SCHEMAS
from reconciler.sdk.catalogue import CATEGORIES
from reconciler.sessions.validation import ground_of
from reconciler.settings.scope import Scope

_STREAMING: Final = "streaming"
_BATCH_ONLY: Final = ("auth", "pagination", "schedule", "host", "path")


def write_new_source(shell: Shell, key: str, given: Mapping[str, Any]) -> int:
    """Write the files of this key, and tell what comes next. Raises UsageError for what does not fit; nothing is written then."""
    specs = shell.scope.specs
    desired = _desired(specs, key)
    questions = Questions(somebody_is_there(), wants_color(sys.stderr, shell.environ))
    source = _Asking(given, questions, ground_of(shell.scope).levels, desired).source(key)
    written = [*_write(specs, new_files(source)), *write_schemas(specs, list(missing_schemas(specs, SCHEMAS)))]
    emit("".join(f"wrote {for_terminal(file.as_posix())}\n" for file in written))
    emit(f"next: go through {for_terminal(written[0].as_posix())}, then {_then(shell.scope, key)}\n")
    return ExitCode.DONE


def _then(scope: Scope, key: str) -> str:
    """The commands that come next, as they are typed here."""
    words = ["reconciler", *(["--specs", str(scope.specs)] if scope.specs != Scope().specs else [])]
    return " and ".join(f"`{for_terminal(shlex.join([*words, *command]))}`" for command in (["validate"], ["plan", key]))


def _desired(specs: Path, key: str) -> DesiredSet:
    """What is there already. Raises UsageError for a key that can be none, or that a spec file has."""
    try:
        check_key(key)
    except Misfit as misfit:
        raise UsageError(str(misfit), hint=misfit.hint) from None
    if not specs.is_dir():
        raise UsageError(f"there is no folder {specs.as_posix()}", hint="name the specs folder with --specs")
    desired = load_desired(WorkingTree(specs), "", specs.as_posix())
    check_key_is_free(Kind.CONNECTION_SPEC, key, desired)
    return desired


@dataclass(frozen=True, slots=True)
class _Asking:
    """The options, None or empty where one was left out; who is asked then; what the rules weigh here, and what is there already."""

    given: Mapping[str, Any]
    questions: Questions
    levels: Levels
    desired: DesiredSet

    def source(self, key: str) -> NewSource:
        """What the options and the answers say. Raises UsageError for what does not fit."""
        template = self.questions.choice(self.given["template"], "Template", TEMPLATES, "batch")
        stray = next((option for option in _BATCH_ONLY if template == _STREAMING and self.given[option] not in (None, ())), None)
        if stray is not None:
            raise UsageError(f"--{stray} is for batch sources: a streaming source sends its records", hint=f"leave --{stray} out")
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
        question = "Can the source be asked for what changed between two times"
        schedule = ask.choice(given["schedule"], question, ("on", "off"), "off")
        return replace(source, pagination=pagination, schedule=schedule == "on")

    def _text(self, source: NewSource, field: str, question: str) -> NewSource:
        """The source with what was given or answered in this field; what it has there is the default."""

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
    """Raises UsageError for bytes of the command line that are no text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UsageError(f"--{option} is not UTF-8", hint="write it as text") from None


def _write(specs: Path, files: Mapping[str, str]) -> list[Path]:
    """Write the files, none of which is there yet: all of them, or none. Raises UsageError where that cannot be."""
    paths = {specs / path: text for path, text in files.items()}
    there = next((path for path in paths if path.exists() or path.is_symlink()), None)
    if there is not None:
        raise UsageError(
            f"nothing was written: {there.as_posix()} is there already", hint="use another key, or edit what is there"
        )
    _check_links(specs, next(iter(files)))
    written: list[Path] = []
    for path, text in paths.items():
        try:
            write_file(path, text.encode(), "make room, or see to the permissions of its folder: no file was written")
        except UsageError:
            for unfinished in written:
                unfinished.unlink(missing_ok=True)
            raise
        written.append(path)
    return written


def _check_links(specs: Path, path: str) -> None:
    """Raises UsageError where a folder on the way to this path is a link: what is behind one is not read as a spec file."""
    link = next((folder for folder in (specs / below for below in Path(path).parents[:-1]) if folder.is_symlink()), None)
    if link is not None:
        raise UsageError(
            f"nothing was written: {link.as_posix()} is a link, and spec files behind one are not read",
            hint="put a folder in its place",
        )
