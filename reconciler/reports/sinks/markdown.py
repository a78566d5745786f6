"""The sink for GitHub Markdown: comments, issues, job summaries and check runs.

Content of files and of the service is inside `<code>` as character references, or inside a fence, so none of it is parsed as Markdown,
HTML, a mention, a reference or a link. All other text in these reports is written here.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Protocol, TypeAlias, TypeVar
from urllib.parse import quote

from reconciler.errors import count
from reconciler.reports.sinks.escaping import for_terminal, without_commands
from reconciler.reports.sinks.phrases import place_words

NAME: Final = 80
"""Maximum number of characters of a name, a key or an id."""
POINTER: Final = 200
"""Maximum number of characters of a pointer or a file's path."""
MESSAGE: Final = 600
"""Maximum number of characters of a sentence."""

FileLinks: TypeAlias = Callable[[str, "int | None"], "str | None"]
"""From a file, as reports name it, and a line to its URL; None if there is none."""

_SPECIAL: Final = re.compile(r"[^A-Za-z0-9 ,-]")
_LINKED: Final = re.compile(r"(?<=&#58;)(?=&#47;)|(?<=www)(?=&#46;)|(?=&#64;)", re.IGNORECASE)
"""Characters at which some parsers begin a link after decoding references: inside `://` and `www.`, and `@` in an address."""
_TICKS: Final = re.compile(r"`+")
_SCHEMES: Final = ("https://", "http://")
_URL_CHARACTERS: Final = "/:?#=%@+,;&-._~"
_URL_LENGTH: Final = 1_000
_MARKER_VALUE: Final = 200
"""Maximum number of characters of a value in a marker; a longer one is a prefix and a digest."""

NOTE: Final = 700
"""Bytes reserved for a note about omissions."""
_NAMES: Final = 400
"""Bytes for the targets of one change, problem or reason."""

T = TypeVar("T")
Note: TypeAlias = Callable[[Sequence[T], int], str]
"""From the omitted items and a number of bytes to a note about them."""


def no_links(_file: str, _line: int | None) -> None:
    """Links for a context in which no file has a URL."""


def size(text: str) -> int:
    """Bytes of the text in UTF-8."""
    return len(text.encode())


def code(text: str, limit: int = NAME) -> str:
    """Untrusted text for use within a line: prose, a table cell, a summary, the text of a link. Cut to `limit` characters."""
    return f"<code>{_LINKED.sub('<wbr>', _SPECIAL.sub(_reference, _cut(for_terminal(text[: limit + 1]), limit)))}</code>"


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _reference(found: re.Match[str]) -> str:
    """A character reference. Letters, digits and combining marks are kept, except a leading mark, which would join the tag before it."""
    char = found[0]
    is_mark = unicodedata.category(char).startswith("M") and found.start() > 0
    return char if char.isalnum() or is_mark else f"&#{ord(char)};"


def link(shown: str, url: str | None) -> str:
    """A link whose text is trusted Markdown; only the text if the URL is not http(s), or is too long."""
    if url is None or not url.startswith(_SCHEMES):
        return shown
    address = quote(url, safe=_URL_CHARACTERS, errors="replace").replace("&", "&amp;")
    return shown if len(address) > _URL_LENGTH else f"[{shown}](<{address}>)"


def file_link(file: str | None, line: int | None, links: FileLinks, column: int | None = None) -> str:
    """`file:line:column`, linked; empty without a file."""
    return "" if file is None else link(code(place_words(file, line, column), POINTER), links(file, line))


def fence(lines: Iterable[str], language: str = "") -> str:
    """A code block of untrusted lines, each of which remains one line."""
    shown = [without_commands(for_terminal(line)) for line in lines]
    longest = max((len(ticks) for line in shown for ticks in _TICKS.findall(line)), default=0)
    ticks = "`" * max(3, longest + 1)
    return "\n".join([f"{ticks}{language}", *shown, ticks])


def diff_line(sign: str, line: str) -> str:
    """A line of a `diff` block: `+ `, `- ` or two spaces before untrusted text."""
    return without_commands(for_terminal(f"{sign} {line}"))


def details(summary: str, *blocks: str) -> str:
    """Folded blocks below a summary line. Blank lines are required for Markdown inside to be parsed."""
    return "\n\n".join([f"<details><summary>{summary}</summary>", *(block for block in blocks if block), "</details>"])


def bullet(*blocks: str) -> str:
    """A list item of one block or more."""
    inside = "\n\n".join(block for block in blocks if block)
    return "- " + "\n".join(f"  {line}" if line else "" for line in inside.split("\n")).lstrip()


def table_row(cells: Iterable[str]) -> str:
    """One table row; a cell is trusted Markdown on one line."""
    return f"| {' | '.join(cells)} |"


def table(headings: Sequence[str], rows: Iterable[str]) -> str:
    """A table of rows (from `table_row`) below their headings."""
    return "\n".join([table_row(headings), f"|{' --- |' * len(headings)}", *rows])


def marker(kind: str, target: str, specs: str) -> str:
    """The hidden first line of a report, by which the next report for the same target and folder finds it."""
    return f"<!-- reconciler:{kind} target={_marker_value(target)} specs={_marker_value(specs)} -->"


def fleet_marker(kind: str, repository: str, specs: str) -> str:
    """The same for a report over several targets, of the repository in the settings."""
    return f"<!-- reconciler:{kind} fleet={_marker_value(repository)} specs={_marker_value(specs)} -->"


def has_marker(body: str, marker: str) -> bool:
    """Whether this text begins with that marker, as created by `marker`."""
    return body.partition("\n")[0].rstrip() == marker


def _marker_value(text: str) -> str:
    """Percent-encoded, without a space, a `>` or two consecutive hyphens."""
    encoded = quote(text, safe="", errors="backslashreplace").replace("--", "-%2D")
    if len(encoded) <= _MARKER_VALUE:
        return encoded
    digest = hashlib.sha256(encoded.encode()).hexdigest()
    return f"{encoded[: _MARKER_VALUE - len(digest) - 1]}.{digest}".replace("--", "-%2D")


class Blocks:
    """Markdown built from blocks, separated by blank lines, of at most `limit` bytes.

    It begins with `opening`, which must fit. Room for `ending` is reserved from the start; an ending that would not fit is left out.
    """

    def __init__(self, limit: int, opening: str, ending: str = "") -> None:
        self._blocks = [opening]
        self._room = limit - size(opening) - 1
        self._ending = ending if ending and size(ending) + 2 <= self._room else ""
        if self._ending:
            self._room -= size(self._ending) + 2

    @property
    def room(self) -> int:
        """Bytes available for one more block."""
        return max(self._room - 2, 0)

    def add(self, block: str) -> bool:
        """Add a block. If it does not fit, nothing is added and False is returned. An empty block is ignored."""
        if not block:
            return True
        if size(block) > self.room:
            return False
        self._blocks.append(block)
        self._room -= size(block) + 2
        return True

    def render(self) -> str:
        """The text, with a final line break."""
        return "\n\n".join([*self._blocks, *([self._ending] if self._ending else [])]) + "\n"


def fitting(items: Iterable[T], show: Callable[[T], str], room: int) -> list[str]:
    """The first items, each as a line, that fit into this many bytes. Further items are not rendered."""
    lines: list[str] = []
    for item in items:
        line = show(item)
        room -= size(line) + 1
        if room < 0:
            break
        lines.append(line)
    return lines


def bounded(items: Sequence[T], show: Callable[[T], str], note: Note[T], room: int) -> tuple[list[str], str]:
    """The first items as lines, and a note about those that did not fit, within this many bytes in total."""
    lines = fitting(items, show, room)
    if len(lines) == len(items):
        return lines, ""
    lines = fitting(lines, str, room - min(NOTE, room // 2))
    left = room - sum(size(line) + 1 for line in lines) - 2
    return lines, note(items[len(lines) :], left)


def section(title: str, items: Sequence[T], show: Callable[[T], str], note: Note[T], room: int) -> str:
    """A heading and its items, each one line or more, within this many bytes; empty if there are none."""
    heading = f"#### {title}"
    lines, about_the_rest = bounded(items, show, note, room - size(heading) - 4)
    if not items:
        return ""
    return "\n\n".join(block for block in (heading, "\n".join(lines), about_the_rest) if block)


def table_section(
    title: str, headings: Sequence[str], items: Sequence[T], row: Callable[[T], str], note: Note[T], room: int
) -> str:
    """A heading and a table of the items, one row each, within this many bytes; empty if there are none."""
    if not items:
        return ""
    head = f"#### {title}\n\n{table(headings, ())}"
    rows, about_the_rest = bounded(items, row, note, room - size(head) - 3)
    shown = "\n".join([head, *rows]) if rows else f"#### {title}"
    return "\n\n".join(block for block in (shown, about_the_rest) if block)


def left_out(what: str, names: Sequence[str], room: int) -> str:
    """The note about omissions: `details of 1,913 specs are left out: a, b and 1,911 more`. `what` precedes the colon."""
    head = f"… {what}: "
    return head + listed(names, room - size(head))


class Named(Protocol):
    """A spec that a note names by its key, or by its name if it has no key."""

    @property
    def key(self) -> str | None: ...
    @property
    def name(self) -> str: ...


def specs_left_out(what: str = "more spec", beyond: str = "") -> Note[Named]:
    """The note that counts and names omitted specs; `what` is singular."""
    return lambda specs, room: left_out(f"{count(len(specs), what)}{beyond}", [spec.key or spec.name for spec in specs], room)


def listed(names: Sequence[str], room: int) -> str:
    """The names, separated by commas, as far as they fit into this many bytes: `a, b and 1,900 more`."""
    shown = fitting(names, lambda name: f"{code(name)},", room)
    if len(shown) < len(names):
        shown = fitting(shown, str, room - size(_more(len(names))))
    left = len(names) - len(shown)
    if not shown:
        return f"{left:,}"
    return " ".join(shown).removesuffix(",") + (_more(left) if left else "")


def names_words(names: Sequence[str]) -> str:
    """The names of targets of one change, problem or reason, within a few hundred bytes."""
    return listed(names, _NAMES)


def _more(number: int) -> str:
    return f" and {number:,} more"
