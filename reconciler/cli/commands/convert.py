"""`reconciler convert`."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.options.every_command import global_options
from reconciler.cli.shell import Shell, pass_shell

_EPILOG = """\b
Examples:
  reconciler convert mailchimp-members-connectionSpec.json > specs/sources/mailchimp-members/connection-spec.yaml
  reconciler convert specs/sources/mailchimp-members/connection-spec.yaml --out mailchimp-members-connectionSpec.json
"""


@click.command(epilog=_EPILOG)
@click.argument("source", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--to", "form", type=click.Choice(("yaml", "json")), help="What to write; the default is the form that FILE is not in."
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Where to write it [default: standard output].")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@global_options
@pass_shell
def convert(shell: Shell, source: Path, form: str | None, out: Path | None, force: bool) -> int:
    """Turn Adobe's artifact, a bare body in JSON, into a spec file in YAML, or such a spec file into the artifact.

    Values and their order stay, and numbers as they are spelled; comments do not. An envelope that says more than its kind and key is
    refused, because an artifact has no place for it. Needs no network and no credentials.
    """
    from reconciler.cli.converting import convert_file

    return convert_file(shell, source, form, out, force=force)
