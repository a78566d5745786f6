"""The group of all commands. A command's module is imported when the command runs, and not before."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Final

import click
from click.exceptions import NoSuchCommand

from reconciler import __version__
from reconciler.cli.global_options import global_options

COMMANDS: Final[Mapping[str, str]] = {
    "plan": "Show what apply would do.",
    "apply": "Make live what the spec files say.",
    "restore": "Put the bodies from before an apply back.",
    "drift": "Show what somebody changed live.",
    "status": "List every spec and where it stands.",
    "show": "Show a saved plan again.",
    "validate": "Check the spec files offline.",
    "emulator": "Serve the embedded Flow Service over HTTP.",
}
"""Each command and its help in one line; its module is `reconciler.cli.commands.<name>`, and in it the command has its name."""

_EPILOG: Final = """\b
Examples:
  reconciler plan
  reconciler --target stage apply
  reconciler drift --format json

Exit codes: 0 done, 1 something is wrong, 2 differences found (drift, plan --detailed-exitcode), 3 refused by a guard and
nothing written, 4 apply ended with something failed, unknown or not converged, 130 SIGINT, 143 SIGTERM.
"""


class LazyGroup(click.Group):
    """Knows its commands by name, and imports one when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(f"reconciler.cli.commands.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)  # noqa: S101 - the table and the modules are one
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            raise NoSuchCommand(args[0], possibilities=COMMANDS, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """The list of commands in `--help`, for which none of them is imported."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@global_options
@click.version_option(__version__, "--version", prog_name="reconciler", message="%(prog)s %(version)s")
def root() -> None:
    """Reconcile Adobe Experience Platform connection specs with the spec files of this repository."""
