"""`reconciler schema`."""

from __future__ import annotations

import click

from reconciler.cli.options.every_command import global_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import emit
from reconciler.errors import ExitCode
from reconciler.schemas.published import SCHEMAS

_EPILOG = """\b
Examples:
  reconciler schema
  reconciler schema connection-spec
  reconciler schema --write
"""


@click.command(epilog=_EPILOG)
@click.argument("name", type=click.Choice(list(SCHEMAS)), required=False)
@click.option("--write", is_flag=True, help="Write it, or without NAME all of them, to .schemas/ in the specs folder.")
@global_options
@pass_shell
def schema(shell: Shell, name: str | None, write: bool) -> int:
    """Print the JSON Schema of a file format, for editors; without NAME, list them.

    With --write, copies go to specs/.schemas/, where the first line of a spec file names them:
    `# yaml-language-server: $schema=../../.schemas/connection-spec.schema.json`. Then an editor with a YAML language server completes and
    checks while you type, without a network.
    """
    from reconciler.cli.schema_files import write_schemas
    from reconciler.reports.sinks.escaping import for_terminal
    from reconciler.schemas.published import schema_text

    if write:
        for file in write_schemas(shell.scope.specs, [name] if name else SCHEMAS):
            emit(f"wrote {for_terminal(file.as_posix())}\n")
    elif name:
        emit(schema_text(name))
    else:
        width = max(map(len, SCHEMAS))
        emit("".join(f"{known:{width}}  {files}\n" for known, files in SCHEMAS.items()))
    return ExitCode.DONE
