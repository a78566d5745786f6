"""Quotes, brackets and parentheses of a JSONPath: where each ends, and the first that has no partner."""

from __future__ import annotations

import re
from typing import Final

from reconciler.lint.body.jsonpath_fault import Fault

QUOTED: Final = r"(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
ITEM: Final = rf"(?:-?\d+(?:\s*:\s*(?:-?\d+)?){{0,2}}|:\s*(?:-?\d+)?(?:\s*:\s*(?:-?\d+)?)?|\*|{QUOTED})"
"""One entry of `[…]`: an index, a slice, everything, a name in quotes."""
ITEMS: Final = rf"\s*{ITEM}(?:\s*,\s*{ITEM})*"
_WHOLE: Final = re.compile(rf"\[{ITEMS}", re.DOTALL)
_PATTERN: Final = re.compile(r"=~\s*/(?:[^/\\]|\\.)*/")
_OPENS: Final = {"[": "]", "(": ")"}
_CLOSES: Final = {closing: opening for opening, closing in _OPENS.items()}
_QUOTES: Final = "'\""


def unbalanced(path: str) -> Fault | None:
    """The first quote, bracket or parenthesis without a partner. Outside of brackets quotes are letters."""
    opened: list[int] = []
    position = 0
    while position < len(path):
        character = path[position]
        if opened and (end := end_of_literal(path, position)) is not None:
            position = end
        elif character in _QUOTES and opened:
            return _open_quote(path, position)
        elif character in _OPENS:
            opened.append(position)
        elif character in _CLOSES:
            if not opened or path[opened[-1]] != _CLOSES[character]:
                return _wrong_closing(path, position, opened)
            opened.pop()
        position += 1
    return _left_open(path, opened[-1]) if opened else None


def end_of_literal(path: str, start: int) -> int | None:
    """Where the quoted text or the pattern ends that begins here; None where none begins, or it has no end."""
    if path[start] in _QUOTES:
        return _end_of_quote(path, start)
    pattern = _PATTERN.match(path, start)
    return pattern.end() - 1 if pattern else None


def end_of_bracket(path: str, start: int) -> int:
    """Where the bracket or parenthesis is closed that opens here, in a path where all are."""
    depth, position = 0, start
    while True:
        character = path[position]
        if (end := end_of_literal(path, position)) is not None:
            position = end
        elif character in _OPENS:
            depth += 1
        elif character in _CLOSES:
            depth -= 1
            if depth == 0:
                return position
        position += 1


def _end_of_quote(path: str, start: int) -> int | None:
    position = start + 1
    while position < len(path):
        if path[position] == path[start]:
            return position
        position += 2 if path[position] == "\\" else 1
    return None


def _open_quote(path: str, start: int) -> Fault:
    """It is closed before the next bracket that closes: hardly any text has one."""
    quote = path[start]
    end = next((index for index in range(start, len(path)) if path[index] in _CLOSES), len(path))
    text = path[start + 1 : end].rstrip()
    instead = None if not text or text.endswith("\\") else f"{path[: start + 1]}{text}{quote}{path[start + 1 + len(text) :]}"
    where = f"the quote {quote} of character {start + 1}"
    return Fault(f"{where} is not closed", f"close {where} with another {quote}", instead)


def _wrong_closing(path: str, position: int, opened: list[int]) -> Fault:
    """What stands open is closed before, if there is something that this closes; else it closes nothing."""
    character = path[position]
    where = f"the {character} of character {position + 1}"
    if not any(path[start] == _CLOSES[character] for start in opened):
        return Fault(f"{where} closes nothing", f"take out {where}", path[:position] + path[position + 1 :])
    inner = opened[-1]
    step = f"write {_OPENS[path[inner]]} before {where}"
    reason = f"the {path[inner]} of character {inner + 1} is not closed before {where}"
    return Fault(reason, step, _closed(path, inner, position))


def _left_open(path: str, start: int) -> Fault:
    where = f"the {path[start]} of character {start + 1}"
    return Fault(f"{where} is not closed", f"close {where} with {_OPENS[path[start]]}", _closed(path, start, len(path)))


def _closed(path: str, start: int, latest: int) -> str:
    """The path with what opens at `start` closed: behind the names and numbers in it, else as late as can be."""
    items = _WHOLE.match(path, start, latest)
    end = items.end() if items else latest
    return path[:end] + _OPENS[path[start]] + path[end:]
