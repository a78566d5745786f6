"""Untrusted sentences as sentences of GitHub Markdown: plain words as text, and everything else as `code` does."""

from __future__ import annotations

import re
from typing import Final

from reconciler.reports.sinks.escaping import for_terminal
from reconciler.reports.sinks.markdown import MESSAGE, code

_PART: Final = re.compile(
    r"""
    (?P<quoted> `[^`]+` | (?<![^ (])'[^']+'(?=[ .,;:)]|$) )
  | (?P<plain> [ ]+ | [("]?[^\W_]+(?:['-][^\W_]+)*[)"]?[.,;:!?]?(?=[ ]|$) | [.,;:)]+(?=[ ]|$) | [(](?=['`]) | [\u2014\u2013·→](?=[ ]|$) )
  | (?P<other> [^ `]+ | ` )
    """,
    re.VERBOSE,
)
_ENDED: Final = re.compile(r"[^\W_][.,;:]$")
"""A word with a mark that belongs to the sentence: a commit is copied without it."""
_REFERENCE: Final = re.compile(r"[0-9a-f]{7,}|[a-z]+-\d|www\.|^\d+[.)]", re.IGNORECASE)
"""In a plain word: what GitHub may link as a commit, as an issue of some tracker, or as an address; and the number of a list."""


def prose(text: str, limit: int = MESSAGE) -> str:
    """An untrusted sentence, cut to `limit` characters, for a paragraph, a list item or a table cell.

    Words of letters and digits are text. What is in quotes is code, without them; so is each word that could be a mention, a
    reference, a link, a commit, an emoji or markup.
    """
    shown = for_terminal(text[: limit + 1]).strip()
    shown = shown if len(shown) <= limit else f"{shown[: limit - 1]}…"
    return "".join(_part(found) for found in _PART.finditer(shown))


def _part(found: re.Match[str]) -> str:
    part, kind = found[0], found.lastgroup
    if kind == "quoted":
        return code(part[1:-1], MESSAGE)
    if kind == "plain" and not _REFERENCE.search(part):
        return part
    end = part[-1:] if _ENDED.search(part) else ""
    return code(part.removesuffix(end), MESSAGE) + end
