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
@click.argument("source", type=click.Path(path_type=Path), metavar="FILE or KEY")
@click.option(
    "--to",
    "form",
    type=click.Choice(("yaml", "json")),
    help="Output format [default: yaml for a JSON file, json for a YAML file].",
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write to FILE [default: standard output].")
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@global_options
@pass_shell
def convert(shell: Shell, source: Path, form: str | None, out: Path | None, force: bool) -> int:
    """Convert Adobe's artifact, a bare body in JSON, to a spec file in YAML, or a spec file to an artifact.

    Keeps values, their order and the spelling of numbers, but not comments. A spec file that sets more than kind, key and spec is refused,
    because an artifact cannot hold it. KEY is that of a spec file. Needs no network and no credentials.
    """
    from reconciler.cli.converting import convert_file

    return convert_file(shell, source, form, out, force=force)
