"""A command group that imports a command's module only when the command runs."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Mapping
from keyword import iskeyword
from typing import Any

import click
from click.exceptions import NoSuchCommand
from click.shell_completion import CompletionItem


def refuse_twice(command: click.Command, context: click.Context, arguments: list[str]) -> None:
    """Raises click.UsageError for a single-value option given twice: click would silently use the last value."""
    try:
        _, _, given = command.make_parser(context).parse_args(list(arguments))
    except click.UsageError:
        return  # the command reports it when it parses its arguments
    for option, times in Counter(given).items():
        if times > 1 and isinstance(option, click.Option) and not (option.multiple or option.is_flag or option.count):
            raise click.UsageError(f"{option.opts[0]} was given {times} times; it accepts one value", context)


class LazyGroup(click.Group):
    """Lists its commands by name, and imports each on demand from the module of that name in `package`.

    A Python keyword gets a trailing underscore: the module of `import` is `import_`.
    """

    def __init__(self, *args: Any, table: Mapping[str, str], package: str, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self._table = table
        self._package = package

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in self._table:
            return None
        name = cmd_name.replace("-", "_") + ("_" if iskeyword(cmd_name) else "")
        command = getattr(importlib.import_module(f"{self._package}.{name}"), name)
        assert isinstance(command, click.Command)  # noqa: S101 - the table and the modules are one
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self._table and not args[0].startswith("-"):
            raise NoSuchCommand(args[0], possibilities=self._table, ctx=ctx)
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None:
            refuse_twice(command, click.Context(command, ctx, name), rest)
        return name, command, rest

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        refuse_twice(self, ctx, args)
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The names of commands from the table, for which none of them is imported; options as click has them."""
        names = [CompletionItem(name, help=text) for name, text in self._table.items() if name.startswith(incomplete)]
        return names + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """The list of commands in `--help`, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self._table.items()))
