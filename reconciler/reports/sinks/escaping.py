"""Escaping of untrusted text, one function for each sink.

Names, keys, values, file names and messages of the service may hold terminal control sequences, bidirectional controls, line breaks, or
commands that CI systems parse from logs. Each is shown as a visible escape.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_SHORT: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Unicode categories that are invisible: controls, format characters (bidi, zero width), surrogates, line separators."""

_UNUSUAL: Final = re.compile(r"[^\x20-\x7e]")
_UNUSUAL_IN_JSON: Final = re.compile(r"[^\x20-\x7e\n]")
_COMMAND_AT_START: Final = re.compile(r"^(\s*)::")
"""A workflow command of GitHub Actions: `::error::…`, after optional whitespace."""
_COMMAND_ANYWHERE: Final = re.compile(r"##(?=\w*\[)")
"""A command of GitHub Actions (`##[error]`) or Azure Pipelines (`##vso[task…]`), anywhere in a line."""


def for_terminal(text: str) -> str:
    """One line of text without terminal control; line breaks are also shown as escapes."""
    return text if text.isprintable() else _UNUSUAL.sub(_visible, text)


def without_commands(line: str) -> str:
    """A whole printed line, in which no CI system finds a command."""
    if "::" in line:
        line = _COMMAND_AT_START.sub(r"\1\\x3a:", line)
    return _COMMAND_ANYWHERE.sub(r"#\\x23", line) if "##" in line else line


def for_json(text: str) -> str:
    """JSON with the same values, without characters that a terminal or a CI system interprets."""
    return _COMMAND_ANYWHERE.sub(r"#\\u0023", _UNUSUAL_IN_JSON.sub(_visible_in_json, text))


def for_workflow_command(text: str) -> str:
    """The message of a GitHub workflow command that we print. It cannot span lines or start another command."""
    return _COMMAND_ANYWHERE.sub(r"#\\x23", for_terminal(text)).replace("%", "%25")


def for_workflow_property(text: str) -> str:
    """A property of such a command, in which a colon or a comma must be escaped."""
    return for_workflow_command(text).replace(":", "%3A").replace(",", "%2C")


def _visible(found: re.Match[str]) -> str:
    char = found[0]
    if unicodedata.category(char) not in _HIDDEN:
        return char
    code = ord(char)
    if short := _SHORT.get(char):
        return short
    if code <= 0xFF:  # noqa: PLR2004 - what two hexadecimal digits hold
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - what four hold


def _visible_in_json(found: re.Match[str]) -> str:
    """RFC 8259, section 7: a character outside the basic plane is a surrogate pair."""
    char = found[0]
    if unicodedata.category(char) not in _HIDDEN:
        return char
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[index]:02x}{units[index + 1]:02x}" for index in range(0, len(units), 2))
