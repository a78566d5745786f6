"""Apply RFC 6902 operations (add, remove, replace)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.documents.pointer import parse_pointer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reconciler.documents.json_text import Document, Json


def apply_operations(body: Document, operations: Iterable[tuple[str, str, Json]]) -> Document:
    """The body after these (op, path, value) operations, applied in order. What they do not change, it shares with the body.

    Raises LookupError or ValueError for a path that the body does not have.
    """
    copies = _Copies()
    result: Document = copies.of(body)
    for op, path, value in operations:
        *parents, last = parse_pointer(path)
        container: Json = result
        for segment in parents:
            place = int(segment) if isinstance(container, list) else segment
            below = container[place]
            if isinstance(below, dict | list):
                container[place] = below = copies.of(below)
            container = below
        if isinstance(container, list):
            _apply_to_list(container, op, last, value)
        elif op == "remove":
            del container[last]
        else:
            container[last] = value
    return result


class _Copies:
    """The containers that were copied, each once: those alone may be changed. They are kept, so that no other has the id of one."""

    def __init__(self) -> None:
        self._made: dict[int, Json] = {}

    def of(self, container: Json) -> Json:
        """The container itself if it is a copy, else a copy of its outermost level."""
        if id(container) not in self._made:
            container = container.copy()
            self._made[id(container)] = container
        return container


def _apply_to_list(items: list[Json], op: str, segment: str, value: Json) -> None:
    if op == "add":
        items.insert(len(items) if segment == "-" else int(segment), value)
    elif op == "remove":
        del items[int(segment)]
    else:
        items[int(segment)] = value
