"""One code, explained."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code means, why it matters, and what to do. `subject` is the heading in the list, `by` the commands that report it."""

    code: str
    title: str
    why: str
    instead: str
    subject: str
    by: str
    severity: str | None = None
    """Of a rule or a finding of `try`; None where it depends."""


def explained(subject: str, by: str, rows: Iterable[tuple[str, str, str, str]]) -> tuple[Explanation, ...]:
    """The explanations of one subject, from rows of code, title, why and what to do."""
    return tuple(Explanation(*row, subject, by) for row in rows)


def plain(text: str) -> str:
    """The text without the backquotes of Markdown, for a terminal and for programs."""
    return text.replace("`", "")
