"""A group of commands. A command's module is imported when the command runs, and not before."""

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
    """Raises click.UsageError for an option that takes one value and is given twice: the last would win in silence."""
    try:
        _, _, given = command.make_parser(context).parse_args(list(arguments))
    except click.UsageError:
        return  # the command says it when it reads its arguments itself
    for option, times in Counter(given).items():
        if times > 1 and isinstance(option, click.Option) and not (option.multiple or option.is_flag or option.count):
            raise click.UsageError(f"{option.opts[0]} is given {times} times, and takes one value", context)


class LazyGroup(click.Group):
    """Knows its commands by name, and imports one when it is asked for: from the module of its name in `package`.

    A name that is a word of the language has an underscore behind it there: `import` is `import_`.
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
        """The list of commands in `--help`, for which none of them is imported."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self._table.items()))
