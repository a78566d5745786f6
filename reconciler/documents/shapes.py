"""Mistakes in the shape of a document: a path into the document, a message and a hint."""

from __future__ import annotations

import msgspec

from reconciler.documents.json_text import Json
from reconciler.documents.pointer import Segments


class Misfit(ValueError):
    """An invalid value: the message and the hint."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class ShapeMistake(msgspec.Struct, frozen=True):
    """A missing or unknown key, or an invalid value."""

    path: Segments
    """The path of the value; for a missing key, that of the mapping."""
    code: str
    message: str
    hint: str


def name_of_type(value: Json) -> str:
    """The type of a JSON value, for use in a sentence."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    names = {str: "a string", int: "a number", float: "a number", list: "a list", dict: "a mapping"}
    return names.get(type(value), type(value).__name__)
