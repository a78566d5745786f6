"""Where the syntax of a JSONPath goes wrong, and what to write instead.

The syntax is RFC 9535 and what Jayway's library takes besides (functions behind a dot, `[(…)]`, `=~ /…/`), because it is not documented
which library the service has. What stands in a filter is only looked at for quotes and brackets that are not closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_NAME: Final = r"[A-Za-z_\u0080-\U0010ffff][\w\u0080-\U0010ffff]*"
_QUOTED: Final = r"(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_ITEM: Final = rf"(?:-?\d+(?::-?\d*){{0,2}}|:-?\d*(?::-?\d*)?|\*|{_QUOTED})"
_ITEMS: Final = re.compile(rf"\s*{_ITEM}(?:\s*,\s*{_ITEM})*\s*", re.DOTALL)
_STEP: Final = re.compile(rf"\.\.?(?:{_NAME}(?:\(\))?|\*)")
_WORD: Final = re.compile(r"[^.\[\]]*")
_EXPRESSION: Final = re.compile(r"\s*(?:\?\s*.*[^\s?()].*|\(.*[^\s()].*\)\s*)", re.DOTALL)
_PATTERN: Final = re.compile(r"=~\s*/(?:[^/\\]|\\.)*/")
_CLOSES: Final = {")": "(", "]": "["}
_OPENS: Final = {opening: closing for closing, opening in _CLOSES.items()}
_MAX_LENGTH: Final = 2000


def fault_in(path: str) -> str | None:
    """What to write instead of this path; None where its syntax is in order, or it is too long to judge. Characters count from 1."""
    if len(path) > _MAX_LENGTH:
        return None
    if not path.startswith("$"):
        return "begin it with $, as in $.items"
    return _unclosed(path) or next(_faulty_steps(path), None)


def _unclosed(path: str) -> str | None:
    """The first quote or bracket that has no partner. Outside brackets quotes are letters."""
    opened: list[int] = []
    position = 0
    while position < len(path):
        character = path[position]
        if character in "'\"" and opened:
            end = _end_of_quote(path, position)
            if end is None:
                return f"close the quote {character} of character {position + 1} with another {character}"
            position = end
        elif pattern := _PATTERN.match(path, position) if opened else None:
            position = pattern.end() - 1
        elif character in _OPENS:
            opened.append(position)
        elif character in _CLOSES:
            if not opened or path[opened[-1]] != _CLOSES[character]:
                return f"take out the {character} of character {position + 1}, which closes nothing{_instead(path, opened)}"
            opened.pop()
        position += 1
    return f"close the {path[opened[-1]]} of character {opened[-1] + 1} with {_OPENS[path[opened[-1]]]}" if opened else None


def _instead(path: str, opened: list[int]) -> str:
    return (
        f": first {_OPENS[path[opened[-1]]]} is to close the {path[opened[-1]]} of character {opened[-1] + 1}" if opened else ""
    )


def _end_of_quote(path: str, start: int) -> int | None:
    position = start + 1
    while position < len(path):
        if path[position] == path[start]:
            return position
        position += 2 if path[position] == "\\" else 1
    return None


def _faulty_steps(path: str) -> Iterator[str]:
    """What to write instead of each step that is none. Quotes and brackets are closed."""
    position = 1
    while position < len(path):
        step = _STEP.match(path, position)
        if step and (step.end() == len(path) or path[step.end()] in ".["):
            position = step.end()
            continue
        bracket = path.find("[", position, position + 3)
        if bracket >= 0 and path[position:bracket] in ("", ".."):
            end = _end_of_bracket(path, bracket)
            inside = path[bracket + 1 : end]
            if not _ITEMS.fullmatch(inside) and not _EXPRESSION.fullmatch(inside):
                yield _instead_of_bracket(inside)
            position = end + 1
            continue
        yield _instead_of_step(path, position)
        return


def _end_of_bracket(path: str, start: int) -> int:
    depth, position = 0, start
    while True:
        character = path[position]
        if character in "'\"":
            position = _end_of_quote(path, position) or position
        elif pattern := _PATTERN.match(path, position):
            position = pattern.end() - 1
        elif character == "[":
            depth += 1
        elif character == "]":
            depth -= 1
            if depth == 0:
                return position
        position += 1


def _instead_of_bracket(inside: str) -> str:
    if not inside.strip(" ?()"):
        return "write between the brackets which entry is meant: [0], ['name'], [*], or a filter such as [?(@.type == 'user')]"
    return f"write a name in quotes: [{_in_quotes(inside.strip())}]"


def _instead_of_step(path: str, position: int) -> str:
    dots = len(path) - position - len(path[position:].lstrip("."))
    start = position + dots
    word = _WORD.match(path, start)
    name = word[0] if word else ""
    before, after = path[:position], path[start + len(name) :]
    if name:
        return f"write {before}{'..' if dots > 1 else ''}[{_in_quotes(name)}]{after}"
    if not after:
        return f"write {before or '$'}"
    return f"write a name behind the dot of character {max(start, 1)}, or take the dot out"


def _in_quotes(name: str) -> str:
    return "'" + name.replace("\\", "\\\\").replace("'", "\\'") + "'"
