"""Old and new values in a readable form.

Short values are on one line; long values and strings with line breaks are a line diff. What is omitted is counted. A verbose report omits
nothing.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

from reconciler.documents.json_text import Json, encode, encode_readable
from reconciler.documents.places import MISSING, Missing
from reconciler.errors import count
from reconciler.reports.sinks.text import Part, Style, Text

Value: TypeAlias = Json | Missing
TextOrLines = TypeVar("TextOrLines", str, list[str])

_SHORT: Final = 72
"""Characters of a value that stands in one line."""
_LINE: Final = 140
"""Characters that are shown of one line of a longer text."""
_LINES: Final = 12
"""Lines that are shown of one value; of a difference, three times as many."""
_CONTEXT: Final = 2
_DIFFABLE: Final = 4_000
"""Lines above which no line diff is made: it would take longer than reading both."""

DiffLine: TypeAlias = tuple[str, str]
"""A sign (`+`, `-`, or a space) and a line of text."""

_STYLES: Final = {"+": Style.ADDED, "-": Style.REMOVED}


@dataclass(frozen=True, slots=True)
class ValueWriter:
    """Writes values into a text at some indentation."""

    text: Text
    verbose: bool
    indent: int

    def change(self, before: Value, after: Value) -> None:
        """From the one to the other; MISSING on one side is an addition or a removal."""
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
    """The value as JSON in one line; words for nothing."""
    return "(nothing)" if value is MISSING else encode(value).decode()


def is_short(value: Value) -> bool:
    """Whether the value fits into one line: a text with line breaks does not."""
    if isinstance(value, str):
        return len(value) <= _SHORT and "\n" not in value
    return len(compact(value)) <= _SHORT


def lines_of(value: Value) -> list[str]:
    """The value over lines: a text as its own lines, anything else as indented JSON."""
    if isinstance(value, str):
        return value.split("\n")
    readable: str = encode_readable({"": value})
    return _without_envelope(readable)


def signed_lines(before: Value, after: Value, *, whole: bool = False) -> list[DiffLine]:
    """From the one to the other, each line with its sign: what is short as a whole, what is long as a line diff.

    Of two long texts of one line each, what they begin with alike is left out, unless they are wanted `whole`.
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
    """A value in a few words: how many entries or keys it has, and their names."""
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
    """The lines of the one member of an object, without the object around it."""
    lines = readable.split("\n")[1:-1]
    first = lines[0].partition(":")[2].lstrip()
    return [first, *(line[2:] for line in lines[1:])]


def _is_line(value: Value) -> bool:
    return isinstance(value, str) and "\n" not in value


def common_start(one: TextOrLines, other: TextOrLines) -> int:
    """How many characters, or lines, both begin with that are the same: by halves, since either may be millions long."""
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
        if number < 2:  # noqa: PLR2004 - the names of two files, which there are none of
            continue
        if not line.startswith("@@"):
            yield line[0], line[1:]
        elif number > 2:  # noqa: PLR2004 - between hunks
            yield " ", "…"
