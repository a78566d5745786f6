"""Questions for what the command line left open: asked on a terminal, answered by their defaults elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import click

from reconciler.errors import UsageError


@dataclass(frozen=True, slots=True)
class Questions:
    """Asks on standard error, so that standard output stays the result. `asking` is whether somebody is there to answer."""

    asking: bool

    def text(self, given: str | None, question: str, default: str) -> str:
        """What was given, else the answer."""
        return given if given is not None else self._ask(question, default, None)

    def choice(self, given: str | None, question: str, choices: Sequence[str], default: str) -> str:
        """What was given, else one of the choices."""
        return given if given is not None else self._ask(question, default, click.Choice(choices))

    def _ask(self, question: str, default: str, kind: click.ParamType[str] | None) -> str:
        if not self.asking:
            return default
        try:
            answer: str = click.prompt(question, default=default, type=kind, err=True)
        except click.Abort as error:
            raise UsageError(
                "nothing was written: the questions were not answered", hint="give the answers as options"
            ) from error
        return answer


def somebody_is_there() -> bool:
    """Whether there is a terminal to ask on."""
    return sys.stdin.isatty() and sys.stderr.isatty()
