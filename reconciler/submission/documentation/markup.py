"""Markdown for Adobe's documentation. Words of the spec are escaped, so that they are read as words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from reconciler.documents.json_text import Json, encode_readable

TODO: Final = "> TODO(submit): "
"""Begins a place that only people can fill in."""
_SPECIAL: Final = re.compile(r"[\\`*_\[\]<>|~$!]")
_AT_START: Final = re.compile(r"^(?:[#+\-=:]|\d+[.)])")
_INVISIBLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_TICKS: Final = re.compile(r"`+")
_OF_THE_PLATFORM: Final = frozenset({"ACCESS_TOKEN", "API_KEY", "ORG_ID", "SANDBOX_NAME", "TENANT_ID", "FLOW_ID", "DATASET_ID"})
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def words(text: str) -> str:
    """Words of the spec, escaped, as one line."""
    plain = " ".join(_INVISIBLE.sub(" ", text).split())
    escaped = _SPECIAL.sub(lambda found: f"\\{found[0]}", plain.replace("&", "&amp;"))
    return _AT_START.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", escaped)


def sentence(text: str) -> str:
    """Words of the spec as a sentence: with a full stop, unless they end with punctuation."""
    said = words(text)
    return said if not said or said.endswith((".", "!", "?", ":")) else f"{said}."


def inline(text: str) -> str:
    """A name in the spec, as code in a line or in a cell of a table."""
    plain = " ".join(_INVISIBLE.sub(" ", text).split()).replace("|", "\\|")
    longest = max((len(run) for run in _TICKS.findall(plain)), default=0)
    edge = " " if longest else ""
    return f"{'`' * (longest + 1)}{edge}{plain}{edge}{'`' * (longest + 1)}" if plain else ""


def placeholder(name: str) -> str:
    """The placeholder for a value that each reader has their own: `{LIST_ID}` for `listId`.

    `{SOURCE_ACCESS_TOKEN}` for `accessToken`: the calls have a placeholder `{ACCESS_TOKEN}`, which is another token.
    """
    found = "_".join(word.upper() for word in _WORD.findall(name)) or "VALUE"
    return f"{{{'SOURCE_' if found in _OF_THE_PLATFORM else ''}{found}}}"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; cells are Markdown."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def block(language: str, text: str) -> str:
    """A block of code, whose fence is longer than any in it."""
    fence = "`" * max(3, 1 + max((len(run) for run in _TICKS.findall(text)), default=0))
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def note(kind: str, *paragraphs: str) -> str:
    """A note in the documentation's own syntax, such as `>[!IMPORTANT]`."""
    lines = [f">[!{kind}]"]
    for paragraph in paragraphs:
        lines += [">", f">{paragraph}"]
    return "\n".join(lines)


def todo(text: str) -> str:
    """A place that only people can fill in."""
    return TODO + text


def todos_in(page: str) -> tuple[str, ...]:
    """What people still have to fill in on a page."""
    return tuple(line.removeprefix(TODO).strip() for line in page.splitlines() if line.startswith(TODO))


def pretty(value: Json) -> str:
    """A value as indented JSON."""
    return encode_readable(value)


def page(*parts: str) -> str:
    """The parts, an empty line between them; empty parts are left out."""
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"
