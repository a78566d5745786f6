"""A text changed so that it says something else, at the places where it does, and nowhere else.

Comments, order, quoting, anchors, blank lines and line breaks stay as they are written. Where a value stands under an alias, the alias is
written out only if what it stands for is another value now. The result is read again: it says exactly what was wanted, or nothing is
changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from reconciler.authoring.editor import Editor
from reconciler.authoring.json_nodes import json_nodes
from reconciler.authoring.json_style import JsonStyle
from reconciler.authoring.yaml_nodes import yaml_nodes
from reconciler.authoring.yaml_style import YamlStyle
from reconciler.documents.json_text import Document, Json, encode_sorted
from reconciler.documents.locate import Syntax
from reconciler.documents.reading import MAX_LEVELS, Mistake, Reading, text_of
from reconciler.documents.strict_json import read_json
from reconciler.documents.yaml_text import read_yaml

_BOM: Final = "\ufeff"
_FINENESS: Final = (MAX_LEVELS, 4, 3, 2, 1)
"""Down to which level single entries are changed: where that cannot be told apart in the text, whole values are, of fewer levels."""


class CannotChange(ValueError):
    """A text in which a value cannot be changed without touching what stands around it."""


def rewrite(data: bytes, syntax: Syntax, wanted: Document) -> bytes:
    """The text that says `wanted`, changed as little as that takes. `data` has no mistakes, and its root is a mapping.

    Raises CannotChange.
    """
    text = text_of(data)
    if isinstance(text, Mistake):
        raise CannotChange(text.message)
    is_yaml = syntax is Syntax.YAML
    current = _read(data, is_yaml=is_yaml).value
    if not isinstance(current, dict):
        raise CannotChange("it holds no mapping")
    if alike(current, wanted):
        return data
    for levels in _FINENESS:
        for changed in _attempts(text, wanted, levels, is_yaml=is_yaml):
            if _says(changed, wanted, is_yaml=is_yaml):
                return (_BOM + changed if data.startswith(_BOM.encode()) else changed).encode()
    raise CannotChange("it is written in a way that cannot be changed by a program")


def alike(one: Json, other: Json) -> bool:
    """Whether two values are the same, but for the order of keys; 1 is not 1.0 here."""
    return encode_sorted(one) == encode_sorted(other)


def _attempts(text: str, wanted: Document, levels: int, *, is_yaml: bool) -> Iterator[str]:
    """The text, changed; where it did not end with a line break, first without one, and then with it, since a value may need it.

    YAML that is JSON stays JSON.
    """
    whole = text if text.endswith("\n") else text + "\n"
    is_json = not is_yaml or not read_json(text.encode()).mistakes
    root = json_nodes(whole) if is_json else yaml_nodes(whole)
    editor = Editor(whole, JsonStyle(whole, is_yaml=is_yaml) if is_json else YamlStyle(whole, root), levels)
    with suppress(ValueError):
        changed = editor.change_root(root, wanted)
        if whole is not text:
            yield changed.removesuffix("\n")
        yield changed


def _says(text: str, wanted: Document, *, is_yaml: bool) -> bool:
    reading = _read(text.encode(), is_yaml=is_yaml)
    return not reading.mistakes and alike(reading.value, wanted)


def _read(data: bytes, *, is_yaml: bool) -> Reading:
    return read_yaml(data) if is_yaml else read_json(data)
