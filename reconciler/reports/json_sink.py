"""The sink for JSON: stable, over lines, and harmless where it is printed."""

from __future__ import annotations

from reconciler.documents.json_text import Document, Json, encode_readable
from reconciler.reports.escaping import for_json


def to_json(document: Document) -> str:
    """The document as JSON, two spaces a level, with a line break at its end. Keys keep their order."""
    try:
        text = encode_readable(document)
    except UnicodeEncodeError:  # a file name that is not UTF-8 reaches us with lone surrogates
        text = encode_readable(_encodable(document))
    return for_json(text) + "\n"


def _encodable(value: Json) -> Json:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_encodable(key): _encodable(item) for key, item in value.items()}
    return [_encodable(item) for item in value] if isinstance(value, list | tuple) else value
