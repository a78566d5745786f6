"""The words of a command line that a shell asks to complete."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from click.shell_completion import split_arg_string

SHELLS: Final = ("bash", "zsh", "fish")


@dataclass(frozen=True, slots=True)
class Words:
    """The finished words, the one at the cursor, and what the answers begin with: `--format=` in `--format=js`."""

    finished: tuple[str, ...]
    current: str
    prefix: str = ""


def words_of(shell: str, given: Sequence[str]) -> Words:
    """The words after the name of the command, as this shell passes them; the last one is at the cursor.

    bash passes words with their quotes, and makes three words of `--format=json`; the others pass what the command would get.
    """
    words = _of_bash(given) if shell == "bash" else list(given)
    finished, current = [_at_home(word) for word in words[:-1]], words[-1] if words else ""
    option, equals, value = current.partition("=")
    if equals and option.startswith("--"):
        return Words((*finished, option), value, f"{option}=")
    return Words(tuple(finished), current)


def _of_bash(given: Sequence[str]) -> list[str]:
    words: list[str] = []
    for index, word in enumerate(given):
        if word == "=" and words and words[-1].startswith("--"):
            if index == len(given) - 1:
                words.append("")
            continue
        words.append("".join(split_arg_string(word)))
    return words


def _at_home(word: str) -> str:
    return os.path.expanduser(word) if word.startswith("~/") else word  # noqa: PTH111 - it may be anything, not only a path
