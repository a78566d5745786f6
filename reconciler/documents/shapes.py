"""What is wrong with the shape of a document, in words: a path into the document, a sentence and a hint."""

from __future__ import annotations

from dataclasses import dataclass

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


def name_of_type(value: Json) -> str:
    """What a JSON value is called in a sentence."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    names = {str: "a string", int: "a number", float: "a number", list: "a list", dict: "a mapping"}
    return names.get(type(value), type(value).__name__)
