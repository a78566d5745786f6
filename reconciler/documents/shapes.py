"""What is wrong with the shape of a document, in words: pydantic's findings as a path into the document, a sentence and a hint."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from reconciler.documents.json_text import Json
from reconciler.documents.pointer import Segments

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

KnownKeys = Mapping[Segments, Iterable[str]]
"""The keys that a mapping at a path may have; the segment `*` stands for any."""

_WANTED: Final = {
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "float_type": "a number",
    "int_type": "a whole number",
    "list_type": "a list",
    "model_type": "a mapping",
    "string_type": "a text",
    "tuple_type": "a list",
}
_HINTS: Final = {
    "true or false": "write true or false",
    "a mapping": "write its keys below it, indented",
    "a number": "write a number",
    "a whole number": "write a number without a fraction, such as 20",
    "a list": "write it as a list: [one, two]",
    "a text": "write a text",
}
_EXAMPLES: Final = {
    "version": "1",
    "repository": "acme/aep-sources",
}
"""What a key that has to be there may hold, where `…` would leave the reader without an idea."""
_LIKE_A_NAME: Final = re.compile(r"[\w ./-]{1,60}")
_MAX_WORDS: Final = 120
"""Characters of a path in a sentence: keys may be of any length."""


class Misfit(ValueError):
    """A value that may not stand where it stands: the sentence that says why, and the next step."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class ShapeMistake:
    """A key that is missing or unknown, or a value that does not fit."""

    path: Segments
    """Of the value; of the mapping, for what is missing."""
    code: str
    message: str
    hint: str


def shape_mistakes(error: ValidationError, known: KnownKeys) -> Iterator[ShapeMistake]:
    """Each finding of a validation, in the document's own words."""
    for details in error.errors(include_url=False):
        yield _mistake(details, known)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, if there is one."""
    lowered = {candidate.lower(): candidate for candidate in known}
    found = get_close_matches(word.lower(), lowered, n=1, cutoff=0.6)
    return lowered[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint for a word that is not among the known ones."""
    words = sorted(known)
    meant = nearest(word, words)
    if meant:
        return f"did you mean {meant}?"
    return f"known here: {', '.join(words)}" if words else "there is none to name"


def name_of_type(value: Json) -> str:
    """What a JSON value is called in a sentence."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    names = {str: "a text", int: "a number", float: "a number", list: "a list", dict: "a mapping"}
    return names.get(type(value), type(value).__name__)


def _mistake(details: ErrorDetails, known: KnownKeys) -> ShapeMistake:
    path = tuple(str(segment) for segment in details["loc"] if segment != "[key]")
    kind, value = details["type"], details["input"]
    words = ".".join(path)[:_MAX_WORDS]
    if kind == "missing":
        return ShapeMistake(
            path[:-1], "missing-key", f"`{words}` is missing", f"write {path[-1]}: {_EXAMPLES.get(path[-1], '…')}"
        )
    if kind == "extra_forbidden":
        return ShapeMistake(path, "unknown-key", f"`{words}` is not a key that is known here", _key_hint(path, known))
    if kind in _WANTED:
        message = f"`{words}` is {_WANTED[kind]}, not {name_of_type(value)}"
        return ShapeMistake(path, "wrong-type", message, _type_hint(_WANTED[kind], value))
    return ShapeMistake(path, "bad-value", *_refusal(words, details))


def _type_hint(wanted: str, value: Json) -> str:
    if wanted == "a text" and isinstance(value, bool | int | float):
        return "write it in quotes"
    if wanted == "a list" and isinstance(value, str) and _LIKE_A_NAME.fullmatch(value):
        return f"write it as a list: [{value}]"
    return _HINTS[wanted]


def _refusal(words: str, details: ErrorDetails) -> tuple[str, str]:
    """The sentence and the next step for a value of the right type."""
    context: Mapping[str, object] = details.get("ctx", {})
    reason = context.get("error")
    if isinstance(reason, Misfit):
        return f"`{words}`: {reason}", reason.hint
    if details["type"] == "literal_error":
        return f"`{words}` is one of {context['expected']}, and nothing else", f"write {context['expected']}"
    if details["type"] == "too_short":
        return f"`{words}` is empty", "write at least one entry"
    return f"`{words}`: {reason or details['msg'][:1].lower() + details['msg'][1:]}", "correct it, or leave it out"


def _key_hint(path: Segments, known: KnownKeys) -> str:
    for parent, keys in known.items():
        if len(parent) == len(path) - 1 and all(one in {"*", other} for one, other in zip(parent, path, strict=False)):
            return did_you_mean(path[-1], keys)
    return "remove it"
