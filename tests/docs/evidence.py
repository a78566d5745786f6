"""The evidence table of docs/trying.md, made from the rows that a trial relies on."""

from __future__ import annotations

import re
from typing import Final

from reconciler.sources.evidence import ROWS, Row
from tests.docs.console import PROJECT

PAGE: Final = PROJECT / "docs" / "trying.md"
_PLACE: Final = re.compile(r"(<!-- evidence:.*? -->\n).*?(<!-- end of evidence -->)", re.DOTALL)
_HEAD: Final = "| row | level | value | other values | behavior | source |\n| --- | --- | --- | --- | --- | --- |\n"


def with_evidence(page: str) -> str:
    """The page with the table as it is to be."""
    return _PLACE.sub(lambda found: f"{found[1]}\n{_HEAD}{''.join(map(_line, ROWS.values()))}\n{found[2]}", page)


def _line(row: Row) -> str:
    others = ", ".join(f"`{value}`" for value in row.alternatives)
    return f"| `{row.key}` | {row.level.value} | `{row.default}` | {others} | {row.text} | {row.source} |\n"


if __name__ == "__main__":
    PAGE.write_text(with_evidence(PAGE.read_text()))
