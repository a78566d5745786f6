"""Old and new values in a readable form.

Short values are on one line; long values and strings with line breaks are a line diff. What is omitted is counted. A verbose report omits
nothing.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Final, TypeAlias, TypeVar

import msgspec

from reconciler.documents.json_text import Json, encode, encode_readable
from reconciler.documents.places import MISSING, Missing
from reconciler.errors import count
from reconciler.reports.sinks.text import Part, Style, Text

Value: TypeAlias = Json | Missing
TextOrLines = TypeVar("TextOrLines", str, list[str])

_SHORT: Final = 72
"""Maximum number of characters of a value on one line."""
_LINE: Final = 140
"""Maximum number of characters of one line of a longer text."""
_LINES: Final = 12
"""Maximum number of lines of one value; a difference has three times as many."""
_CONTEXT: Final = 2
_DIFFABLE: Final = 4_000
"""Maximum number of lines for a line diff; beyond that a diff is too slow."""

DiffLine: TypeAlias = tuple[str, str]
"""A sign (`+`, `-`, or a space) and a line of text."""

_STYLES: Final = {"+": Style.ADDED, "-": Style.REMOVED}


class ValueWriter(msgspec.Struct, frozen=True):
    """Writes values into a text at a given indentation."""

    text: Text
    verbose: bool
    indent: int

    def change(self, before: Value, after: Value) -> None:
        """Add the change from one value to the other; MISSING on one side is an addition or a removal."""
        one_sided = before is MISSING or after is MISSING
        if not one_sided and is_short(before) and is_short(after):
            self.text.line(Part(compact(before), Style.REMOVED), " -> ", Part(compact(after), Style.ADDED), indent=self.indent)
        else:
            self._signed(signed_lines(before, after, whole=self.verbose), _LINES if one_sided else 3 * _LINES)

    def _signed(self, everything: list[DiffLine], limit: int) -> None:
        shown = everything if self.verbose or len(everything) <= limit else everything[: limit - 1]
        for sign, line in shown:
            self.text.line(Part(f"{sign} {self._cut(line)}", _STYLES.get(sign, Style.QUIET)), indent=self.indent)
        if len(shown) < len(everything):
            more = count(len(everything) - len(shown), "more line")
            self.text.line(Part(f"… {more} (-v shows all)", Style.QUIET), indent=self.indent)

    def _cut(self, line: str) -> str:
        if self.verbose or len(line) <= _LINE:
            return line
        return f"{line[:_LINE]}… {count(len(line) - _LINE, 'more character')} (-v shows all)"


def compact(value: Value) -> str:
    """The value as JSON on one line; a phrase for MISSING."""
    return "(nothing)" if value is MISSING else encode(value).decode()


def is_short(value: Value) -> bool:
    """Whether the value fits on one line; a string with line breaks does not."""
    if isinstance(value, str):
        return len(value) <= _SHORT and "\n" not in value
    return len(compact(value)) <= _SHORT


def lines_of(value: Value) -> list[str]:
    """The value as lines: a string as its own lines, anything else as indented JSON."""
    if isinstance(value, str):
        return value.split("\n")
    readable: str = encode_readable({"": value})
    return _without_envelope(readable)


def signed_lines(before: Value, after: Value, *, whole: bool = False) -> list[DiffLine]:
    """The lines of a change, each with its sign: short values as a whole, long ones as a line diff.

    If both are long strings of one line, their common start is omitted, unless `whole`.
    """
    if before is MISSING or after is MISSING:
        sign, value = ("+", after) if before is MISSING else ("-", before)
        return [(sign, line) for line in ([compact(value)] if is_short(value) else lines_of(value))]
    if is_short(before) and is_short(after):
        return [("-", compact(before)), ("+", compact(after))]
    if _is_line(before) and _is_line(after):
        start = 0 if whole else max(common_start(before, after) - _SHORT // 2, 0)
        ahead = "…" if start else ""
        return [(sign, ahead + line[start:]) for sign, line in (("-", before), ("+", after))]
    return list(_diff(lines_of(before), lines_of(after)))


def summary_of(value: Json) -> str:
    """A short description of a value: the number of its entries or keys, and their names."""
    if isinstance(value, list):
        names = [item["name"] for item in value if isinstance(item, dict) and isinstance(item.get("name"), str)]
        return _listed(count(len(value), "entry", "entries"), names)
    if isinstance(value, dict):
        return _listed(count(len(value), "key"), list(value))
    said = compact(value)
    return said if len(said) <= _SHORT else f"{said[:_SHORT]}… {count(len(said) - _SHORT, 'more character')}"


def _listed(what: str, names: list[str]) -> str:
    listed = ", ".join(names)
    if not names:
        return what
    return f"{what}: {listed}" if len(listed) <= _SHORT else f"{what}: {listed[:_SHORT]}…"


def _without_envelope(readable: str) -> list[str]:
    """The lines of an object's only member, without the enclosing object."""
    lines = readable.split("\n")[1:-1]
    first = lines[0].partition(":")[2].lstrip()
    return [first, *(line[2:] for line in lines[1:])]


def _is_line(value: Value) -> bool:
    return isinstance(value, str) and "\n" not in value


def common_start(one: TextOrLines, other: TextOrLines) -> int:
    """The length of the common start of both, found by bisection, because either may have millions of characters."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _diff(before: list[str], after: list[str]) -> Iterator[DiffLine]:
    if len(before) + len(after) > _DIFFABLE:
        yield from (("-", line) for line in before)
        yield from (("+", line) for line in after)
        return
    hunks = difflib.unified_diff(before, after, n=_CONTEXT, lineterm="")
    for number, line in enumerate(hunks):
        if number < 2:  # noqa: PLR2004 - the header with two file names, which are not used
            continue
        if not line.startswith("@@"):
            yield line[0], line[1:]
        elif number > 2:  # noqa: PLR2004 - the space between hunks
            yield " ", "…"
