"""One table for each part of the SDK: what stands in it is known to lint, schemas, new files and comparisons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from reconciler.authoring.importing.live_body import in_canonical_order
from reconciler.authoring.new.source import AUTH_OPTIONS, PAGINATIONS, NewSource, new_files, spec_path
from reconciler.authoring.spec_text import comments_of
from reconciler.cli.commands.new import new
from reconciler.desired.resources import resource_of
from reconciler.documents.json_text import Document, decode
from reconciler.documents.kinds import Kind
from reconciler.documents.pointer import Segments
from reconciler.errors import Severity
from reconciler.schemas.published import schema_text
from reconciler.sdk import pagination, scheduling
from reconciler.sdk.authentication import AUTH_TYPES
from reconciler.sdk.catalog import CATEGORIES
from reconciler.sdk.fields import Field, Form, Shape, blocks, by_name, paths
from reconciler.sdk.sections import NAMES, SECTIONS
from reconciler.sdk.sources import BATCH, SOURCE_TYPES
from reconciler.texts.yaml import read_yaml
from tests.desired.trees import MAILCHIMP, PROVIDER, load
from tests.lint.files import Files, part
from tests.schemas.validators import places

EVERY_NAME = [(kind, name) for kind, names in NAMES.items() for name in names if name not in {"name", "providerId"}]
EVERY_PATH = [(kind, path) for kind, sections in SECTIONS.items() for path, _ in paths(sections)]
IN_BLOCKS = [
    (kind, (*path, name))
    for kind, sections in SECTIONS.items()
    for path, block in blocks(sections).items()
    if path[-1] not in {"paginationParams", "scheduleParams"}
    for field in block.fields
    for name in field.names
]
FORMS = [
    (block.name, form, name, block)
    for block, forms in (
        (pagination.PAGINATION_PARAMS, pagination.FORMS),
        (scheduling.SCHEDULE_PARAMS, scheduling.FORMS),
    )
    for name, form in forms.items()
]
SCHEMAS = {Kind.CONNECTION_SPEC: "connection-spec", Kind.FLOW_SPEC: "flow-spec"}


def nested(path: Segments, value: Any) -> Any:
    return {path[0]: nested(path[1:], value)} if path else value


def codes(kind: Kind, body: Document) -> list[str]:
    """What the rules say of a spec file with this body."""
    fields = "".join(f"{name}: {_yaml(value)}\n" for name, value in body.items())
    return Files(part(f"kind: {kind}\n{fields}")).codes()


def _yaml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name!r}: {_yaml(item)}" for name, item in value.items()) + "}"
    return "[" + ", ".join(map(_yaml, value)) + "]" if isinstance(value, list) else "null" if value is None else repr(value)


def node_at(node: Document, path: Segments, definitions: Document) -> Document | None:
    """What a schema says of the field at this path; of a list's fields, what it says of those of an entry."""
    if not path:
        return node
    options = [*_alternatives(node)]
    found = [option["properties"][path[0]] for option in options if path[0] in option.get("properties", {})]
    if found:
        return node_at(found[0], path[1:], definitions)
    items = [option["items"] for option in options if "items" in option]
    return node_at(items[0], path, definitions) if items else None


def _alternatives(node: Document) -> Iterator[Document]:
    """What a schema says of a value that is no variable."""
    yield node
    for option in (*node.get("anyOf", []), *([node["else"]] if "else" in node else [])):
        yield from _alternatives(option)


@pytest.mark.parametrize(("kind", "name"), EVERY_NAME)
def test_lint_knows_every_section_under_each_of_its_names(kind: Kind, name: str) -> None:
    assert "unknown-section" not in codes(kind, {name: None})


@pytest.mark.parametrize(("kind", "name"), EVERY_NAME)
def test_a_section_with_other_capitals_is_unknown(kind: Kind, name: str) -> None:
    assert "unknown-section" in codes(kind, {name.upper(): None})


@pytest.mark.parametrize(("kind", "path"), IN_BLOCKS)
def test_lint_knows_every_key_of_a_block_and_what_it_was_meant_to_be(kind: Kind, path: Segments) -> None:
    assert "misspelled-key" not in codes(kind, nested(path, None))
    if len(path[-1]) > 3:
        misspelled = (*path[:-1], path[-1].upper())
        assert "misspelled-key" in codes(kind, nested(misspelled, None))


@pytest.mark.parametrize(("kind", "path"), EVERY_PATH)
def test_a_schema_describes_every_field(kind: Kind, path: Segments) -> None:
    schema = decode(schema_text(SCHEMAS[kind]))
    node = node_at(schema["definitions"]["body"], path, schema["definitions"])
    assert node is not None
    assert node["description"]


@pytest.mark.parametrize(("block", "form", "name", "table"), FORMS)
def test_a_block_with_what_its_type_requires_is_in_order_and_one_without_is_not(
    block: str, form: Form, name: str, table: Field
) -> None:
    fields = by_name(table.fields)
    kind: Document = {} if name == scheduling.PLAIN else {"type": name}
    whole = kind | {field: fields[field].examples[0] for field in form.all}
    for written, expected in ((whole, False), *((_without(whole, field), True) for field in form.required)):
        body = nested(("sourceSpec", "attributes", block), written)
        found = [code for code in codes(Kind.CONNECTION_SPEC, body) if code.endswith(("-missing-field", "-foreign-field"))]
        document = {"kind": "ConnectionSpec", "spec": {"name": "A", "providerId": PROVIDER, **body}}
        assert (bool(found), bool(places("connection-spec", document))) == (expected, expected)


def _without(block: Document, field: str) -> Document:
    return {name: value for name, value in block.items() if name != field}


@pytest.mark.parametrize("kind", Kind)
def test_a_new_file_has_every_section_in_order_and_a_comment_above_each_that_is_no_plain_value(kind: Kind) -> None:
    names = [section.name for section in SECTIONS[kind]]
    assert list(in_canonical_order(kind, dict.fromkeys(sorted(names)))) == names
    plain = {Shape.TEXT, Shape.NAME}
    comments = comments_of(kind)
    assert all(bool(comments[section.name]) == (section.shape not in plain) for section in SECTIONS[kind])


@pytest.mark.parametrize(("option", "name"), PAGINATIONS.items())
def test_a_new_source_has_every_field_of_its_pagination(option: str, name: str) -> None:
    text = _new(pagination=option)
    assert f"type: {name}" in text
    assert all(f" {field}: " in text for field in pagination.FORMS[name].all)


@pytest.mark.parametrize(("option", "auth"), AUTH_OPTIONS.items())
def test_a_new_source_has_the_entry_that_editors_offer(option: str, auth: Any) -> None:
    (entry,) = read_yaml(_new(auth=(option,)).encode()).value["spec"]["authSpec"]
    assert entry == AUTH_TYPES[auth.name].entry


def _new(**given: Any) -> str:
    source = NewSource(**{"key": "a", "template": "batch", "name": "A", "description": "B", "category": "crm"} | given)
    return new_files(source)[spec_path("a")]


@pytest.mark.parametrize("category", CATEGORIES)
def test_new_offers_every_category_that_lint_knows(category: str) -> None:
    (option,) = [parameter for parameter in new.params if parameter.name == "category"]
    assert option.type.convert(category, option, None) == category
    body = nested(("sourceSpec", "attributes", "uiAttributes", "category", "key"), category)
    assert "category" not in codes(Kind.CONNECTION_SPEC, {"type": BATCH, **body})


@pytest.mark.parametrize("source", SOURCE_TYPES.values(), ids=lambda source: source.name)
def test_a_source_of_each_type_is_attached_to_its_flow_spec(source: Any) -> None:
    (spec,) = load(
        {MAILCHIMP: f"kind: ConnectionSpec\nspec: {{name: A, providerId: {source.provider}, type: {source.name}}}\n"}
    ).specs
    assert spec.flow_specs == (source.flow_spec,)
    assert not {"provider-of-type", "type-spelling"} & set(
        codes(Kind.CONNECTION_SPEC, {"type": source.name, "providerId": source.provider})
    )


@pytest.mark.parametrize("name", ["transformationSpecs", "transformationSpecDTOS", "optionSpec", "runSpec"])
def test_a_flow_spec_without_its_envelope_is_recognized_by_each_of_its_sections(name: str) -> None:
    (problem,) = load({"flow-specs/a.yaml": f"name: A\n{name}: []\n"}).problems
    assert (problem.code, problem.severity) == ("bare-body", Severity.ERROR)


def test_a_spec_is_not_taken_for_another_resource() -> None:
    for name in ("transformationSpecs", "optionSpec"):
        assert resource_of({name: [], "connectionSpec": {"id": "x"}}) is None
