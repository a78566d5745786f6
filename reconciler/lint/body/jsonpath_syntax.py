"""Where the syntax of a JSONPath goes wrong, and what to write instead.

The syntax is RFC 9535 and what Jayway's library takes besides (`@` for `$`, functions behind a dot, `[(…)]`, `=~ /…/`), because it is not
documented which library the service has. What stands in a filter, and between the parentheses of a function, is only looked at for
quotes and brackets without a partner.
"""

from __future__ import annotations

import re
from typing import Final

from reconciler.lint.body.jsonpath_brackets import ITEM, ITEMS, end_of_bracket, unbalanced
from reconciler.lint.body.jsonpath_fault import Fault

_NAME: Final = r"[A-Za-z_\u0080-\U0010ffff][\w\u0080-\U0010ffff]*"
_ONE_ITEM: Final = re.compile(ITEM, re.DOTALL)
_ITEMS: Final = re.compile(rf"{ITEMS}\s*", re.DOTALL)
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


def fault_in(path: str) -> Fault | None:
    """The first thing that is wrong with this path, and the path with everything put right, where that can be told.

    None where its syntax is in order, or it is too long to judge. Blanks around the path are no part of it.
    """
    first = _fault_of(path.rstrip())
    return Fault(first.reason, first.step, _mended(first.instead)) if first else None


def hint_for(fault: Fault) -> str:
    """What to write, as hints are written."""
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
    return unbalanced(path) or _faulty_step(path, start + 1)


def _rootless(path: str) -> Fault:
    written = path.strip()
    if not written:
        return Fault("it is empty", "begin it with $, as in $.items")
    if _POINTER.fullmatch(written):
        written = "".join(f".{name}" for name in written[1:].split("/"))
    return Fault("it does not begin with $", "begin it with $", f"${'' if written[0] in '.[' else '.'}{written}")


def _faulty_step(path: str, position: int) -> Fault | None:
    """The first step that is none. Quotes and brackets have their partners."""
    while position < len(path):
        bracket = _BRACKET.match(path, position)
        end = _end_of_name(path, position)
        if bracket:
            end = end_of_bracket(path, bracket.end() - 1)
            inside = path[bracket.end() : end]
            if not _ITEMS.fullmatch(inside) and not _EXPRESSION.fullmatch(inside):
                return _wrong_bracket(path, bracket.end(), end)
            end += 1
        elif end is None:
            return _wrong_step(path, position)
        position = end
    return None


def _end_of_name(path: str, position: int) -> int | None:
    """Where a name behind a dot ends, with what is handed to it, if it is a function; None where none stands."""
    step = _STEP.match(path, position)
    if step is None:
        return None
    end = end_of_bracket(path, step.end()) + 1 if path.startswith("(", step.end()) else step.end()
    return end if _END_OF_STEP.match(path, end) else None


def _wrong_bracket(path: str, start: int, end: int) -> Fault:
    inside = path[start:end]
    meant = _meant_in_bracket(inside.strip())
    instead = None if meant is None else f"{path[:start]}{meant}{path[end:]}"
    empty = not inside.strip(" ?()")
    reason = f"{'nothing stands' if empty else 'no name in quotes, number or filter stands'} in the [ ] of character {start}"
    return Fault(reason, f"write in the [ ] of character {start} a name in quotes, a number, or *", instead)


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
    """What stands where a dot and a name, or a bracket, has to stand."""
    dots = len(path) - position - len(path[position:].lstrip("."))
    start = position + dots
    word = _WORD.match(path, start)
    name = word[0].strip() if word else ""
    before, after = path[:position], path[word.end() if word else start :]
    if not name and not after:
        return Fault(f"it ends with the . of character {start}", "take out the dots at the end", before)
    if not name:
        where = f"the . of character {start}"
        return Fault(f"no name stands behind {where}", f"take out {where}", before + ".." * (dots > 2) + after)  # noqa: PLR2004
    glue = ".." if dots > 1 else "."
    if name == "$":
        reason = f"the $ of character {start + 1} stands in the middle, and $ is the whole answer"
        return Fault(reason, f"take out the $ of character {start + 1}", before + after)
    if not dots or dots > 2:  # noqa: PLR2004
        reason = f"{'no dot stands' if not dots else 'too many dots stand'} before the name of character {start + 1}"
        return Fault(reason, f"write {glue} before character {start + 1}", f"{before}{glue}{name}{after}")
    reason = f"by RFC 9535 the name of character {start + 1} stands in brackets and quotes"
    quoted = f"{'..' if dots > 1 else ''}[{name if _ONE_ITEM.fullmatch(name) else _in_quotes(name)}]"
    return Fault(reason, f"write the name of character {start + 1} in brackets and quotes", f"{before}{quoted}{after}")


def _in_quotes(name: str) -> str:
    return "'" + name.replace("\\", "\\\\").replace("'", "\\'") + "'"
