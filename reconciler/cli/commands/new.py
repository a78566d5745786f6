"""`reconciler new`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click

from reconciler.authoring.new_checks import check_source
from reconciler.authoring.new_spec import AUTH_TYPES, PAGINATIONS, TEMPLATES, NewSource, new_files, title_of
from reconciler.cli.global_options import global_options
from reconciler.cli.output import emit
from reconciler.cli.questions import Questions, somebody_is_there
from reconciler.cli.schema_files import missing_schemas, write_schemas
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.validation import ground_of
from reconciler.desired.envelope import check_key
from reconciler.desired.load import load_desired
from reconciler.desired.tree import WorkingTree
from reconciler.documents.kinds import Kind
from reconciler.documents.shapes import Misfit
from reconciler.errors import ExitCode, UsageError
from reconciler.reports.escaping import for_terminal
from reconciler.schemas.published import SCHEMAS
from reconciler.schemas.source import CATEGORIES

_STREAMING: Final = "streaming"
_BATCH_ONLY: Final = ("auth", "pagination", "schedule", "host", "path")
_EPILOG = """\b
Examples:
  reconciler new acme-orders
  reconciler new acme-orders --auth basic --pagination page --schedule on --host 'https://${tenant}.acme.example' --path /v1/orders
  reconciler new acme-clicks --template streaming --name 'Acme Clicks'
"""


@dataclass(frozen=True, slots=True)
class _Given:
    """The options, None where one was left out."""

    template: str | None
    name: str | None
    description: str | None
    category: str | None
    auth: tuple[str, ...]
    pagination: str | None
    schedule: str | None
    host: str | None
    path: str | None


@click.command(epilog=_EPILOG)
@click.argument("key")
@click.option(
    "--template", type=click.Choice(TEMPLATES), help="Whether Flow Service fetches the records, or the source sends them."
)
@click.option("--name", help="The name of the live object, and the title in the catalogue.")
@click.option("--description", help="The sentence below the title.")
@click.option("--category", type=click.Choice(list(CATEGORIES)), help="The shelf of the catalogue.")
@click.option("--auth", type=click.Choice(AUTH_TYPES), multiple=True, help="A way to authenticate (repeatable).")
@click.option("--pagination", type=click.Choice(PAGINATIONS), help="How the next page of an answer is found.")
@click.option(
    "--schedule", type=click.Choice(("on", "off")), help="Whether the source can be asked for what changed between two times."
)
@click.option("--host", metavar="URL", help="https:// and the host; what a user enters stands as ${name}.")
@click.option("--path", help="The path of the records; what a user enters stands as ${name}.")
@global_options
@pass_shell
def new(shell: Shell, /, key: str, **given: Any) -> int:
    """Write the spec file of a new source to start from, with what a submission to Adobe needs beside it.

    What is left out is asked for on a terminal, and has a default elsewhere. Nothing that is there is overwritten.
    """
    specs = shell.place.specs
    _check_place(specs, key)
    source = _source(key, _Given(**given), Questions(somebody_is_there()))
    check_source(source, ground_of(shell.place).levels)
    written = [*_write(specs, new_files(source)), *write_schemas(specs, list(missing_schemas(specs, SCHEMAS)))]
    folder = (specs / "sources" / key).as_posix()
    emit("".join(f"wrote {for_terminal(file.as_posix())}\n" for file in written))
    emit(
        f"next: go through {for_terminal(folder)}/connection-spec.yaml, then `reconciler validate` and `reconciler plan {key}`\n"
    )
    return ExitCode.DONE


def _check_place(specs: Path, key: str) -> None:
    """Raises UsageError for a key that can be none, or that a spec file has already."""
    try:
        check_key(key)
    except Misfit as misfit:
        raise UsageError(str(misfit), hint=misfit.hint) from None
    if not specs.is_dir():
        raise UsageError(f"there is no folder {specs.as_posix()}", hint="name the specs folder with --specs")
    known = load_desired(WorkingTree(specs), "", specs.as_posix()).specs
    taken = next((spec for spec in known if spec.kind is Kind.CONNECTION_SPEC and key in {spec.key, *spec.former_keys}), None)
    if taken is not None:
        raise UsageError(f"{key!r} is the key of {taken.file}", hint="choose another key, or edit that file")


def _source(key: str, given: _Given, questions: Questions) -> NewSource:
    """What the options and the answers say. Raises UsageError for what does not fit."""
    template = questions.choice(given.template, "Template", TEMPLATES, "batch")
    stray = next((option for option in _BATCH_ONLY if template == _STREAMING and getattr(given, option)), None)
    if stray is not None:
        raise UsageError(f"--{stray} is for batch sources: a streaming source sends its records", hint=f"leave --{stray} out")
    name = questions.text(given.name, "Name", title_of(key)).strip()
    description = questions.text(given.description, "Description", f"Records of {name}").strip()
    _check_utf8(name, description)
    if template == _STREAMING:
        return NewSource(key, template, name, description, given.category or _STREAMING)
    category = questions.choice(given.category, "Category", list(CATEGORIES), "protocols")
    auth = _auth(given, questions)
    host = questions.text(given.host, "Host (https://…, with ${name} for what users enter)", "https://api.example.com").strip()
    path = questions.text(given.path, "Path (/…, with ${name} for what users enter)", "/v1/records").strip()
    _check_utf8(host, path)
    pagination = questions.choice(given.pagination, "Pagination", PAGINATIONS, "none")
    schedule = questions.choice(
        given.schedule, "Can the source be asked for what changed between two times", ("on", "off"), "off"
    )
    return NewSource(key, template, name, description, category, auth, pagination, schedule == "on", host.rstrip("/"), path)


def _auth(given: _Given, questions: Questions) -> tuple[str, ...]:
    if given.auth:
        return given.auth
    answer = questions.choice(None, "Authentication", (*AUTH_TYPES, "both"), AUTH_TYPES[0])
    return AUTH_TYPES if answer == "both" else (answer,)


def _check_utf8(*texts: str) -> None:
    """Raises UsageError for bytes of the command line that are no text."""
    try:
        "".join(texts).encode()
    except UnicodeEncodeError:
        raise UsageError("an option is not UTF-8", hint="write it as text") from None


def _write(specs: Path, files: Mapping[str, str]) -> Iterator[Path]:
    """Write the files, none of which is there yet. Raises UsageError, and writes nothing, if one is."""
    paths = {specs / path: text for path, text in files.items()}
    there = next((path for path in paths if path.exists() or path.is_symlink()), None)
    if there is not None:
        raise UsageError(
            f"nothing was written: {there.as_posix()} is there already", hint="choose another key, or edit what is there"
        )
    for path, text in paths.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except OSError as error:
            raise UsageError(
                f"{path.as_posix()} cannot be written: {error.strerror}", hint="look at the folder's permissions"
            ) from error
        yield path
