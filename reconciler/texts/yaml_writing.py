"""Write JSON values as YAML that reads back as exactly these values.

Block style, indented by two spaces unless a layout differs; short lists of words are on one line. A string is plain only if no reader takes
it for anything else: neither YAML 1.2, as spec files are read, nor YAML 1.1, as editors and other tools may read them (`no`, `12:30`,
`2024-01-15`). Invisible characters (controls, NBSP, bidi marks) are written as escapes, so that reviewers see them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from reconciler.documents.json_text import Json

INDENT: Final = 2
"""Columns of a level in new files."""
_DASH: Final = "-"
_LINE: Final = 100
"""Maximum length of a list of words on one line."""
_MAX_SIMPLE_KEY: Final = 900
"""Maximum length of a simple key; YAML allows 1024, and a longer one is written after a question mark."""

_PLAIN_START: Final = re.compile(r"[^\W_]|[$/(_]")
_WORD: Final = re.compile(r"[\w$/][\w$./()-]*(?: [\w$./()-]+)*", re.ASCII)
"""Strings that may be plain in flow style, too."""
_AS_IN_YAML_1_1: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_LIKE_A_NUMBER: Final = re.compile(r"(?=[^0-9]*[0-9])[0-9+\-._:,eETtZz ]+|0[xXoObB].*")
_SHORT_ESCAPES: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\", "\x00": "\\0", "\xa0": "\\_"}


@dataclass(frozen=True, slots=True)
class Quoting:
    """How strings are quoted."""

    quote: str = '"'
    """The quote for strings that need one, unless the other saves escapes."""
    always: bool = False
    """Whether strings that could be plain are quoted, too."""

    def scalar(self, text: str) -> str:
        """A string on one line."""
        return text if not self.always and _is_plain(text) else quoted(text, self.quote)

    def in_brackets(self, text: str) -> str:
        """A string in flow style."""
        return text if not self.always and _stands_in_brackets(text) else quoted(text, self.quote)


@dataclass(frozen=True, slots=True)
class Layout:
    """Indentation relative to the parent, quotes, and what is on one line."""

    step: int = INDENT
    """A mapping or block scalar below its key."""
    lists: int = INDENT
    """A list below its key."""
    items: int = INDENT
    """The content of a list item, counted from its dash."""
    words_in_line: bool = True
    """Whether a short list of words is in flow style."""
    keys: Quoting = field(default_factory=Quoting)
    texts: Quoting = field(default_factory=Quoting)

    def nested(self, head: str, value: Json) -> int:
        """The columns for a value below this head."""
        return self.items if head == _DASH else self.lists if isinstance(value, list) else self.step


_USUAL: Final = Layout()


def document_lines(value: Json, indent: int = 0, layout: Layout = _USUAL) -> list[str]:
    """The lines of a non-empty mapping or list, each indented by `indent`."""
    lines: list[str] = []
    if isinstance(value, dict):
        for key, item in value.items():
            lines += entry_lines(key_head(key, indent, layout), item, indent, layout)
    else:
        for item in value:
            lines += entry_lines(_DASH, item, indent, layout)
    return lines


def entry_lines(head: str, value: Json, indent: int, layout: Layout = _USUAL) -> list[str]:
    """The lines of one entry; `head` is the result of `key_head`, or the dash of a list."""
    pad = " " * indent
    inline = inline_text(value, layout)
    if inline is not None:
        return [f"{pad}{head} {inline}"]
    column = indent + layout.nested(head, value)
    if isinstance(value, str):
        header, *rest = literal_lines(value, column)
        return [f"{pad}{head} {header}", *rest]
    nested = document_lines(value, column, layout)
    if head == _DASH:
        return [f"{pad}-{' ' * (layout.items - 1)}{nested[0][column:]}", *nested[1:]]
    return [f"{pad}{head}", *nested]


def key_head(key: str, indent: int = 0, layout: Layout = _USUAL) -> str:
    """A key with its colon."""
    text = layout.keys.scalar(key)
    return f"{text}:" if len(text) <= _MAX_SIMPLE_KEY else f"? {text}\n{' ' * indent}:"


def inline_text(value: Json, layout: Layout = _USUAL) -> str | None:
    """The value for the rest of a line; None if it needs lines of its own."""
    if isinstance(value, str):
        return None if _is_literal(value) else layout.texts.scalar(value)
    if isinstance(value, dict):
        is_reference = value.keys() == {"ref"} and isinstance(value["ref"], str)
        return flow_text(value, layout) if not value or is_reference else None
    if isinstance(value, list):
        return _list_in_line(value, layout)
    return atom(value)


def literal_lines(text: str, indent: int) -> list[str]:
    """A string as a literal block: the header `|` or `|-`, and the indented lines."""
    header = "|" if text.endswith("\n") else "|-"
    pad = " " * indent
    return [header, *(f"{pad}{line}" if line else "" for line in text.removesuffix("\n").split("\n"))]


def flow_text(value: Json, layout: Layout = _USUAL) -> str:
    """The value in flow style, on one line."""
    if isinstance(value, str):
        return layout.texts.in_brackets(value)
    if isinstance(value, dict):
        parts = []
        for key, item in value.items():
            parts.append(f"{layout.keys.in_brackets(key)}: {flow_text(item, layout)}")
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, list):
        parts = []
        for item in value:
            parts.append(flow_text(item, layout))
        return "[" + ", ".join(parts) + "]"
    return atom(value)


def atom(value: Json) -> str:
    """Null, a boolean or a number, as written in YAML."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = repr(value)
    return text.replace("e", ".0e") if isinstance(value, float) and "e" in text and "." not in text else text


def text_scalar(text: str) -> str:
    """A string on one line: plain if that is safe, else quoted."""
    return _USUAL.texts.scalar(text)


def quoted(text: str, quote: str = '"') -> str:
    """A quoted string: in single quotes if requested or if that saves escapes, and nothing needs escaping."""
    if text.isprintable() and (quote == "'" or '"' in text or "\\" in text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    short = _SHORT_ESCAPES.get(character)
    if short or character.isprintable():
        return short or character
    code = ord(character)
    if code <= 0xFF:  # noqa: PLR2004 - two hexadecimal digits
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - four hexadecimal digits


def _is_plain(text: str) -> bool:
    if not _PLAIN_START.match(text) or not text.isprintable() or text[-1] in ": ":
        return False
    return not (": " in text or " #" in text or _means_something(text))


def _means_something(text: str) -> bool:
    """Whether some YAML version reads this as something else: a number, a date, a boolean, a merge key."""
    return text.lower() in _AS_IN_YAML_1_1 or _LIKE_A_NUMBER.fullmatch(text) is not None


def _stands_in_brackets(text: str) -> bool:
    return _WORD.fullmatch(text) is not None and not _means_something(text)


def _is_literal(text: str) -> bool:
    """Whether this string has several lines and can be a literal block."""
    if "\n" not in text or text[0] in " \n" or text.endswith("\n\n"):
        return False
    return all(line.isprintable() and not line.endswith(" ") for line in text.split("\n"))


def _list_in_line(items: list[Json], layout: Layout) -> str | None:
    if not items:
        return "[]"
    if not layout.words_in_line or not all(_is_word(item) for item in items):
        return None
    text = flow_text(items, layout)
    return text if len(text) <= _LINE else None


def _is_word(item: Json) -> bool:
    return not isinstance(item, dict | list) and (not isinstance(item, str) or _stands_in_brackets(item))
