"""`reconciler completion`."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.completing.words import SHELLS
from reconciler.cli.options.every_command import global_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import emit
from reconciler.errors import ExitCode

_EPILOG = """\b
Examples:
  source <(reconciler completion bash)
  source <(reconciler completion zsh)
  reconciler completion fish > ~/.config/fish/completions/reconciler.fish
"""


@click.command(epilog=_EPILOG)
@click.argument("name", type=click.Choice(SHELLS), metavar="[bash|zsh|fish]")
@global_options
@pass_shell
def completion(shell: Shell, name: str) -> int:  # noqa: ARG001 - it needs nothing of this run
    """Print the completion script of a shell.

    It completes commands, options and their values, and the keys and targets of the specs folder. docs/editors.md says where to put it.
    """
    folder = Path(__file__).parents[1] / "completing"
    emit((folder / f"completion.{name}").read_text(encoding="utf-8"))
    return ExitCode.DONE
