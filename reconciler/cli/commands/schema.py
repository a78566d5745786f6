"""`reconciler schema`."""

from __future__ import annotations

import click

from reconciler.cli.options.every_command import global_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import emit
from reconciler.errors import ExitCode, UsageError
from reconciler.schemas.published import SCHEMAS
from reconciler.schemas.reports import REPORTS

_EPILOG = """\b
Examples:
  reconciler schema
  reconciler schema connection-spec
  reconciler schema --write
  reconciler schema plan > plan.schema.json
"""


@click.command(epilog=_EPILOG)
@click.argument("name", type=click.Choice([*SCHEMAS, *REPORTS]), required=False, metavar="[NAME]")
@click.option(
    "--write", is_flag=True, help="Write the schema of the file format, or without NAME of all, to .schemas/ in the specs folder."
)
@global_options
@pass_shell
def schema(shell: Shell, name: str | None, write: bool) -> int:
    """Print the JSON Schema of a file format, or of a report in JSON. Without NAME, list both.

    With --write, write copies to specs/.schemas/. The first line of a spec file refers to them:
    `# yaml-language-server: $schema=../../.schemas/connection-spec.schema.json`. An editor with a YAML language server then completes and
    validates spec files as you type, without a network.

    The schema of a report describes what a command prints with --format json. docs/json.md says what it promises.
    """
    if write:
        _write(shell, name)
    elif name is not None and name in REPORTS:
        from reconciler.reports.schemas.published import report_schema_text

        emit(report_schema_text(name))
    elif name:
        from reconciler.schemas.published import schema_text

        emit(schema_text(name))
    else:
        emit(_listed())
    return ExitCode.DONE


def _write(shell: Shell, name: str | None) -> None:
    from reconciler.cli.files import write_schemas
    from reconciler.reports.sinks.escaping import for_terminal

    if name in REPORTS:
        raise UsageError(f"{name!r} is the schema of a report", hint=f"use `reconciler schema {name} > {name}.schema.json`")
    for file in write_schemas(shell.scope.specs, [name] if name else SCHEMAS):
        emit(f"wrote {for_terminal(file.as_posix())}\n")


def _listed() -> str:
    width = max(map(len, [*SCHEMAS, *REPORTS]))
    files, reports = ("".join(f"  {name:{width}}  {what}\n" for name, what in known.items()) for known in (SCHEMAS, REPORTS))
    return f"Files in specs/:\n{files}\nReports in JSON, and the commands that print them:\n{reports}"
