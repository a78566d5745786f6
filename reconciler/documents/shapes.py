"""What is wrong with the shape of a document, in words: a path into the document, a sentence and a hint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from reconciler.documents.json_text import Json
from reconciler.documents.pointer import Segments


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
    return f"valid keys: {', '.join(words)}" if words else "none is defined"


def name_of_type(value: Json) -> str:
    """What a JSON value is called in a sentence."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    names = {str: "a string", int: "a number", float: "a number", list: "a list", dict: "a mapping"}
    return names.get(type(value), type(value).__name__)
