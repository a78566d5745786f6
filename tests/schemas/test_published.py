"""The schemas that the package ships: fresh, in order, and at one with the files that there are."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from reconciler.documents.json_text import Json, decode
from reconciler.emulator.stock import stock_specs
from reconciler.schemas.from_record import from_record
from reconciler.schemas.made import made
from reconciler.schemas.published import FOLDER, SCHEMAS, file_name, schema_line, schema_text
from reconciler.settings.schema import SAFETY
from reconciler.texts.yaml import read_yaml
from tests.published import bodies_in, needs_published, published
from tests.schemas.validators import places

SPECS = Path(__file__).parents[2] / "specs"
KINDS = {"connection": ("connection-spec", "ConnectionSpec"), "flow": ("flow-spec", "FlowSpec")}


def example_files() -> list[tuple[str, Path]]:
    sources = [("connection-spec", file) for file in sorted(SPECS.glob("sources/*/*.yaml"))]
    flows = [("flow-spec", file) for file in sorted(SPECS.glob("flow-specs/*.yaml"))]
    proofs = [("proof", file) for file in sorted(SPECS.glob("proofs/*/proof.yaml"))]
    return [*sources, *flows, *proofs, ("settings", SPECS / "reconciler.yaml")]


def published_bodies() -> Iterator[tuple[str, str, Json]]:
    """Schema, kind and body of everything that is published."""
    for part, (schema, kind) in KINDS.items():
        for file in published(part):
            for body in bodies_in(file):
                yield schema, kind, body


def properties_in(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every property that a schema describes, with where it is; conditions only repeat properties."""
    if not isinstance(node, dict):
        return
    for name, part in node.get("properties", {}).items():
        yield f"{path}/{name}", part
    for keyword in ("properties", "definitions"):
        for name, part in node.get(keyword, {}).items():
            yield from properties_in(part, f"{path}/{name}")
    value_or_variable = node.get("else") if "then" not in node else None
    for part in (node.get("items"), node.get("additionalProperties"), *node.get("anyOf", []), value_or_variable):
        yield from properties_in(part, path)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_schema_is_what_the_models_make_of_it_now(schema: str) -> None:
    assert schema_text(schema) == made(schema), "run `make schemas`"


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_example_repository_has_the_schema_that_is_shipped(schema: str) -> None:
    assert (SPECS / FOLDER / file_name(schema)).read_text() == schema_text(schema), "run `make schemas`"


def test_all_schemas_are_made_anew_in_the_folders_that_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["reconciler.schemas", str(tmp_path)])
    runpy.run_module("reconciler.schemas", run_name="__main__")
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {file_name(name): made(name) for name in SCHEMAS}


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_schema_is_one_by_draft_7(schema: str) -> None:
    document = decode(schema_text(schema))
    assert document["$schema"] == "http://json-schema.org/draft-07/schema#"
    jsonschema_rs.meta.validate(document)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_schema_says_of_every_field_what_it_is(schema: str) -> None:
    found = dict(properties_in(decode(schema_text(schema))))
    silent = [path for path, part in found.items() if not part.get("description")]
    assert len(found) > 20
    assert silent == []


@pytest.mark.parametrize(("schema", "file"), example_files(), ids=lambda value: getattr(value, "name", value))
def test_an_example_file_is_in_order_and_names_its_schema(schema: str, file: Path) -> None:
    text = file.read_bytes()
    assert places(schema, read_yaml(text).value) == []
    assert text.decode().splitlines()[0] == schema_line(schema, file.relative_to(SPECS).as_posix())
    named = file.parent / text.decode().splitlines()[0].partition("$schema=")[2]
    assert named.resolve() == SPECS / FOLDER / file_name(schema)


def test_the_example_artifact_is_in_order() -> None:
    (file,) = SPECS.glob("sources/*/*-connectionSpec.json")
    assert places("artifact", decode(file.read_bytes())) == []


@needs_published
def test_every_published_body_is_in_order() -> None:
    wrong = [(body["name"], places(schema, {"kind": kind, "spec": body})) for schema, kind, body in published_bodies()]
    assert len(wrong) > 20
    assert [found for found in wrong if found[1]] == []


def test_adobes_own_specs_are_in_order() -> None:
    for kind, body in stock_specs():
        schema, name = ("flow-spec", "FlowSpec") if "sourceConnectionSpecIds" in body else ("connection-spec", "ConnectionSpec")
        assert (kind, places(schema, {"kind": name, "spec": body})) == (kind, [])


def test_a_record_that_gains_a_key_cannot_be_published_without_a_word_about_it() -> None:
    with pytest.raises(ValueError, match="max_updates"):
        from_record(SAFETY, "", {"max_creates": {}, "max_detaches": {}})
