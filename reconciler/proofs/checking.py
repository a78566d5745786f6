"""Checks values against a JSON Schema of a spec. No reference in it is fetched, and no message has a value."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import Final, NoReturn

from reconciler.documents.json_text import Document, Json
from reconciler.documents.pointer import Segments
from reconciler.documents.shapes import ShapeMistake
from reconciler.sources.effort import is_too_much
from reconciler.texts.reading import MAX_MISTAKES

UNCHECKED: Final = "unchecked-values"
"""The code of a note that a schema cannot be used, or that the answer depends on a value that is not known yet."""
_CHECKED_ELSEWHERE: Final = frozenset({("required",), ("additionalProperties",)})
_MAX_MESSAGE: Final = 160


def misfits(schema: Json, values: Document, at: Segments, unknown: Collection[str] = ()) -> Iterator[ShapeMistake]:
    """What the schema does not accept in these values, at most `MAX_MISTAKES`; `at` is the place of the values.

    `unknown` are the names of values that are only known when they are sent. Names that are missing or not declared are not reported here.
    """
    from jsonschema_rs import Draft7Validator, ReferencingError  # noqa: PLC0415 - takes time to load, and few commands need it

    if not isinstance(schema, dict):
        return
    if is_too_much(schema, values):
        message = (
            f"`{'.'.join(at)}` was not checked: its schema in the spec has too many references, or ones that cannot be followed"
        )
        yield ShapeMistake(at, UNCHECKED, message, "write a schema without nested references")
        return
    plain = {name: value for name, value in schema.items() if name != "$schema"}
    try:
        validator = Draft7Validator(plain, retriever=_refuse, validate_formats=False, mask="the value")
        errors = [
            (tuple(map(str, error.instance_path)), tuple(map(str, error.schema_path)), error.message)
            for error in islice(validator.iter_errors(values), MAX_MISTAKES)
        ]
    except (ValueError, ReferencingError):
        message = f"`{'.'.join(at)}` was not checked: its schema in the spec is not valid, or points out of the spec"
        yield ShapeMistake(at, UNCHECKED, message, "correct the schema; `reconciler validate` shows what is wrong with it")
        return
    for path, keyword, said in errors:
        if keyword in _CHECKED_ELSEWHERE or (path and path[0] in unknown):
            continue
        place = (*at, *path)
        code = UNCHECKED if unknown and not path else "bad-value"
        yield ShapeMistake(place, code, f"`{'.'.join(place)[:120]}`: {said[:_MAX_MESSAGE]}", _hint(schema, path))


def _refuse(uri: str) -> NoReturn:
    raise LookupError(f"{uri} is not fetched")


def _hint(schema: Mapping[str, Json], path: Segments) -> str:
    properties = schema.get("properties")
    about = properties.get(path[0]) if path and isinstance(properties, dict) else None
    choices = about.get("enum") if isinstance(about, dict) else None
    if isinstance(choices, list) and choices and len(path) == 1:
        return f"write one of {', '.join(str(choice)[:40] for choice in choices[:10])}"
    if isinstance(about, dict) and about.get("type") == "string" and len(path) == 1:
        return "write a string, in quotes if it is a number, a date or true"
    return "write a value that the schema in the spec accepts"
