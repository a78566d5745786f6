"""What was probably meant by a word, where there are not too many to choose from."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from reconciler.documents.shapes import nearest

_MAX_CHOICES: Final = 300
"""Comparing a word with thousands of others takes a tenth of a second, and there may be a finding for each."""
_MAX_CHARACTERS: Final = 80


def guess(word: str, choices: Collection[str]) -> str | None:
    """The choice that the word comes nearest to; None if nothing is near, or there are too many."""
    return nearest(word[:_MAX_CHARACTERS], choices) if len(choices) <= _MAX_CHOICES else None


def did_you_mean_one_of(word: str, choices: Collection[str]) -> str | None:
    """A hint with the nearest choice, None without one."""
    meant = guess(word, choices)
    return f"did you mean {meant}?" if meant else None
