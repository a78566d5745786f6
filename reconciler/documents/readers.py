"""Readers check the values of a document and convert them. They report every mistake, not only the first."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final, Generic, Literal, Protocol, TypeAlias, TypeVar, get_args

import msgspec

from reconciler.documents.json_text import Json
from reconciler.documents.pointer import Segments
from reconciler.documents.shapes import Misfit, ShapeMistake, name_of_type
from reconciler.wording.guesses import did_you_mean

T = TypeVar("T")
Type: TypeAlias = Literal["string", "integer", "boolean", "array", "object"]
"""A JSON type, as named in JSON Schema."""

_TYPES: Final[Mapping[Type, type]] = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}
_WANTED: Final[Mapping[Type, str]] = {
    "boolean": "true or false",
    "object": "a mapping",
    "integer": "an integer",
    "array": "a list",
    "string": "a string",
}
_HINTS: Final[Mapping[Type, str]] = {
    "boolean": "write true or false",
    "object": "write its keys under it, indented",
    "integer": "write a number without a fraction, such as 20",
    "array": "write it as a list: [one, two]",
    "string": "write a string",
}
_EXAMPLES: Final = {
    "version": "1",
    "repository": "acme/aep-sources",
}
"""Example values of required keys, for hints."""
_LIKE_A_NAME: Final = re.compile(r"[\w ./-]{1,60}")
_MAX_WORDS: Final = 120
"""Maximum length of a path in a message: keys may be of any length."""


class Unread(Enum):
    """The result of a reader for a value with a mistake."""

    UNREAD = "unread"


UNREAD: Final = Unread.UNREAD
Found: TypeAlias = list[ShapeMistake]


class Reader(Protocol):
    """Converts the value at a path of a document; for a mistake, adds it to `found` and returns UNREAD."""

    def read(self, value: Json, path: Segments, found: Found) -> Any: ...


def _same(value: Any) -> Any:
    return value


class Scalar(msgspec.Struct, frozen=True):
    """One value of this type (None: any type); `check` converts it or raises Misfit. `choices` are the allowed strings, if limited."""

    type: Type | None
    check: Callable[[Any], Any] = _same
    choices: tuple[str, ...] = ()

    def read(self, value: Json, path: Segments, found: Found) -> Any:
        if self.choices and not (isinstance(value, str) and value in self.choices):
            *others, last = map(repr, self.choices)
            listed = f"{', '.join(others)} or {last}" if others else last
            wanted = f"one of {listed}" if others else listed
            found.append(ShapeMistake(path, "bad-value", f"`{_words(path)}` must be {wanted}", f"write {listed}"))
            return UNREAD
        if self.type is not None and not _fits(self.type, value, path, found):
            return UNREAD
        return _checked(self.check, value, path, found)


def text(check: Callable[[str], str] = _same) -> Scalar:
    """A string."""
    return Scalar("string", check)


def choice(literal: Any) -> Scalar:
    """One of the strings of a Literal."""
    return Scalar("string", choices=get_args(literal))


FLAG: Final = Scalar("boolean")
ANYTHING: Final = Scalar(None)


class OrNull(msgspec.Struct, frozen=True):
    """A value, or null."""

    item: Reader

    def read(self, value: Json, path: Segments, found: Found) -> T | Unread | None:
        return None if value is None else self.item.read(value, path, found)


class ListOf(msgspec.Struct, frozen=True):
    """A list with at least `least` items."""

    item: Reader
    least: int = 0

    def read(self, value: Json, path: Segments, found: Found) -> Any:
        if not _fits("array", value, path, found, self.least):
            return UNREAD
        return tuple(self.item.read(item, (*path, str(index)), found) for index, item in enumerate(value))


class MapOf(msgspec.Struct, frozen=True):
    """A mapping with at least `least` entries and arbitrary keys; `check` raises Misfit for an invalid key."""

    item: Reader
    check: Callable[[str], str] = _same
    least: int = 0

    def read(self, value: Json, path: Segments, found: Found) -> Any:
        if not _fits("object", value, path, found, self.least):
            return UNREAD
        for key in value:
            _checked(self.check, key, (*path, key), found)
        return {key: self.item.read(item, (*path, key), found) for key, item in value.items()}


class Record(msgspec.Struct, Generic[T], frozen=True):
    """A mapping with these keys and no others, converted to a value of this class; a missing key has the default of its field.

    `fields` has the names of fields that differ from their keys. `check` raises Misfit for values that do not go together.
    """

    make: type[T]
    keys: Mapping[str, Reader]
    required: tuple[str, ...] = ()
    fields: Mapping[str, str] = msgspec.field(default_factory=dict)
    check: Callable[[T], T] = _same

    def read(self, value: Json, path: Segments, found: Found) -> T | Unread:
        if not _fits("object", value, path, found):
            return UNREAD
        before = len(found)
        given: dict[str, Any] = {}
        for key, reader in self.keys.items():
            if key in value:
                given[self.fields.get(key, key)] = reader.read(value[key], (*path, key), found)
            elif key in self.required:
                hint = f"write {key}: {_EXAMPLES.get(key, '…')}"
                found.append(ShapeMistake(path, "missing-key", f"`{_words((*path, key))}` is missing", hint))
        for key in value:
            if key not in self.keys:
                message = f"unknown key `{_words((*path, key))}`"
                found.append(ShapeMistake((*path, key), "unknown-key", message, did_you_mean(key, self.keys)))
        return UNREAD if len(found) > before else _checked(self.check, self.make(**given), path, found)


def read_whole(record: Record[T], document: Json) -> T | tuple[ShapeMistake, ...]:
    """The converted document, or every mistake in its shape."""
    found: Found = []
    made = record.read(document, (), found)
    return tuple(found) if made is UNREAD else made


def _fits(wanted: Type, value: Json, path: Segments, found: Found, least: int = 0) -> bool:
    if not isinstance(value, _TYPES[wanted]) or (wanted == "integer" and isinstance(value, bool)):
        message = f"`{_words(path)}` must be {_WANTED[wanted]}, not {name_of_type(value)}"
        found.append(ShapeMistake(path, "wrong-type", message, _type_hint(wanted, value)))
        return False
    if isinstance(value, list | dict) and len(value) < least:
        found.append(ShapeMistake(path, "bad-value", f"`{_words(path)}` is empty", "write at least one entry"))
        return False
    return True


def _type_hint(wanted: Type, value: Json) -> str:
    if wanted == "string" and isinstance(value, bool | int | float):
        return "write it in quotes"
    if wanted == "array" and isinstance(value, str) and _LIKE_A_NAME.fullmatch(value):
        return f"write it as a list: [{value}]"
    return _HINTS[wanted]


def _checked(check: Callable[[Any], T], value: Any, path: Segments, found: Found) -> T | Unread:
    try:
        return check(value)
    except Misfit as misfit:
        found.append(ShapeMistake(path, "bad-value", f"`{_words(path)}`: {misfit}", misfit.hint))
        return UNREAD


def _words(path: Segments) -> str:
    return ".".join(path)[:_MAX_WORDS]
