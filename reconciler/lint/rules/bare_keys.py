"""A key without a value inside braces: what became of a text that has a comma and no quotes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reconciler.documents.pointer import Segments
from reconciler.lint.places.placing import FileText
from reconciler.lint.places.spans import Entry
from reconciler.lint.rule import Finding, Mark

NOTHING: Final = b":null"
"""What the JSON of a body has where there is such a key."""


def bare_keys(text: FileText) -> Iterator[Finding]:
    """A finding at each such key of a YAML file's bodies; the path leads into the file."""
    if not text.may_have_comments or text.spans.root is None:
        return
    for name in ("spec", "overlays"):
        entry = text.spans.root.children.get(name)
        if entry is not None:
            yield from _below((name,), entry, text)


def _below(path: Segments, entry: Entry, text: FileText) -> Iterator[Finding]:
    due = [(path, entry)]
    while due:
        place, item = due.pop()
        before = ""
        for name, child in item.children.items():
            if item.is_flow and child.key is not None and child.is_scalar and child.value.start == child.value.end:
                yield Finding((*place, name), _message(name, before), _hint(item, before, text), Mark.KEY, in_envelope=True)
            else:
                before = name
        due += [((*place, name), child) for name, child in reversed(item.children.items()) if child.children]


def _message(name: str, before: str) -> str:
    cut = f": the comma before it ended the value of `{before[:80]}`" if before else ""
    return f"`{name[:80]}` is a key without a value{cut}"


def _hint(block: Entry, before: str, text: FileText) -> str | None:
    """The value before, with what was cut off, in quotes: up to the next key that has a value."""
    first = block.children.get(before)
    if first is None or not first.is_scalar:
        return None
    end = first.value.end
    for name in list(block.children)[list(block.children).index(before) + 1 :]:
        child = block.children[name]
        if child.key is None or child.value.start != child.value.end:
            break
        end = child.key.end
    written = " ".join(text.text[first.value.start : end].split())
    return None if "'" in written else f"write {before[:80]}: '{written[:200]}'"
