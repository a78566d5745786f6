"""Explanations as text, and as docs/codes.md."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Final

from reconciler.explaining.registry import TABLES, explanations, explanations_of
from reconciler.explaining.text import Explanation, plain
from reconciler.lint.pages import rule_text
from reconciler.lint.registry import RULES

_HEAD: Final = """\
# Codes

<!-- Made from the explanations by `make rules`. -->

Every problem, check and outcome has a code, in brackets at the end of its line and as `code` or `id` in JSON.
`reconciler explain CODE` prints its row, `reconciler explain` lists all codes, and `--format json` prints the same for
programs. The rules of `validate` and the findings of `try` have a [page of their own](rules.md).
"""


def explained_text(code: str) -> str:
    """The explanation of a code for the terminal. Raises UsageError, with the nearest code, if there is none."""
    found = explanations_of(code)
    if code in RULES:
        others = [_text(row, code) for row in found if row.subject != "Rules"]
        return "\n".join([rule_text(RULES[code]), *others])
    return "\n".join(_text(row, code) for row in found)


def all_text() -> str:
    """The list of all codes for the terminal."""
    width = max(len(row.code) for row in explanations())
    parts = []
    for subject, rows in groupby(explanations(), lambda row: row.subject):
        parts.append("\n".join([subject, *(f"  {row.code:{width}}  {plain(row.title)}" for row in rows)]))
    return "\n\n".join(parts) + "\n"


def codes_page() -> str:
    """The content of docs/codes.md."""
    return "\n".join([_HEAD, *map(_table, TABLES)])


def _text(row: Explanation, code: str) -> str:
    lines = [
        f"{code}{f' ({row.severity})' if row.severity else ''}: {plain(row.title)}",
        "",
        f"why: {plain(row.why)}",
        f"instead: {plain(row.instead)}",
    ]
    return "\n".join([*lines, f"reported by: {plain(row.by)}"]) + "\n"


def _table(rows: Iterable[Explanation]) -> str:
    rows = tuple(rows)
    lines = [f"| `{row.code}{'…' * row.code.endswith('-')}` | {row.title}. | {row.why} | {row.instead} |" for row in rows]
    head = [f"## {rows[0].subject}", "", f"Reported by {rows[0].by}.", ""]
    return "\n".join([*head, "| code | meaning | why | what to do |", "| --- | --- | --- | --- |", *lines, ""])
