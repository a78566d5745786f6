"""Suggestions for unknown words: "did you mean …?"."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

_LIKENESS: Final = 0.6
_MAX_CHARACTERS: Final = 80
_MAX_CHOICES: Final = 300
"""Comparing a word with thousands of others takes a tenth of a second, and a file may have many unknown words."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word nearest to this one, ignoring case; None if none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - takes time to load, and most runs have no unknown word

    lowered = {candidate.lower(): candidate for candidate in known}
    found = get_close_matches(word[:_MAX_CHARACTERS].lower(), lowered, n=1, cutoff=_LIKENESS)
    return lowered[found[0]] if found else None


def suggestion(meant: str) -> str:
    """A hint that suggests this word."""
    return f"did you mean '{meant}'?"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint for an unknown word: the nearest known one, or all of them."""
    words = sorted(known)
    meant = nearest(word, words)
    if meant:
        return suggestion(meant)
    return f"use one of: {', '.join(words)}" if words else "none are defined"


def guess(word: str, known: Collection[str]) -> str | None:
    """The nearest known word; None if none is near, or there are too many to compare with."""
    return nearest(word, known) if len(known) <= _MAX_CHOICES else None


def did_you_mean_one_of(word: str, known: Collection[str]) -> str | None:
    """A hint with the result of `guess`; None without one."""
    meant = guess(word, known)
    return suggestion(meant) if meant else None
