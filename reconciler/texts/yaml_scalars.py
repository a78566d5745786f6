"""The value of a YAML scalar, by the core schema of YAML 1.2 only.

`no`, `on`, `22:22`, `2024-01-15` and `1_000` are strings; `0755` is 755 and `0o755` is 493. Values that JSON lacks are errors.
"""

from __future__ import annotations

import re
from math import isfinite
from typing import Final

from reconciler.documents.json_text import Json
from reconciler.texts.reading import MAX_DIGITS

_WORDS: Final[dict[str, bool | None]] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_NUMBER_START: Final = frozenset("0123456789+-.")
_INTEGER: Final = re.compile(r"[-+]?[0-9]+")
_BASED: Final = re.compile(r"0o(?P<octal>[0-7]+)|0x(?P<hex>[0-9a-fA-F]+)")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_MAX_BASED_DIGITS: Final = 3500
"""Maximum number of octal or hexadecimal digits; the decimal form has fewer than MAX_DIGITS."""

_NUMBER_HINT: Final = "write another number, or a quoted string"
_NAMED: Final = {"null": "null", "bool": "true or false", "int": "an integer", "float": "a number"}

TAG_PREFIX: Final = "tag:yaml.org,2002:"


class BadScalar(ValueError):
    """A scalar without a value in JSON, or one that does not match its tag: the message and the hint."""

    def __init__(self, message: str, *, code: str = "scalar", hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint


def plain(text: str) -> Json:
    """The value of a plain scalar. Raises BadScalar for a value that JSON lacks."""
    if text in _WORDS:
        return _WORDS[text]
    return _number(text) if text[0] in _NUMBER_START else text


def _number(text: str) -> Json:
    if _INTEGER.fullmatch(text):
        return _integer(text, 10, MAX_DIGITS)
    based = _BASED.fullmatch(text)
    if based:
        return _integer(based["octal"] or based["hex"], 8 if based["octal"] else 16, _MAX_BASED_DIGITS)
    if _FLOAT.fullmatch(text):
        number = float(text)
        if not isfinite(number):
            raise BadScalar(f"{text[:40]} is too large to be sent exactly", hint=_NUMBER_HINT)
        return number
    if _NOT_FINITE.fullmatch(text):
        raise BadScalar(f"{text} is not a valid JSON number", hint=_NUMBER_HINT)
    return text


def _integer(digits: str, base: int, limit: int) -> int:
    if len(digits.lstrip("+-")) > limit:
        raise BadScalar(f"an integer of {len(digits):,} digits is too long", hint=_NUMBER_HINT)
    return int(digits, base)


def tagged(text: str, tag: str, *, is_plain: bool) -> Json:
    """The value of a scalar with a core schema tag. Raises BadScalar for other tags, and for a scalar that does not match its tag."""
    name = tag.removeprefix(TAG_PREFIX)
    if tag == "!" or (name == "str" and name != tag):
        return text
    if name == tag or name not in {"null", "bool", "int", "float"}:
        raise BadScalar(f"the tag {tag[:80]} has no JSON equivalent", code="tag", hint="remove the tag, or quote the string")
    value = plain(text) if is_plain or text else text
    if name == "float" and isinstance(value, int) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            raise BadScalar(f"{text[:40]} is larger than any floating-point number", hint=_NUMBER_HINT) from None
    wanted = {"null": type(None), "bool": bool, "int": int, "float": float}[name]
    if type(value) is not wanted:
        raise BadScalar(
            f"{text[:40]!r} is not {_NAMED[name]}, which its tag requires", code="tag", hint="remove the tag, or fix the value"
        )
    return value
