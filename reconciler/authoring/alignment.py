"""Which item of a list became which: so that a list is changed at the items that changed."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import TypeAlias

from reconciler.documents.json_text import Json, encode_sorted

Pairs: TypeAlias = list[tuple[int | None, int | None]]
"""Positions before and after, in the order of after; None before is a new item, None after one that is gone."""


def align(before: Sequence[Json], after: Sequence[Json]) -> Pairs:
    """Pairs of the items: equal ones, those of one name, and what stands in the place of another.

    An item that moved past others is gone in one place and new in another.
    """
    old_labels, new_labels = _labels(before, after)
    opcodes = SequenceMatcher(None, old_labels, new_labels, autojunk=False).get_opcodes()
    rest = [
        (old_labels[start:end], new_labels[new_start:new_end])
        for tag, start, end, new_start, new_end in opcodes
        if tag != "equal"
    ]
    moved = {label for labels, _ in rest for label in labels} & {label for _, labels in rest for label in labels}
    pairs: Pairs = []
    for tag, start, end, new_start, new_end in opcodes:
        if tag == "equal":
            pairs += zip(range(start, end), range(new_start, new_end), strict=True)
            continue
        old = [index for index in range(start, end) if old_labels[index] not in moved]
        new = [index for index in range(new_start, new_end) if new_labels[index] not in moved]
        becomes = dict(zip(new, old, strict=False))
        stay = set(becomes.values())
        pairs += [(becomes.get(index), index) for index in range(new_start, new_end)]
        pairs += [(index, None) for index in range(start, end) if index not in stay]
    return pairs


def _labels(before: Sequence[Json], after: Sequence[Json]) -> tuple[list[bytes], list[bytes]]:
    """What items are known by: their names, where all have one of their own, else all that they say."""
    if _are_named(before) and _are_named(after):
        return [_name_of(item) for item in before], [_name_of(item) for item in after]
    return [encode_sorted(item) for item in before], [encode_sorted(item) for item in after]


def _are_named(items: Sequence[Json]) -> bool:
    names = [item.get("name") if isinstance(item, dict) else None for item in items]
    return bool(items) and all(isinstance(name, str) for name in names) and len(set(names)) == len(names)


def _name_of(item: Json) -> bytes:
    return encode_sorted(item["name"])
