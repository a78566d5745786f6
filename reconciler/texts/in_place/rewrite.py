"""Change a document to another value, touching only the places that change.

Comments, order, quoting, anchors, blank lines and line breaks stay. An alias is expanded only if its value differs from that of its anchor.
The result is read again: it is exactly the wanted document, or nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from reconciler.documents.json_text import Document
from reconciler.texts.in_place.aliases import written_out
from reconciler.texts.in_place.editor import Editor, alike
from reconciler.texts.in_place.json.style import JsonStyle
from reconciler.texts.in_place.stages import Place, reordered, single_changes
from reconciler.texts.in_place.yaml.style import YamlStyle
from reconciler.texts.json import read_json
from reconciler.texts.locate import Syntax, nodes_of, read_text
from reconciler.texts.reading import MAX_LEVELS, Mistake, text_of

_BOM: Final = "\ufeff"


class CannotChange(ValueError):
    """A value cannot be changed without other changes to the file."""


def rewrite(data: bytes, syntax: Syntax, wanted: Document) -> bytes:
    """The file changed to the value `wanted`, with as few edits as possible. `data` has no mistakes, and its root is a mapping.

    Raises CannotChange.
    """
    text = text_of(data)
    if isinstance(text, Mistake):
        raise CannotChange(text.message)
    current = read_text(data, syntax).value
    if not isinstance(current, dict):
        raise CannotChange("it is not a mapping")
    if alike(current, wanted):
        return data
    if not current.keys() & wanted.keys():
        raise CannotChange("none of its keys remain, so the whole file would be rewritten")
    for stage in reordered(current, wanted):
        moved = _moved(text, current, stage, syntax)
        text, current = (moved, stage) if moved is not None else (text, current)
    changed = _changed(text, wanted, MAX_LEVELS, syntax)
    if changed is None:
        changed = _changed_one_by_one(text, current, wanted, syntax)
    return (_BOM + changed if data.startswith(_BOM.encode()) else changed).encode()


def _moved(text: str, current: Document, wanted: Document, syntax: Syntax) -> str | None:
    """The text with lists reordered; an alias that would precede its anchor is expanded."""
    moved = _changed(text, wanted, MAX_LEVELS, syntax)
    if moved is not None or syntax is Syntax.JSON:
        return moved
    whole = text if text.endswith("\n") else text + "\n"
    places = [place for place, _ in single_changes(current, wanted)]
    with suppress(ValueError):
        return _changed(written_out(whole, current, places), wanted, MAX_LEVELS, syntax)
    return None


def _changed_one_by_one(text: str, current: Document, wanted: Document, syntax: Syntax) -> str:
    """The text, changed place by place; whole values are rewritten only where necessary."""
    for place, document in single_changes(current, wanted):
        fineness = (MAX_LEVELS, *range(len(place) + 1, 0, -1))
        attempts = (_changed(text, document, levels, syntax) for levels in fineness)
        changed = next((attempt for attempt in attempts if attempt is not None), None)
        if changed is None:
            raise CannotChange(f"line {_line_of(text, place, syntax)} cannot be edited in place")
        text = changed
    return text


def _changed(text: str, wanted: Document, levels: int, syntax: Syntax) -> str | None:
    """The text changed to this value; None if that is impossible."""
    attempts = _attempts(text, wanted, levels, syntax)
    return next((attempt for attempt in attempts if _says(attempt, wanted, syntax)), None)


def _line_of(text: str, place: Place, syntax: Syntax) -> int:
    """The line of the value at this place, or of its nearest parent."""
    root = nodes_of(text + "\n", syntax)
    way = root.way(tuple(str(part) for part in place))
    return text.count("\n", 0, way[-1].start if way else root.start) + 1


def _attempts(text: str, wanted: Document, levels: int, syntax: Syntax) -> Iterator[str]:
    """The changed text; if it had no final line break, first without one, then with one, which some values need.

    YAML that is JSON stays JSON.
    """
    whole = text if text.endswith("\n") else text + "\n"
    written = syntax if syntax is Syntax.JSON or read_json(text.encode()).mistakes else Syntax.JSON
    root = nodes_of(whole, written)
    style = YamlStyle(whole, root) if written is Syntax.YAML else JsonStyle(whole, is_yaml=syntax is Syntax.YAML)
    editor = Editor(whole, style, levels)
    with suppress(ValueError):
        changed = editor.change_root(root, wanted)
        if whole is not text:
            yield changed.removesuffix("\n")
        yield changed


def _says(text: str, wanted: Document, syntax: Syntax) -> bool:
    reading = read_text(text.encode(), syntax)
    return not reading.mistakes and alike(reading.value, wanted)
