"""Checks of a spec's body before it is compared or sent."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Final

from reconciler.desired.findings import Findings
from reconciler.desired.resources import resource_of
from reconciler.desired.specs import SpecReference
from reconciler.documents.json_text import Document, Json
from reconciler.documents.kinds import Kind
from reconciler.documents.pointer import Segments
from reconciler.documents.semantics import ID_LISTS, SERVER_MANAGED
from reconciler.documents.shapes import name_of_type
from reconciler.errors import Severity
from reconciler.texts.reading import MAX_MISTAKES

_LONG_NUMBER: Final = 10**12
"""The flow spec sections that list connection spec ids. Only these may contain references."""


def without_server_managed(body: Document, findings: Findings) -> Document:
    """The body without the fields that the service sets. Each removed field is reported because it has no effect in a file."""
    managed = SERVER_MANAGED & body.keys()
    if not managed:
        return body
    for field in sorted(managed):
        hint = "to select the live object, write ids: {<target>: <id>}" if field == "id" else "remove it"
        message = f"`{field}` is set by the service; it is not compared or sent"
        findings.in_body((field,), "server-managed", message, hint, severity=Severity.WARNING)
    return {field: value for field, value in body.items() if field not in managed}


def check_body(kind: Kind, body: Document, findings: Findings) -> tuple[SpecReference, ...]:
    """The references in the body. Problems are added to the findings.

    The service requires `name` and `providerId` (OpenAPI: `required` of both spec schemas) and returns `version` as a string, "1.0".
    """
    resource = resource_of(body)
    if resource is not None and "providerId" not in body:
        message = f"this is the body of {resource.request} ({resource.words}), not a {kind.words}"
        findings.in_body((resource.fields[0],), "other-resource", message, resource.hint)
        return ()
    for field in ("name", "providerId"):
        _check_required(field, body, findings)
    for field in ("version", "type"):
        value = body.get(field)
        if value is not None and not isinstance(value, str):
            message = f"`{field}` must be a string, not {name_of_type(value)}"
            findings.in_body((field,), f"{field}-not-text", message, _as_text(field, value))
    _check_attributes(body.get("attributes"), findings)
    if kind is Kind.CONNECTION_SPEC:
        return ()
    return tuple(reference for section in ID_LISTS for reference in _references_in(section, body.get(section), findings))


def _check_attributes(attributes: Json, findings: Findings) -> None:
    """Check that `attributes` is a mapping, as the ownership marker requires, and that the file does not set the marker."""
    if attributes is not None and not isinstance(attributes, dict):
        message = f"`attributes` must be a mapping, not {name_of_type(attributes)}: it holds the ownership marker"
        hint = "write attributes: {name: value}, or remove the field"
        findings.in_body(("attributes",), "attributes-not-mapping", message, hint)
    elif attributes is not None and "reconciler" in attributes:
        message = "`attributes.reconciler` is the ownership marker; only apply writes it"
        findings.in_body(("attributes", "reconciler"), "marker-in-file", message, "remove it from the file")


def _check_required(field: str, body: Document, findings: Findings) -> None:
    value = body.get(field)
    if isinstance(value, str) and value.strip():
        return
    what = "empty" if isinstance(value, str) else name_of_type(value)
    message, hint = f"`{field}` must be a non-empty string, not {what}", _as_text(field, value)
    if value is None:
        message, hint = f"the body has no `{field}`, which the service requires", f"write {field}: …"
    findings.in_body((field,), f"missing-{field}", message, hint)


def _as_text(field: str, value: Json) -> str:
    """How to write this value as a string."""
    is_short_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LONG_NUMBER
    return f'write it in quotes: {field}: "{value}"' if is_short_number else f"write {field}: and a string"


def _references_in(section: str, entries: Json, findings: Findings) -> Iterator[SpecReference]:
    if entries is None:
        return
    if not isinstance(entries, list):
        message = f"`{section}` must be a list of ids and references, not {name_of_type(entries)}"
        findings.in_body((section,), "bad-reference", message, "write it as a list: [{ref: key}]")
        return
    unfit = 0
    for index, entry in enumerate(entries):
        if isinstance(entry, dict) and entry.keys() == {"ref"} and isinstance(entry["ref"], str):
            yield SpecReference(section, entry["ref"])
        elif not (isinstance(entry, str) and entry):
            unfit += 1
            if unfit > MAX_MISTAKES:
                return
            message = f"`{section}` may hold only ids and references {{ref: <key>}}, not {name_of_type(entry)} like this"
            findings.in_body((section, str(index)), "bad-reference", message, "use a connection spec's key or id")


def stray_references(kind: Kind, body: Document) -> Iterator[tuple[Segments, str]]:
    """Every `{ref: string}` outside the lists that allow references: its path and the string, in document order.

    Only the current path is kept in memory: all paths of a wide and deep body would be many times its size.
    """
    lists = ID_LISTS if kind is Kind.FLOW_SPEC else ()
    path: list[str] = []
    open_containers: list[Iterator[tuple[str, Json]]] = [
        iter([(name, value) for name, value in body.items() if name not in lists])
    ]
    while open_containers:
        name, value = next(open_containers[-1], (None, None))
        if name is None:
            open_containers.pop()
            del path[-1:]
        elif isinstance(value, dict | list):
            path.append(name)
            if isinstance(value, dict) and value.keys() == {"ref"} and isinstance(value["ref"], str):
                yield tuple(path), value["ref"]
            open_containers.append(
                iter(value.items() if isinstance(value, dict) else zip(map(str, count()), value, strict=False))
            )
