"""Draw what a terminal shows as SVG: text with ANSI colours on standard input, the picture on standard output.

`make picture` draws docs/plan.svg, the picture of README.md, with it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from html import escape
from itertools import dropwhile
from typing import Final

COLUMNS: Final = 116
CHARACTER: Final = 7.83  # the width of one, in pixels, at a font size of 13
LINE: Final = 19
MARGIN: Final = 20
BAR: Final = 34  # the height of the title bar
FONT: Final = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
LOOKS: Final = {
    "1": 'font-weight="700"',
    "2": 'fill="#8b949e"',
    "31": 'fill="#ff7b72"',
    "31;1": 'fill="#ff7b72" font-weight="700"',
    "32": 'fill="#7ee787"',
    "33": 'fill="#e3b341"',
    "35": 'fill="#d2a8ff"',
}
_SGR: Final = re.compile("\x1b\\[([0-9;]*)m")


def characters(line: str) -> Iterator[tuple[str, str]]:
    """Each character of a line with the code of its look; "0" is the plain one."""
    look = "0"
    for number, part in enumerate(_SGR.split(line)):
        if number % 2:
            look = "0" if part in ("", "0") else part if look == "0" else f"{look};{part}"
        else:
            yield from ((character, look) for character in part)


def rows(text: str) -> Iterator[list[tuple[str, str]]]:
    """The lines, wrapped at a space; what goes on is indented like its line, and two columns more."""
    for line in text.splitlines():
        row = list(characters(line))
        indent = next((number for number, (character, _) in enumerate(row) if character != " "), 0) + 2
        while len(row) > COLUMNS:
            cut = max((number for number in range(indent, COLUMNS) if row[number][0] == " "), default=COLUMNS)
            yield row[:cut]
            row = [(" ", "0")] * indent + list(dropwhile(lambda shown: shown[0] == " ", row[cut:]))
        yield row


def drawn(row: list[tuple[str, str]], top: float) -> str:
    """One line of SVG text: a span for each run of one look."""
    spans: list[tuple[str, str]] = []
    for character, look in row:
        if spans and spans[-1][1] == look:
            spans[-1] = (spans[-1][0] + character, look)
        else:
            spans.append((character, look))
    inner = "".join(f"<tspan {LOOKS[look]}>{escape(text)}</tspan>" if look in LOOKS else escape(text) for text, look in spans)
    return f'<text x="{MARGIN}" y="{top:g}" xml:space="preserve">{inner}</text>\n'


def picture(text: str) -> str:
    """A terminal window with this text."""
    lines = list(rows(text))
    width, height = 2 * MARGIN + COLUMNS * CHARACTER, BAR + MARGIN + len(lines) * LINE
    buttons = "".join(
        f'<circle cx="{MARGIN + 20 * number}" cy="{BAR / 2:g}" r="6" fill="{colour}"/>\n'
        for number, colour in enumerate(("#ff5f57", "#febc2e", "#28c840"))
    )
    body = "".join(drawn(row, BAR + MARGIN / 2 + LINE * (number + 0.7)) for number, row in enumerate(lines))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" role="img"'
        f' font-family="{FONT}" font-size="13" fill="#e6edf3">\n'
        f'<rect width="100%" height="100%" rx="10" fill="#0d1117"/>\n{buttons}{body}</svg>\n'
    )


if __name__ == "__main__":
    sys.stdout.write(picture(sys.stdin.read()))
