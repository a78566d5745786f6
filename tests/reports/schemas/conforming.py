"""Whether a JSON report is exactly what its schema describes: no key missing, none of another type, and none undescribed."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import jsonschema_rs

from reconciler.documents.json_text import Document, Json, NotJson, decode
from reconciler.reports.schemas.published import report_schema
from reconciler.schemas.reports import REPORTS


def closed(node: Json) -> Json:
    """The schema without room for keys that it does not describe. What is published has room, for the keys of later releases."""
    if isinstance(node, list):
        return [closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    shut = {name: closed(item) for name, item in node.items()}
    return {"additionalProperties": False} | shut if node.get("type") == "object" and "properties" in node else shut


@cache
def _validator(name: str) -> Any:
    return jsonschema_rs.validator_for(closed(report_schema(name)))


def _schema_of(document: Document) -> str:
    name: str = document["report"]
    if not document.get("fleet"):
        return name
    return f"fleet-{name}" if f"fleet-{name}" in REPORTS and name != "plan" else "fleet"


def differences(document: Document) -> list[str]:
    """How this report differs from its schema: pointers and reasons."""
    errors = _validator(_schema_of(document)).iter_errors(document)
    return ["".join(f"/{part}" for part in error.instance_path) + f": {error.message[:200]}" for error in errors]


def check_output(words: tuple[str, ...], out: str) -> None:
    """Fails for output that a command was asked to print as JSON and that is not one report as its schema describes it."""
    if "--format=json" not in words and ("--format", "json") not in pairwise(words):
        return
    try:
        document = decode(out)
    except NotJson:
        return  # help, or a test of something else
    assert isinstance(document, dict), out[:200]
    assert differences(document) == []
