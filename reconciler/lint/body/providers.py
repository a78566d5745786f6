"""The provider ids of Self-Serve Sources, and why a string is not a valid id."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Final

from reconciler.sdk.sources import SOURCE_TYPES

PROVIDERS: Final = {source.name: source.provider for source in SOURCE_TYPES.values()}
"""Provider ids by type of source."""
_LENGTH: Final = 36
_GROUPS: Final = (8, 4, 4, 4, 12)
_LIKE_ONE: Final = range(20, 61)
"""Lengths of a string that resembles an id."""
_ODD: Final = re.compile(r"[^0-9a-fA-F-]")
_MAX_ODD: Final = 4
_CLOSE: Final = 0.85
"""Similarity from which a string counts as a misspelled id; unrelated ids are less than two thirds alike."""


def why_no_id(text: str) -> str | None:
    """Why a string that resembles an id is not one; None if it does not resemble one."""
    odd = _ODD.search(text)
    if len(text) not in _LIKE_ONE or len(_ODD.findall(text)) > _MAX_ODD:
        return None
    if odd:
        return f"character {odd.start() + 1} is {odd[0]!r}; an id has only digits, the letters a to f, and hyphens"
    if len(text) != _LENGTH:
        return f"it has {len(text)} characters instead of {_LENGTH}{_odd_groups(text)}"
    return "its hyphens are not at characters 9, 14, 19 and 24"


def _odd_groups(text: str) -> str:
    groups = [len(group) for group in text.split("-")]
    if len(groups) != len(_GROUPS):
        return f", and {len(groups) - 1} hyphens instead of {len(_GROUPS) - 1}"
    odd = [index for index, (has, wanted) in enumerate(zip(groups, _GROUPS, strict=True)) if has != wanted]
    return f", and group {odd[0] + 1} has {groups[odd[0]]} instead of {_GROUPS[odd[0]]}" if len(odd) == 1 else ""


def type_of_provider_like(text: str) -> str | None:
    """The type of source whose provider id is almost this string; None if there is none."""
    if len(text) not in _LIKE_ONE:
        return None
    ratios = {name: SequenceMatcher(None, text.lower(), provider, autojunk=False).ratio() for name, provider in PROVIDERS.items()}
    nearest = max(ratios, key=lambda name: ratios[name])
    return nearest if ratios[nearest] >= _CLOSE else None
