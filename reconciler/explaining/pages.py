"""Explanations as text, as JSON, and as docs/codes.md."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Final

from reconciler.documents.json_text import Document, encode_readable
from reconciler.explaining.registry import TABLES, explanations, explanations_of
from reconciler.explaining.text import Explanation
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
        parts.append("\n".join([subject, *(f"  {row.code:{width}}  {_plain(row.title)}" for row in rows)]))
    return "\n\n".join(parts) + "\n"


def as_json(code: str | None) -> str:
    """One code or all, as JSON. Raises UsageError for an unknown code."""
    rows = explanations() if code is None else explanations_of(code)
    return encode_readable({"format_version": 1, "codes": [_document(row) for row in rows]}) + "\n"


def codes_page() -> str:
    """The content of docs/codes.md."""
    return "\n".join([_HEAD, *map(_table, TABLES)])


def _text(row: Explanation, code: str) -> str:
    lines = [
        f"{code}{f' ({row.severity})' if row.severity else ''}: {_plain(row.title)}",
        "",
        f"why: {_plain(row.why)}",
        f"instead: {_plain(row.instead)}",
    ]
    return "\n".join([*lines, f"reported by: {_plain(row.by)}"]) + "\n"


def _plain(text: str) -> str:
    return text.replace("`", "")


def _table(rows: Iterable[Explanation]) -> str:
    rows = tuple(rows)
    lines = [f"| `{row.code}{'…' * row.code.endswith('-')}` | {row.title}. | {row.why} | {row.instead} |" for row in rows]
    head = [f"## {rows[0].subject}", "", f"Reported by {rows[0].by}.", ""]
    return "\n".join([*head, "| code | meaning | why | what to do |", "| --- | --- | --- | --- |", *lines, ""])


def _document(row: Explanation) -> Document:
    return {
        "code": row.code,
        "subject": row.subject,
        "severity": row.severity,
        "reported_by": row.by,
        "title": _plain(row.title),
        "why": _plain(row.why),
        "instead": _plain(row.instead),
    }
