"""The shipped schemas as validators, and what they say of a document."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema_rs

from reconciler.documents.json_text import Json, decode
from reconciler.schemas.published import schema_text


@cache
def validator(schema: str) -> Any:
    return jsonschema_rs.Draft7Validator(decode(schema_text(schema)))


def accepts(schema: str, document: Json) -> bool:
    valid: bool = validator(schema).is_valid(document)
    return valid


def places(schema: str, document: Json) -> list[str]:
    """The JSON Pointers of what is wrong, sorted."""
    return sorted({"".join(f"/{part}" for part in error.instance_path) for error in validator(schema).iter_errors(document)})
