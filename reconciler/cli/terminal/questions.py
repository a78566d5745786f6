"""Questions for what the command line left open: asked on a terminal, answered by their defaults elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import click

from reconciler.cli.terminal.output import tell
from reconciler.documents.guesses import did_you_mean
from reconciler.errors import UsageError
from reconciler.reports.problems.text import render_error_text


@dataclass(frozen=True, slots=True)
class Questions:
    """Asks on standard error, so that standard output stays the result. `asking` is whether somebody is there to answer."""

    asking: bool
    color: bool = False

    def text(self, given: str | None, question: str, default: str, check: Callable[[str], None]) -> str:
        """What was given, else the answer, without spaces around it.

        `check` raises UsageError for what will not do: an answer is asked for again then, and what was given is refused.
        """
        if given is None and self.asking:
            return self._answer(question, default, check)
        text = (default if given is None else given).strip()
        check(text)
        return text

    def choice(self, given: str | None, question: str, choices: Sequence[str], default: str) -> str:
        """What was given, else one of the choices."""

        def check(answer: str) -> None:
            if answer not in choices:
                raise UsageError(f"{answer!r} is none of the choices", hint=did_you_mean(answer, choices))

        if given is None and self.asking:
            return self._answer(f"{question} ({', '.join(choices)})", default, check)
        return default if given is None else given

    def _answer(self, question: str, default: str, check: Callable[[str], None]) -> str:
        """The first answer that will do. Raises UsageError where there is no more."""
        while True:
            try:
                answer: str = click.prompt(question, default=default, err=True)
            except click.Abort as error:
                tell("\n")  # the question's line has no end
                raise UsageError(
                    "nothing was written: the questions were not answered", hint="give the answers as options"
                ) from error
            try:
                check(answer.strip())
            except UsageError as error:
                tell(render_error_text(error, color=self.color))
            else:
                return answer.strip()


def somebody_is_there() -> bool:
    """Whether there is a terminal to ask on."""
    return sys.stdin.isatty() and sys.stderr.isatty()
