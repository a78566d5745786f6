"""Match list items before and after a change, so that only changed items are rewritten and comments follow their items."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Final, TypeAlias

from reconciler.documents.json_text import Json, encode_sorted

Pairs: TypeAlias = list[tuple[int | None, int | None]]
"""Positions before and after, in the new order; None before is a new item, None after a removed one."""

_MAX_COMPARED: Final = 10_000
"""Limit of item pairs that are compared value by value; in longer lists the position decides."""


def align(before: Sequence[Json], after: Sequence[Json]) -> Pairs:
    """Pairs of items that keep their order. An item that moved past others counts as removed and added."""
    became = match(before, after)
    stay = _in_order(became)
    pairs: Pairs = [(became[new] if new in stay else None, new) for new in range(len(after))]
    kept = {became[new] for new in stay}
    return pairs + [(old, None) for old in range(len(before)) if old not in kept]


def match(before: Sequence[Json], after: Sequence[Json]) -> dict[int, int]:
    """For each new position, the previous position of the same item.

    First equal items and items of the same name, wherever they moved; then items that are mostly equal; then items in the same position.
    """
    old_labels, new_labels = _labels(before, after)
    became = _of_one_label(old_labels, new_labels)
    became |= _alike(before, after, became)
    return became | _in_place(before, after, became)


def _labels(before: Sequence[Json], after: Sequence[Json]) -> tuple[list[bytes], list[bytes]]:
    """What identifies the items: their names if all are unique, else their whole values."""
    if _are_named(before) and _are_named(after):
        before, after = [item["name"] for item in before], [item["name"] for item in after]
    return [encode_sorted(item) for item in before], [encode_sorted(item) for item in after]


def _are_named(items: Sequence[Json]) -> bool:
    names = [item.get("name") if isinstance(item, dict) else None for item in items]
    return bool(items) and all(isinstance(name, str) for name in names) and len(set(names)) == len(names)


def _of_one_label(before: Sequence[bytes], after: Sequence[bytes]) -> dict[int, int]:
    """Items in the same order first, from both ends and then between; then the others, in order."""
    first = _common_prefix(before, after)
    last = _common_prefix(before[first:][::-1], after[first:][::-1])
    became = {index: index for index in range(first)}
    became |= {len(after) - index: len(before) - index for index in range(last, 0, -1)}
    between = before[first : len(before) - last], after[first : len(after) - last]
    for start, new_start, size in SequenceMatcher(None, *between, autojunk=False).get_matching_blocks():
        became |= {first + new_start + offset: first + start + offset for offset in range(size)}
    left: dict[bytes, list[int]] = defaultdict(list)
    taken = set(became.values())
    for old in reversed(range(len(before))):
        if old not in taken:
            left[before[old]].append(old)
    for new, label in enumerate(after):
        if new not in became and left[label]:
            became[new] = left[label].pop()
    return became


def _common_prefix(before: Sequence[bytes], after: Sequence[bytes]) -> int:
    pairs = enumerate(zip(before, after, strict=False))
    return next((index for index, (one, other) in pairs if one != other), min(len(before), len(after)))


def _alike(before: Sequence[Json], after: Sequence[Json], became: Mapping[int, int]) -> dict[int, int]:
    """Of the remaining mappings and lists, pairs that are at least half equal, the most equal first."""
    taken = set(became.values())
    old_leaves = {old: _leaves(item) for old, item in enumerate(before) if old not in taken and isinstance(item, dict | list)}
    new_leaves = {new: _leaves(item) for new, item in enumerate(after) if new not in became and isinstance(item, dict | list)}
    if len(old_leaves) * len(new_leaves) > _MAX_COMPARED:
        return {}
    scores: list[tuple[int, int, int, int]] = []
    for new, leaves in new_leaves.items():
        for old, others in old_leaves.items():
            common = (leaves & others).total()
            if common and 2 * common >= min(leaves.total(), others.total()):
                scores.append((-common, abs(new - old), new, old))
    found: dict[int, int] = {}
    for _, _, new, old in sorted(scores):
        if new not in found and old not in found.values():
            found[new] = old
    return found


def _leaves(value: Json) -> Counter[tuple[tuple[str, ...], bytes]]:
    """The scalars in a value, each with its path."""
    found: Counter[tuple[tuple[str, ...], bytes]] = Counter()
    due: list[tuple[tuple[str, ...], Json]] = [((), value)]
    while due:
        path, item = due.pop()
        if isinstance(item, dict) and item:
            due += [((*path, key), inner) for key, inner in item.items()]
        elif isinstance(item, list) and item:
            due += [((*path, "-"), inner) for inner in item]
        else:
            found[path, encode_sorted(item)] += 1
    return found


def _in_place(before: Sequence[Json], after: Sequence[Json], became: Mapping[int, int]) -> dict[int, int]:
    """The unmatched items between the same two neighbours: in order, or of one kind if their numbers differ."""
    taken = set(became.values())
    found: dict[int, int] = {}
    old_start, new_start = 0, 0
    for old_end, new_end in [*((became[new], new) for new in sorted(_in_order(became))), (len(before), len(after))]:
        old = [index for index in range(old_start, old_end) if index not in taken]
        new = [index for index in range(new_start, new_end) if index not in became]
        kinds = [_kind(before[index]) for index in old], [_kind(after[index]) for index in new]
        if len(old) != len(new) and set(kinds[0]) & set(kinds[1]):
            found |= {new[there]: old[here] for there, here in _of_one_label(*kinds).items()}
        else:
            found |= dict(zip(new, old, strict=False))
        old_start, new_start = old_end + 1, new_end + 1
    return found


def _kind(item: Json) -> bytes:
    """The keys of a mapping; for other values, whether it is a list or a scalar."""
    if isinstance(item, dict):
        return encode_sorted(sorted(item))
    return b"list" if isinstance(item, list) else b"scalar"


def _in_order(became: Mapping[int, int]) -> set[int]:
    """The new positions of as many items as possible that keep their order."""
    ends: list[int] = []
    last_of: list[int] = []
    behind: dict[int, int | None] = {}
    for new in sorted(became):
        length = bisect_left(ends, became[new])
        ends[length : length + 1] = [became[new]]
        last_of[length : length + 1] = [new]
        behind[new] = last_of[length - 1] if length else None
    stay: set[int] = set()
    last = last_of[-1] if last_of else None
    while last is not None:
        stay.add(last)
        last = behind[last]
    return stay
