"""A variable may stand for any value of a body, in the eyes of an editor as in those of the reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.json_text import Document, decode
from reconciler.documents.variables import is_literal, is_variable
from reconciler.emulator.stock import stock_specs
from reconciler.texts.yaml import read_yaml
from tests.desired.trees import PROVIDER
from tests.schemas.validators import accepts, places

SPECS = Path(__file__).parents[2] / "specs"
VARIABLE: Document = {"var": "host"}
FORMS = [VARIABLE, {"literal": VARIABLE}, {"literal": {"literal": VARIABLE}}]
NEAR: list[Any] = [{"var": 5}, {"var": "a", "more": 1}, {"literal": "x"}, {"literal": {"var": 5}}, {"vra": "host"}, {}]


def with_each_value_replaced(value: Any, by: Any) -> Iterator[Any]:
    """The value with one part replaced, for each part of it at any depth; the value as a whole is kept."""
    parts: list[Any] = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    for key, part in parts:
        changed = [(key, by), *((key, one) for one in with_each_value_replaced(part, by))]
        for place, new in changed:
            copy: Any = value.copy()
            copy[place] = new
            yield copy


def bodies() -> list[tuple[str, str, Document]]:
    files = [("connection-spec", file) for file in sorted(SPECS.glob("sources/*/*.yaml"))]
    files += [("flow-spec", file) for file in sorted(SPECS.glob("flow-specs/*.yaml"))]
    found = [(schema, file.parent.name, read_yaml(file.read_bytes()).value["spec"]) for schema, file in files]
    stock = [("flow-spec", body["name"], body) for _, body in stock_specs() if "sourceConnectionSpecIds" in body]
    return [*found, *((schema, name, {"name": "A", "providerId": PROVIDER, **body}) for schema, name, body in stock)]


def file_of(schema: str, **envelope: Any) -> Document:
    return {"kind": "FlowSpec" if schema == "flow-spec" else "ConnectionSpec", **envelope}


@pytest.mark.parametrize(
    ("schema", "body"), [(schema, body) for schema, _, body in bodies()], ids=[name for _, name, _ in bodies()]
)
def test_it_may_stand_for_each_value_of_a_body_and_of_an_overlay(schema: str, body: Document) -> None:
    for form in FORMS[:2]:
        wrong = [
            one
            for one in with_each_value_replaced(body, form)
            if not accepts(schema, file_of(schema, spec=one, overlays={"prod": one}))
        ]
        assert wrong == []


def test_it_may_stand_for_each_value_of_an_artifact() -> None:
    (file,) = SPECS.glob("sources/*/*-connectionSpec.json")
    made = list(with_each_value_replaced(decode(file.read_bytes()) | {"$schema": "x"}, VARIABLE))
    assert [one for one in made if isinstance(one["$schema"], str) and not accepts("artifact", one)] == []
    assert not accepts("artifact", {"name": "A", "providerId": PROVIDER, "$schema": VARIABLE})


@pytest.mark.parametrize("body", FORMS, ids=str)
def test_it_may_not_stand_for_a_whole_body(body: Document) -> None:
    assert places("connection-spec", file_of("", spec=body)) == ["/spec"]


@pytest.mark.parametrize("near", NEAR, ids=str)
def test_what_only_looks_like_one_is_a_mapping_that_a_string_cannot_be(near: Document) -> None:
    body = {"name": near, "providerId": PROVIDER}
    assert places("connection-spec", file_of("", spec=body)) == ["/spec/name"]
    assert accepts("connection-spec", file_of("", spec={"name": "A", "providerId": PROVIDER, "somethingNew": near}))


def test_it_may_not_stand_for_the_marker() -> None:
    body = {"name": "A", "providerId": PROVIDER, "attributes": {"reconciler": VARIABLE}}
    assert places("connection-spec", file_of("", spec=body)) == ["/spec/attributes/reconciler"]


_MAPPINGS = st.recursive(
    st.sampled_from([VARIABLE, *NEAR, "x", 5]),
    lambda inner: st.dictionaries(st.sampled_from(["var", "literal", "x"]), inner, max_size=2),
    max_leaves=4,
)


@given(value=_MAPPINGS)
def test_the_schema_takes_for_a_variable_what_the_reader_does(value: Any) -> None:
    body = {"name": "A", "providerId": PROVIDER, "description": value}
    known = isinstance(value, str) or is_variable(value) or is_literal(value)
    assert accepts("connection-spec", file_of("", spec=body)) == known
