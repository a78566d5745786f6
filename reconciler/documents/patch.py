"""Apply RFC 6902 operations (add, remove, replace)."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from reconciler.documents.pointer import parse_pointer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reconciler.documents.json_text import Document, Json


def apply_operations(body: Document, operations: Iterable[tuple[str, str, Json]]) -> Document:
    """A copy of the body after these (op, path, value) operations, applied in order.

    Raises LookupError or ValueError for a path that the body does not have.
    """
    result = copy.deepcopy(body)
    for op, path, value in operations:
        *parents, last = parse_pointer(path)
        container: Json = result
        for segment in parents:
            container = container[int(segment)] if isinstance(container, list) else container[segment]
        if isinstance(container, list):
            _apply_to_list(container, op, last, value)
        elif op == "remove":
            del container[last]
        else:
            container[last] = copy.deepcopy(value)
    return result


def _apply_to_list(items: list[Json], op: str, segment: str, value: Json) -> None:
    if op == "add":
        items.insert(len(items) if segment == "-" else int(segment), copy.deepcopy(value))
    elif op == "remove":
        del items[int(segment)]
    else:
        items[int(segment)] = copy.deepcopy(value)
