"""Answers of a code host that lack a field."""

from __future__ import annotations

from reconciler.documents.json_text import Json


def less(item: dict[str, Json], path: str) -> dict[str, Json]:
    """The item without the field at this path, such as `user.login`."""
    first, _, rest = path.partition(".")
    others = {name: value for name, value in item.items() if name != first}
    return others | {first: less(item[first], rest)} if rest else others
