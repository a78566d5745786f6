"""The providers of Self-Serve Sources, and what keeps a text from being an id."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Final

from reconciler.sdk.sources import SOURCE_TYPES

PROVIDERS: Final = {source.name: source.provider for source in SOURCE_TYPES.values()}
"""The provider's id, by the type of source."""
_LENGTH: Final = 36
_GROUPS: Final = (8, 4, 4, 4, 12)
_LIKE_ONE: Final = range(20, 61)
"""Characters of a text that may have been an id."""
_ODD: Final = re.compile(r"[^0-9a-fA-F-]")
_MAX_ODD: Final = 4
_CLOSE: Final = 0.85
"""Two ids that have nothing to do with each other have less than two thirds in common."""


def why_no_id(text: str) -> str | None:
    """What keeps a text that is no id from being one, where it is like one; None where it is something else."""
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
    """The type of source whose provider's id is nearly this."""
    if len(text) not in _LIKE_ONE:
        return None
    ratios = {name: SequenceMatcher(None, text.lower(), provider, autojunk=False).ratio() for name, provider in PROVIDERS.items()}
    nearest = max(ratios, key=lambda name: ratios[name])
    return nearest if ratios[nearest] >= _CLOSE else None
