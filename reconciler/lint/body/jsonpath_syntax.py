"""Syntax errors in a JSONPath, and the corrected path.

The syntax is RFC 9535 with the extensions of Jayway JsonPath (`@` for `$`, functions after a dot, `[(…)]`, `=~ /…/`), because the library
of the service is not documented. In filters and in arguments of functions, only unmatched quotes and brackets are errors.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_QUOTED: Final = r"(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_ITEM: Final = rf"(?:-?\d+(?:\s*:\s*(?:-?\d+)?){{0,2}}|:\s*(?:-?\d+)?(?:\s*:\s*(?:-?\d+)?)?|\*|{_QUOTED})"
"""One entry of `[…]`: an index, a slice, `*`, or a quoted name."""
_ITEM_LIST: Final = rf"\s*{_ITEM}(?:\s*,\s*{_ITEM})*"
_WHOLE: Final = re.compile(rf"\[{_ITEM_LIST}", re.DOTALL)
_PATTERN: Final = re.compile(r"=~\s*/(?:[^/\\]|\\.)*/")
_OPENS: Final = {"[": "]", "(": ")"}
_CLOSES: Final = {closing: opening for opening, closing in _OPENS.items()}
_QUOTES: Final = "'\""
_NAME: Final = r"(?:[A-Za-z_]|[^\x00-\x7f])(?:\w|[^\x00-\x7f])*"
_ONE_ITEM: Final = re.compile(_ITEM, re.DOTALL)
_ITEMS: Final = re.compile(rf"{_ITEM_LIST}\s*", re.DOTALL)
_STEP: Final = re.compile(rf"\s*\.\.?(?:{_NAME}|\*)")
_BRACKET: Final = re.compile(r"\s*(?:\.\.)?\[")
_END_OF_STEP: Final = re.compile(r"\s*(?:[.\[]|$)")
_WORD: Final = re.compile(r"[^.\[\]]*")
_EXPRESSION: Final = re.compile(r"\s*(?:\?\s*.*[^\s?()].*|\(.*[^\s()].*\)\s*)", re.DOTALL)
_COMPARES: Final = re.compile(r"[=<>]|\bin\b")
_POINTER: Final = re.compile(r"(?:/[^/]+)+")
_MAX_LENGTH: Final = 2000
_MAX_MENDS: Final = 20
_MAX_PROPOSAL: Final = 160


@dataclass(frozen=True, slots=True)
class Fault:
    """One syntax error, and the path without it. Characters count from 1."""

    reason: str
    """The error and its position in the path: "the [ of character 7 is not closed"."""
    step: str
    """The hint for a path without a correction."""
    instead: str | None = None
    """The path with this error corrected; it may have others. None if several corrections are possible."""


def fault_in(path: str) -> Fault | None:
    """The first syntax error of this path, with the path after all corrections if that is possible.

    None if the syntax is valid or the path is too long to check. White space around the path is ignored.
    """
    first = _fault_of(path.rstrip())
    return Fault(first.reason, first.step, _mended(first.instead)) if first else None


def hint_for(fault: Fault) -> str:
    """The hint for this error: the corrected path, or what to do."""
    return f"write {fault.instead}" if fault.instead and len(fault.instead) <= _MAX_PROPOSAL else fault.step


def _mended(path: str | None) -> str | None:
    for _ in range(_MAX_MENDS):
        fault = _fault_of(path) if path else None
        if fault is None:
            return path
        path = fault.instead
    return None


def _fault_of(path: str) -> Fault | None:
    if len(path) > _MAX_LENGTH:
        return None
    start = len(path) - len(path.lstrip())
    if not path.startswith(("$", "@"), start):
        return _rootless(path)
    return _unbalanced(path) or _faulty_step(path, start + 1)


def _rootless(path: str) -> Fault:
    written = path.strip()
    if not written:
        return Fault("it is empty", "start it with $, as in $.items")
    if _POINTER.fullmatch(written):
        written = "".join(f".{name}" for name in written[1:].split("/"))
    return Fault("it does not start with $", "start it with $", f"${'' if written[0] in '.[' else '.'}{written}")


def _faulty_step(path: str, position: int) -> Fault | None:
    """The first invalid step of a path in which all quotes and brackets match."""
    while position < len(path):
        bracket = _BRACKET.match(path, position)
        end = _end_of_name(path, position)
        if bracket:
            end = _end_of_bracket(path, bracket.end() - 1)
            inside = path[bracket.end() : end]
            if not _ITEMS.fullmatch(inside) and not _EXPRESSION.fullmatch(inside):
                return _wrong_bracket(path, bracket.end(), end)
            end += 1
        elif end is None:
            return _wrong_step(path, position)
        position = end
    return None


def _end_of_name(path: str, position: int) -> int | None:
    """The end of a name after a dot, including the arguments of a function; None if there is none."""
    step = _STEP.match(path, position)
    if step is None:
        return None
    end = _end_of_bracket(path, step.end()) + 1 if path.startswith("(", step.end()) else step.end()
    return end if _END_OF_STEP.match(path, end) else None


def _wrong_bracket(path: str, start: int, end: int) -> Fault:
    inside = path[start:end]
    meant = _meant_in_bracket(inside.strip())
    instead = None if meant is None else f"{path[:start]}{meant}{path[end:]}"
    empty = not inside.strip(" ?()")
    reason = f"the [ ] at character {start} {'is empty' if empty else 'must contain a quoted name, a number, * or a filter'}"
    return Fault(reason, f"write a quoted name, a number or * in the [ ] at character {start}", instead)


def _meant_in_bracket(inside: str) -> str | None:
    if not inside.strip(" ?()"):
        return "*"
    if inside.startswith("@"):
        return f"?({inside})" if _COMPARES.search(inside) else f"({inside})"
    names = [name.strip() for name in inside.split(",")]
    if any(character in inside for character in "'\"?()[]") or not any(names):
        return None
    return ",".join(name if _ONE_ITEM.fullmatch(name) else _in_quotes(name) for name in names if name)


def _wrong_step(path: str, position: int) -> Fault:
    """The error at a position where neither a dot with a name nor a bracket follows."""
    dots = len(path) - position - len(path[position:].lstrip("."))
    start = position + dots
    word = _WORD.match(path, start)
    name = word[0].strip() if word else ""
    before, after = path[:position], path[word.end() if word else start :]
    if not name and not after:
        return Fault(f"it ends with the . at character {start}", "remove the dots at the end", before)
    if not name:
        where = f"the . at character {start}"
        return Fault(f"no name follows {where}", f"remove {where}", before + ".." * (dots > 2) + after)  # noqa: PLR2004
    glue = ".." if dots > 1 else "."
    if name == "$":
        reason = f"$ at character {start + 1} is not at the start; $ is the whole response"
        return Fault(reason, f"remove the $ at character {start + 1}", before + after)
    if not dots or dots > 2:  # noqa: PLR2004
        reason = f"{'a dot is missing' if not dots else 'too many dots'} before the name at character {start + 1}"
        return Fault(reason, f"write {glue} before character {start + 1}", f"{before}{glue}{name}{after}")
    reason = f"the name at character {start + 1} must be quoted in brackets (RFC 9535)"
    quoted = f"{'..' if dots > 1 else ''}[{name if _ONE_ITEM.fullmatch(name) else _in_quotes(name)}]"
    return Fault(reason, f"quote the name at character {start + 1} in brackets", f"{before}{quoted}{after}")


def _in_quotes(name: str) -> str:
    return "'" + name.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _unbalanced(path: str) -> Fault | None:
    """The first unmatched quote, bracket or parenthesis. Outside of brackets, quotes are ordinary characters."""
    opened: list[int] = []
    position = 0
    while position < len(path):
        character = path[position]
        if opened and (end := _end_of_literal(path, position)) is not None:
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


def _end_of_literal(path: str, start: int) -> int | None:
    """The end of the string or pattern that begins here; None if none begins, or it is not closed."""
    if path[start] in _QUOTES:
        return _end_of_quote(path, start)
    pattern = _PATTERN.match(path, start)
    return pattern.end() - 1 if pattern else None


def _end_of_bracket(path: str, start: int) -> int:
    """The position that closes the bracket or parenthesis that opens here, in a path where all are closed."""
    depth, position = 0, start
    while True:
        character = path[position]
        if (end := _end_of_literal(path, position)) is not None:
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
    """The error for an unclosed quote. The correction closes it before the next closing bracket, which hardly any string contains."""
    quote = path[start]
    end = next((index for index in range(start, len(path)) if path[index] in _CLOSES), len(path))
    text = path[start + 1 : end].rstrip()
    instead = None if not text or text.endswith("\\") else f"{path[: start + 1]}{text}{quote}{path[start + 1 + len(text) :]}"
    where = f"the quote {quote} at character {start + 1}"
    return Fault(f"{where} is not closed", f"close {where} with another {quote}", instead)


def _wrong_closing(path: str, position: int, opened: list[int]) -> Fault:
    """The error for a closing character that does not match: the inner bracket is not closed, or nothing is open that it closes."""
    character = path[position]
    where = f"the {character} at character {position + 1}"
    if not any(path[start] == _CLOSES[character] for start in opened):
        return Fault(f"{where} has no opening bracket", f"remove {where}", path[:position] + path[position + 1 :])
    inner = opened[-1]
    step = f"write {_OPENS[path[inner]]} before {where}"
    reason = f"the {path[inner]} at character {inner + 1} is not closed before {where}"
    return Fault(reason, step, _closed(path, inner, position))


def _left_open(path: str, start: int) -> Fault:
    where = f"the {path[start]} at character {start + 1}"
    return Fault(f"{where} is not closed", f"close {where} with {_OPENS[path[start]]}", _closed(path, start, len(path)))


def _closed(path: str, start: int, latest: int) -> str:
    """The path with the bracket at `start` closed: after the names and numbers in it, else as late as possible."""
    items = _WHOLE.match(path, start, latest)
    end = items.end() if items else latest
    return path[:end] + _OPENS[path[start]] + path[end:]
