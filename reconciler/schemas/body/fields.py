"""Generates JSON Schema nodes from the field tables. All nodes are open: live bodies have undocumented fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from reconciler.documents.json_text import Document
from reconciler.schemas.body.json_schema_part import json_schema
from reconciler.schemas.nodes import (
    anything,
    choice,
    filled,
    flag,
    free_mapping,
    listing,
    mapping,
    number_or_text,
    suggestion,
    text,
    when,
    with_snippets,
)
from reconciler.sdk import pagination, scheduling
from reconciler.sdk.authentication import AUTH_TYPES
from reconciler.sdk.fields import Field, Shape
from reconciler.sdk.source_spec import CONTENT


def node_of(item: Field) -> Document:
    """The schema of this field's value."""
    node = _NODES[item.shape](item)
    return _MORE[item.name](item, node) if item.name in _MORE else node


def nodes_of(fields: tuple[Field, ...]) -> dict[str, Document]:
    """The nodes of these fields, under all of their names."""
    return {name: node_of(item) for item in fields for name in item.names}


def _said(item: Field) -> str:
    """The description of a field, with the types that it belongs to first."""
    types = ", ".join(name for name in (*item.required_by, *item.optional_in) if name != scheduling.PLAIN)
    return f"{types}: {item.about}" if types else item.about


def _text(item: Field) -> Document:
    if item.values:
        return (suggestion if item.is_open else choice)(_said(item), item.values)
    return (filled if item.shape is Shape.NAME else text)(_said(item), examples=map(str, item.examples))


def _names(item: Field) -> Document:
    return listing(item.about, choice("One of them.", item.values) if item.values else {"type": "string"})


def _ids(item: Field) -> Document:
    reference = mapping(
        "A connection spec of this repository, regardless of its id in a target.",
        {"ref": text("Its key.", examples=["mailchimp-members"])},
        required=["ref"],
        closed=True,
    )
    one_id: Document = {"description": "The id of a live connection spec.", "type": "string", "minLength": 1}
    owned = "A file that has this list owns all of it: any other live id is planned as a detach."
    return listing(f"{item.about} {owned}", {"anyOf": [one_id, reference]})


def _block(item: Field) -> Document:
    return _mapping(item) if item.fields else free_mapping(item.about)


def _mapping(item: Field) -> Document:
    return mapping(item.about, nodes_of(item.fields), required=(part.name for part in item.fields if part.is_required))


def _blocks(item: Field) -> Document:
    return listing(item.about, _mapping(Field("", "One entry.", fields=item.fields)))


_NODES: Final[Mapping[Shape, Callable[[Field], Document]]] = {
    Shape.TEXT: _text,
    Shape.NAME: _text,
    Shape.NUMBER: lambda item: number_or_text(_said(item), examples=item.examples),
    Shape.FLAG: lambda item: flag(item.about),
    Shape.NAMES: _names,
    Shape.IDS: _ids,
    Shape.SCHEMA: lambda item: json_schema(item.about),
    Shape.BLOCK: _block,
    Shape.BLOCKS: _blocks,
    Shape.ANY: lambda item: anything(item.about),
}


def _with_short_form(item: Field, node: Document) -> Document:
    """The mapping, or the path as a string, which the service may return."""
    shape = {name: value for name, value in node.items() if name != "description"}
    return {"description": item.about, "anyOf": [shape, {"type": "string"}]}


def _with_page_types(_: Field, node: Document) -> Document:
    """The block with the fields that each type requires, and with a snippet per type for editors."""
    fields = {field.name: field for field in pagination.FIELDS}
    snippets: dict[str, Document] = {}
    conditions: list[Document] = []
    for name, form in pagination.FORMS.items():
        about = pagination.TYPES[name]
        examples = {field: fields[field].examples[0] for field in form.required}
        snippets[f"{name}: {about[:1].lower()}{about[1:].removesuffix('.')}"] = {"type": name, **examples}
        if form.required:
            conditions.append(when("type", name, _required(tuple(fields[field] for field in form.required))))
    return with_snippets(node, snippets) | {"allOf": conditions}


def _required(fields: tuple[Field, ...]) -> Document:
    """The condition that these fields are required, each under one of its names."""
    spellings: list[Document] = [
        {"anyOf": [{"required": [name]} for name in item.names], "errorMessage": f"`{item.name}` is required. {item.summary}"}
        for item in fields
        if item.also
    ]
    node: Document = {"required": [item.name for item in fields if not item.also]}
    return node | {"allOf": spellings} if spellings else node


def _with_schedule_types(_: Field, node: Document) -> Document:
    advance, plain = ({"required": list(scheduling.FORMS[name].required)} for name in (scheduling.ADVANCE, scheduling.PLAIN))
    return node | {"if": {"required": ["type"]}, "then": when("type", scheduling.ADVANCE, advance), "else": plain}


def _with_auth_types(_: Field, node: Document) -> Document:
    return node | {"items": with_snippets(node["items"], {auth.label: auth.entry for auth in AUTH_TYPES.values()})}


_MORE: Final[Mapping[str, Callable[[Field, Document], Document]]] = {
    **dict.fromkeys(CONTENT, _with_short_form),
    pagination.PAGINATION_PARAMS.name: _with_page_types,
    scheduling.SCHEDULE_PARAMS.name: _with_schedule_types,
    "authSpec": _with_auth_types,
}
"""By field name, additions to the node that the table has no column for."""
