"""`reconciler convert`."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.authoring.artifact import artifact_to_yaml, key_of_file, yaml_to_artifact
from reconciler.cli.files import save
from reconciler.cli.global_options import global_options
from reconciler.cli.output import emit, tell
from reconciler.cli.shell import Shell, pass_shell
from reconciler.desired.files import default_key
from reconciler.documents.reading import MAX_BYTES
from reconciler.errors import ExitCode, UsageError
from reconciler.reports.escaping import for_terminal

_EPILOG = """\b
Examples:
  reconciler convert mailchimp-members-connectionSpec.json > specs/sources/mailchimp-members/connection-spec.yaml
  reconciler convert specs/sources/mailchimp-members/connection-spec.yaml --out mailchimp-members-connectionSpec.json
"""
_FORMS = ("yaml", "json")


@click.command(epilog=_EPILOG)
@click.argument("source", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--to", "form", type=click.Choice(_FORMS), help="What to write; the default is the form that FILE is not in.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Where to write it [default: standard output].")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@global_options
@pass_shell
def convert(_shell: Shell, source: Path, form: str | None, out: Path | None, force: bool) -> int:
    """Turn Adobe's artifact, a bare body in JSON, into a spec file in YAML, or such a spec file into the artifact.

    Values and their order stay. An envelope that says more than its kind and key is refused, because an artifact has no place for it.
    Needs no network and no credentials.
    """
    is_json = source.suffix.lower() == ".json"
    if form == ("json" if is_json else "yaml"):
        raise UsageError(
            f"{source} is in that form already", hint=f"leave --to out, or write --to {'yaml' if is_json else 'json'}"
        )
    if out is not None and out.is_file() and not force:
        raise UsageError(f"{out} is there already, and was not written over", hint="name another file, or say --force")
    data = _read(source)
    text = (_as_yaml(source, data) if is_json else _as_json(source, data, out)).decode()
    if out is None:
        emit(text)
    else:
        save(out, text)
        tell(f"wrote {for_terminal(str(out))}\n")
    return ExitCode.DONE


def _as_yaml(source: Path, data: bytes) -> bytes:
    return artifact_to_yaml(data, default_key(source.name) or "", str(source))


def _as_json(source: Path, data: bytes, out: Path | None) -> bytes:
    """The artifact; its file's name is the only place that its key has."""
    artifact = yaml_to_artifact(data, str(source))
    key = key_of_file(data) or default_key(f"sources/{source.resolve().parent.name}/{source.name}")
    if out is not None and default_key(out.name) != key:
        raise UsageError(
            f"{out} would lose the key {key!r}, which an artifact has in its file's name",
            hint=f"write it to {key}-connectionSpec.json",
        )
    return artifact


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}", hint="name a spec file or an artifact") from error
