"""Prompts for options that were not given: asked on a terminal, answered by their defaults elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import click

from reconciler.cli.terminal.output import tell
from reconciler.errors import UsageError
from reconciler.reports.problems.text import render_error_text
from reconciler.wording.guesses import did_you_mean


@dataclass(frozen=True, slots=True)
class Questions:
    """Prompts on standard error, so that standard output holds only the result. `asking` is whether a terminal is available."""

    asking: bool
    color: bool = False

    def text(self, given: str | None, question: str, default: str, check: Callable[[str], None]) -> str:
        """The given value, or the answer, without surrounding spaces.

        `check` raises UsageError for an invalid value: an answer is asked for again, a given value is refused.
        """
        if given is None and self.asking:
            return self._answer(question, default, check)
        text = (default if given is None else given).strip()
        check(text)
        return text

    def choice(self, given: str | None, question: str, choices: Sequence[str], default: str) -> str:
        """The given value, or one of the choices."""

        def check(answer: str) -> None:
            if answer not in choices:
                raise UsageError(f"{answer!r} is not one of the choices", hint=did_you_mean(answer, choices))

        if given is None and self.asking:
            return self._answer(f"{question} ({', '.join(choices)})", default, check)
        return default if given is None else given

    def _answer(self, question: str, default: str, check: Callable[[str], None]) -> str:
        """The first valid answer. Raises UsageError at the end of the input."""
        while True:
            try:
                answer: str = click.prompt(question, default=default, show_default=bool(default), err=True)
            except click.Abort as error:
                tell("\n")  # end the line of the prompt
                raise UsageError(
                    "nothing was written: the prompts were not answered", hint="pass the values as options"
                ) from error
            try:
                check(answer.strip())
            except UsageError as error:
                tell(render_error_text(error, color=self.color))
            else:
                return answer.strip()


def is_confirmed() -> bool:
    """Whether the line that is typed after a question is 'yes'. The line of the question ends, also with the input or by a signal."""
    answer = ""
    try:
        answer = sys.stdin.readline()
    finally:
        if not answer.endswith("\n"):
            tell("\n")
    return answer.strip() == "yes"


def somebody_is_there() -> bool:
    """Whether there is a terminal to prompt on."""
    return sys.stdin.isatty() and sys.stderr.isatty()
