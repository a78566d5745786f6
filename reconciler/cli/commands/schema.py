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
@click.option("--write", is_flag=True, help="Write the schema, or without NAME all schemas, to .schemas/ in the specs folder.")
@global_options
@pass_shell
def schema(shell: Shell, name: str | None, write: bool) -> int:
    """Print the JSON Schema of a file format. Without NAME, list the formats.

    With --write, write copies to specs/.schemas/. The first line of a spec file refers to them:
    `# yaml-language-server: $schema=../../.schemas/connection-spec.schema.json`. An editor with a YAML language server then completes and
    validates spec files as you type, without a network.
    """
    from reconciler.cli.files import write_schemas
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
