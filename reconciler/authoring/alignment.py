"""Which item of a list became which: so that a list is changed at the items that changed."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import TypeAlias

from reconciler.documents.json_text import Json, encode_sorted

Pairs: TypeAlias = list[tuple[int | None, int | None]]
"""Positions before and after, in the order of after; None before is a new item, None after one that is gone."""


def align(before: Sequence[Json], after: Sequence[Json]) -> Pairs:
    """Pairs of the items: equal ones, those of one name, and what stands in the place of another."""
    matcher = SequenceMatcher(None, _labels(before), _labels(after), autojunk=False)
    pairs: Pairs = []
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        both = min(end - start, new_end - new_start) if tag != "equal" else end - start
        pairs += [(start + offset, new_start + offset) for offset in range(both)]
        pairs += [(index, None) for index in range(start + both, end)]
        pairs += [(None, index) for index in range(new_start + both, new_end)]
    return pairs


def _labels(items: Sequence[Json]) -> list[bytes]:
    names = [item.get("name") if isinstance(item, dict) else None for item in items]
    if items and all(isinstance(name, str) for name in names) and len(set(names)) == len(names):
        return [encode_sorted(name) for name in names]
    return [encode_sorted(item) for item in items]
