"""A plan as JSON: printed by `plan --format json`, saved by `plan --out`, and read back by `plan.reading`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import fields
from typing import Final

from msgspec.structs import asdict

from reconciler.documents.json_text import Document, decode, encode_sorted, readable_part
from reconciler.reports.plan.view import PlanView
from reconciler.reports.sinks.json import REPORT, report_json

INTEGRITY: Final = "integrity"
_SKIPS: Final = frozenset({"skip_gates", "reason"})
"""Options that only a plan which passes over a gate has."""


def render_plan_json(view: PlanView) -> str:
    """The plan as JSON (docs/json.md)."""
    return report_json("plan", plan_document(view))


def render_drift_json(view: PlanView) -> str:
    """Drift as JSON, in the shape of a plan; `report` distinguishes it from one."""
    return report_json("drift", plan_document(view))


def plan_document(view: PlanView) -> Document:
    """The plan as a JSON object; `integrity` is a digest of everything else in it but the report's name."""
    document = asdict(view)
    for name in ("waiting", "overdue"):
        if not document[name]:
            del document[name]
    options = view.options
    if not options.skip_gates:
        document["options"] = {field.name: getattr(options, field.name) for field in fields(options) if field.name not in _SKIPS}
    return sealed(document)


def sealed(document: Document) -> Document:
    """The plan with the digest of its current content."""
    return document | {INTEGRITY: integrity_of(document)}


def integrity_of(document: Document) -> str:
    """SHA-256 of a whole plan as JSON, regardless of whitespace and the order of keys.

    It detects that a file was changed or truncated since it was saved. It is not a signature: an editor can recompute it.
    """
    found = hashlib.sha256()
    for part in _sorted_parts({name: value for name, value in document.items() if name not in (INTEGRITY, REPORT)}):
        found.update(part)
    return found.hexdigest()


def _sorted_parts(document: Document) -> Iterator[bytes]:
    """The document as printed, encoded with sorted keys, an action at a time: a second tree of them all would take ten times the memory."""
    before = b"{"
    for name, value in sorted(document.items()):
        yield before + encode_sorted(name) + b":"
        if isinstance(value, list | tuple):
            yield b"["
            for number, item in enumerate(value):
                yield (b"," if number else b"") + _sorted_part(item)
            yield b"]"
        else:
            yield _sorted_part(value)
        before = b","
    yield b"}" if document else b"{}"


def _sorted_part(value: object) -> bytes:
    (printed,) = decode(readable_part({"": value})).values()
    return encode_sorted(printed)
