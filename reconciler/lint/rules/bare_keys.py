"""Keys without a value inside braces: the rest of an unquoted string that contains a comma."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import Final

from reconciler.documents.pointer import Segments
from reconciler.lint.places.placing import FileText
from reconciler.lint.rule import Finding, Mark
from reconciler.texts.nodes import Entry, Node, Shape

NOTHING: Final = b":null"
"""Such a key in the JSON of a body."""


def bare_keys(text: FileText) -> Iterator[Finding]:
    """A finding at each such key in the bodies of a YAML file; its path is in the file."""
    if not text.may_have_comments:
        return
    for name in ("spec", "overlays"):
        for entry in text.root.way((name,), through_aliases=True):
            yield from _below((name,), entry.node.meant or entry.node, text)


def _below(path: Segments, node: Node, text: FileText) -> Iterator[Finding]:
    due = [(path, node)]
    while due:
        place, parent = due.pop()
        before: Entry | None = None
        for entry in parent.entries if parent.shape is Shape.MAPPING and parent.flow else ():
            if _is_bare(entry):
                yield Finding(
                    (*place, entry.key or ""), _message(entry, before), _hint(parent, before, text), Mark.KEY, in_envelope=True
                )
            else:
                before = entry
        children = [
            ((*place, str(index) if entry.key is None else entry.key), entry.node) for index, entry in enumerate(parent.entries)
        ]
        due += reversed(children)


def _is_bare(entry: Entry) -> bool:
    return entry.node.start == entry.node.end


def _message(entry: Entry, before: Entry | None) -> str:
    cut = f": the comma before it ended the value of `{before.key[:80]}`" if before and before.key else ""
    return f"`{(entry.key or '')[:80]}` has no value{cut}"


def _hint(block: Node, before: Entry | None, text: FileText) -> str | None:
    """The previous value, quoted, with the text that was cut off: up to the next key with a value."""
    if before is None or before.node.shape is not Shape.SCALAR:
        return None
    bare = list(takewhile(_is_bare, block.entries[block.entries.index(before) + 1 :]))
    end = bare[-1].name.end if bare and bare[-1].name else before.node.end
    written = " ".join(text.text[before.node.start : end].split())
    return None if "'" in written else f"write {(before.key or '')[:80]}: '{written[:200]}'"
