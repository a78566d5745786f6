"""Whether a command prints what a page shows, whatever the ids, times and digests of this run are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

VOLATILE: Final = (
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])",
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z",
    r"\d{8}T\d{6}(?:\.\d+)?Z",
    r"\d{8}T\d{4}-[0-9a-f]{4}",
    r"\d{4}-\d\d-\d\d",
    r"127\.0\.0\.1:\d+",
    r"(?<![0-9a-f])[0-9a-f]{12}(?![0-9a-f])",
)
"""Ids, digests, times, names of journals, names of proofs, dates, addresses, and the first digits of digests."""
_ANY: Final = re.compile("|".join(f"({form})" for form in VOLATILE))


@dataclass(slots=True)
class Matcher:
    """What a page shows, with what stands for it in this run. An id that the page shows twice is the same id twice."""

    known: dict[str, str] = field(default_factory=dict)

    def said(self, command: str) -> str:
        """A command with the values of this run in the place of the page's."""
        return _ANY.sub(lambda found: self.known.get(found[0], found[0]), command)

    def begin_server(self) -> None:
        """Forget addresses: what serves next has its own."""
        self.known = {literal: value for literal, value in self.known.items() if not literal.startswith("127.")}

    def fits(self, shown: tuple[str, ...], printed: str) -> bool:
        """Whether the output is what is shown. A line `…` stands for any lines, `…` in a line for any text."""
        names: dict[str, str] = {}
        pattern = "".join(
            r"(?:.*\n)*?" if line.strip() == "…" else "".join(self._line(line, names)) + r"[ ]*\n" for line in shown
        )
        found = re.fullmatch(pattern, printed)
        if found is None:
            return False
        self.known.update({literal: found[name] for literal, name in names.items()})
        return True

    def _line(self, line: str, names: dict[str, str]) -> Iterator[str]:
        for part in re.split("(…)", line.rstrip()):
            yield ".*" if part == "…" else "".join(self._literal(part, names))

    def _literal(self, text: str, names: dict[str, str]) -> Iterator[str]:
        end = 0
        for found in _ANY.finditer(text):
            yield re.escape(text[end : found.start()])
            yield _stands_for(found, self.known, names)
            end = found.end()
        yield re.escape(text[end:])


def _stands_for(found: re.Match[str], known: Mapping[str, str], names: dict[str, str]) -> str:
    literal = found[0]
    if literal in known:
        return re.escape(known[literal])
    if literal in names:
        return f"(?P={names[literal]})"
    names[literal] = f"value{len(names)}"
    assert found.lastindex
    return f"(?P<{names[literal]}>{VOLATILE[found.lastindex - 1]})"
