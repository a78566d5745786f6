"""A block scalar with a new value, in its current style, indentation and lines."""

from __future__ import annotations

import re
from typing import Final

from reconciler.texts.in_place.yaml.lines import BODY, column_of, line_end
from reconciler.texts.nodes import Entry
from reconciler.texts.yaml_nodes import HEADER

_WIDTH: Final = 100
"""Width of a folded line, unless current lines are longer."""


def text_column(text: str, entry: Entry) -> int | None:
    """The column of the lines of a block scalar; None if it has no lines."""
    node = entry.node
    header = HEADER.match(text, node.inner)
    indicator = re.search("[1-9]", header[0]) if header else None
    if indicator:
        return column_of(text, entry.start) + int(indicator[0])
    found = BODY.search(text, node.inner, node.end)
    return len(found[1]) if found else None


def same_style(text: str, entry: Entry, value: str) -> tuple[str, list[str]] | None:
    """The header and the lines below it, if the value fits the style of the block scalar that it replaces."""
    column, header = text_column(text, entry), HEADER.match(text, entry.node.inner)
    if column is None or header is None or not _can_stand(value, has_indicator=any(digit.isdigit() for digit in header[0])):
        return None
    paragraphs = value.rstrip("\n").split("\n")
    if header[0][0] == ">":
        if any(paragraph.startswith(" ") for paragraph in paragraphs):
            return None
        body = text[line_end(text, entry.node.inner) : entry.node.end].splitlines()[1:]
        lines = _folded(paragraphs, [line[column:] for line in body])
    else:
        lines = paragraphs
    ends = len(value) - len(value.rstrip("\n"))
    chomping = "-" if not ends else "" if ends == 1 else "+"
    pad = " " * column
    return re.sub("[-+]", "", header[0]) + chomping, [f"{pad}{line}" if line else "" for line in [*lines, *[""] * (ends - 1)]]


def _can_stand(value: str, *, has_indicator: bool) -> bool:
    if not value.strip("\n") or value.startswith("\n") or (value.startswith(" ") and not has_indicator):
        return False
    return all(line.isprintable() and not line.endswith(" ") for line in value.split("\n"))


def _folded(paragraphs: list[str], before: list[str]) -> list[str]:
    """The folded lines: a blank one for each line break of the value, and current lines where the value is unchanged."""
    lines: list[str] = []
    for number, paragraph in enumerate(paragraphs):
        lines += [""] if number else []
        lines += _broken(paragraph, before) if paragraph else []
    return lines


def _broken(paragraph: str, before: list[str]) -> list[str]:
    """A paragraph in lines: unchanged at its beginning and end, wrapped at spaces between."""
    for start in [index for index, line in enumerate(before) if line and paragraph.startswith(line)] or [0]:
        head, rest = _take_lines(paragraph, before[start:])
        if head:
            break
    tail: list[str] = []
    for line in reversed(before):
        if not line or not rest.endswith(f" {line}") or rest[: -len(line) - 1].endswith(" "):
            break
        tail.insert(0, line)
        rest = rest[: -len(line) - 1]
    width = max([_WIDTH, *(len(line) for line in before)])
    return [*head, *_wrapped(rest, width), *tail]


def _take_lines(paragraph: str, before: list[str]) -> tuple[list[str], str]:
    taken: list[str] = []
    for line in before:
        if not line or not paragraph.startswith(f"{line} ") or paragraph[len(line) + 1 : len(line) + 2] in ("", " "):
            break
        taken.append(line)
        paragraph = paragraph[len(line) + 1 :]
    return taken, paragraph


def _wrapped(text: str, width: int) -> list[str]:
    """Lines up to this width, unless a word is longer; broken only at single spaces."""
    lines: list[str] = []
    for word in re.split(r"(?<! ) (?! )", text):
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
