"""One answer to a shell: what can stand at the cursor. Prints nothing but answers, and ends soon, whatever is in the way."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NoReturn

import click
from click.shell_completion import CompletionItem, _resolve_context, _resolve_incomplete

from reconciler.cli.completing.values import values_for
from reconciler.cli.completing.words import SHELLS, Words, words_of
from reconciler.cli.options.specs_folder import find_specs
from reconciler.cli.root import root
from reconciler.cli.shell import Shell
from reconciler.settings.scope import Scope

VARIABLE: Final = "_RECONCILER_COMPLETE"
"""Names the shell that asks; then the arguments are the words to complete, and nothing is run."""
_PATIENCE: Final = 2
"""Seconds."""


def answer(environ: Mapping[str, str], given: Sequence[str]) -> int:
    """Print the answers for these words, a line each: its type, value and help. Always returns 0."""
    shell = environ.get(VARIABLE, "")
    if shell in SHELLS:
        try:
            lines = list(_lines(words_of(shell, given), environ))
            sys.stdout.write("".join(f"{line}\n" for line in lines))
            sys.stdout.flush()
        except (Exception, SystemExit):  # noqa: BLE001 - a prompt is no place for an error
            return 0
    return 0


def give_up_in_time() -> None:
    """End this process without an answer if there is none soon: a file system may hang."""
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
        signal.alarm(_PATIENCE)


def _lines(words: Words, environ: Mapping[str, str]) -> Iterator[str]:
    for item in _items(words, Shell(environ, _no_sessions, scope=Scope(specs=find_specs(Path.cwd())))):
        value = f"{words.prefix}{item.value}" if item.type == "plain" else item.value
        yield f"{item.type}\t{value}\t{' '.join((item.help or '').split())}"


def _items(words: Words, shell: Shell) -> list[CompletionItem]:
    finished = list(words.finished)
    context = _resolve_context(root, {"obj": shell}, "reconciler", finished)
    place, current = _resolve_incomplete(context, finished, words.current)
    values = values_for(context, place) if isinstance(place, click.Parameter) else None
    if values is None:
        return [_unnamed(item) for item in place.shell_complete(context, current)]
    found = [item for item in values(context) if item.type != "plain" or _is_new(item.value, current, words)]
    return [item for item in found if item.type == "plain"] if _are_files(found) else found


def _are_files(items: list[CompletionItem]) -> bool:
    """Whether some of the plain answers are paths, so that the shell need not look for more."""
    return any(item.type == "plain" and "/" in item.value for item in items)


def _unnamed(item: CompletionItem) -> CompletionItem:
    """An answer of click; for files and folders, without a suffix."""
    return item if item.type == "plain" else CompletionItem("", type=item.type)


def _is_new(value: str, current: str, words: Words) -> bool:
    return value.startswith(current) and value not in words.finished


def _no_sessions(_environ: Mapping[str, str]) -> NoReturn:
    raise NotImplementedError
