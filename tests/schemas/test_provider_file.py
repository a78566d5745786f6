"""The schema of provider files agrees with their reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.documents.json_text import Json
from reconciler.providers.provider import Provider
from reconciler.providers.schema import provider_of
from reconciler.texts.yaml import read_yaml
from tests.providers.reading import EXAMPLES
from tests.schemas.validators import accepts

SMALL = "kind: Provider\npath: /items\nrecords: {count: 3, each: {id: '{n}'}}\nanswer: {records: items}\n"


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.yaml")), ids=lambda file: file.stem)
def test_the_examples_are_valid(file: Path) -> None:
    assert accepts("provider", read_yaml(file.read_bytes()).value)


@pytest.mark.parametrize(
    ("more", "is_valid"),
    [
        ("", True),
        ("auth: none", True),
        ("auth:", True),
        ("auth: {}", False),
        ("auth: {basic: {username: u}}", False),
        ("auth: {basic: {username: u, password: '*'}}", True),
        ("paging: {style: page, past_end: 404}", True),
        ("paging: {style: page, past_end: 500}", False),
        ("paging: {style: pages}", False),
        ("paging: {style: page, limit: {max: 0}}", False),
        ("paging: {style: token, token: {path: next, name: t, last: null}}", True),
        ("paging: {style: token, token: {path: next, name: t, last: ~, in: body}}", False),
        ("paging: {style: pointer, next: {name: t}}", False),
        ("answer: {empty: null, also: {a: [1]}}", True),
        ("answer: {empty: zero}", False),
        ("window: {from: a, field: at}", True),
        ("window: {field: at}", False),
        ("faults: [{request: 1, status: 503}]", True),
        ("faults: [{request: 1, every: 2, status: 503}]", False),
        ("faults: [{after: 0, status: 600}]", False),
        ("body: {slow: 601}", False),
        ("records: {count: 1}", False),
        ("records: {file: a.jsonl, count: 1, each: a}", False),
        ("errors: xml", False),
        ("method: PUT", False),
        ("path: items", False),
        ("path: /items?limit=1", False),
        ("kind: Proof", False),
        ("others: 1", False),
    ],
)
def test_the_schema_and_the_reader_accept_the_same(more: str, is_valid: bool) -> None:
    document: Json = read_yaml(SMALL.encode()).value | (read_yaml(more.encode()).value or {})
    assert isinstance(provider_of(document), Provider) == is_valid
    assert accepts("provider", document) == is_valid
