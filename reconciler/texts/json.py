"""Read JSON strictly, by RFC 8259: bytes in, a Reading out.

msgspec reads valid JSON. If a text is invalid or may have duplicate keys, `json_nodes` scans it again, slowly, and reports each mistake
with its position.
"""

from __future__ import annotations

import re
from typing import Final

from reconciler.documents.json_text import Json, NotJson, decode
from reconciler.texts.reading import MAX_LEVELS, MAX_PARTS, Mistake, Reading, text_of

_STRING: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


def read_json(data: bytes) -> Reading:
    """The value of this document and every mistake in it: duplicate keys, NaN, trailing text, … Never raises."""
    text = text_of(data)
    if isinstance(text, Mistake):
        return Reading(None, (text,))
    try:
        value = decode(text)
    except NotJson as error:
        return _scanned(text, str(error))
    if _entries(value) == _STRING.sub("", text).count(":"):
        return Reading(value)
    return _scanned(text, "nested too deeply, too large, or with a duplicate key")


def _scanned(text: str, reason: str) -> Reading:
    from reconciler.texts.json_nodes import SYNTAX_HINT, JsonNodes  # noqa: PLC0415 - most files are valid

    nodes = JsonNodes(text)
    mistakes = nodes.mistakes or (Mistake("syntax", f"not valid JSON: {reason}", 1, 1, hint=SYNTAX_HINT),)
    return Reading(nodes.value(), tuple(mistakes))


def _entries(value: Json) -> int:
    """The number of keys in all objects of this value; -1 if it is nested too deep or has too many parts."""
    entries, parts = 0, 1
    level = [value]
    for _ in range(MAX_LEVELS + 1):
        level = [item for item in level if type(item) is dict or type(item) is list]
        # a container's closing bracket, its keys, and its values (the first token of those that are containers)
        parts += sum(1 + len(item) * (2 if type(item) is dict else 1) for item in level)
        if parts > MAX_PARTS:
            return -1
        if not level:
            return entries
        entries += sum(len(item) for item in level if type(item) is dict)
        level = [child for item in level for child in (item.values() if type(item) is dict else item)]
    return -1
