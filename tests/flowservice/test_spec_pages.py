"""A page of a list of specs says the same whether its entries are decoded with the list or each by itself."""

from __future__ import annotations

import json

import pytest
from msgspec import structs

from reconciler.documents.kinds import Kind
from reconciler.flowservice.answers import read_page, read_spec_page
from reconciler.flowservice.client import specs_in
from reconciler.flowservice.specs import LiveSpec, StrangeItem, spec_or_strange
from reconciler.http.bodies import WrongShape
from reconciler.http.messages import Answer

SPEC_ID = "4fe859de-0000-4000-8000-000000000000"
OTHER_ID = "4fe859de-0000-4000-8000-000000000001"
SPEC = f"""{{"id": "{SPEC_ID}", "name": "Orders", "updatedAt": 1700000000000, "updatedBy": 7, "sourceConnectionSpecIds": ["a", 1],
 "attributes": {{"reconciler": {{}}}}, "unknown": [1, 2]}}"""
PLAIN = f'{{"id":"{OTHER_ID}","name":"Items","etag":"\\"7\\""}}'


def answer(content: bytes) -> Answer:
    return Answer(200, {"date": "Sat, 28 Nov 2026 12:00:00 GMT"}, bytearray(content), "request")


def page(*items: str, more: str = "") -> bytes:
    return f'{{"items": [{", ".join(items)}]{more}}}'.encode()


def said(spec: LiveSpec | StrangeItem) -> object:
    """Every field of a spec, with its body and its sections as text."""
    if isinstance(spec, StrangeItem):
        return spec, spec.attributes
    fields = {**structs.asdict(spec), "read_body": bytes(spec.body_json)}
    texts = spec.texts and {
        name: bytes(text) for name, text in structs.asdict(spec.texts).items() if isinstance(text, type(spec.texts.type))
    }
    return fields | {"texts": texts}


DECODED_AT_ONCE = {
    "two": page(SPEC, PLAIN),
    "none": page(),
    "more text": page(PLAIN, more=', "_links": {"next": {"href": "?start=2"}}, "count": 3'),
    "not ASCII": page(PLAIN.replace("Items", "Bestellungen für Köln")),
    "escapes": page(PLAIN.replace("Items", "\\u0042\\n")),
    "one key twice": page(PLAIN.replace("}", ',"name":"Again"}')),
    "no id": page('{"name":"Items"}', SPEC),
    "an id that is a number": page('{"id":7,"attributes":{"a":1}}', SPEC),
    "fields of other types": page(SPEC.replace('"Orders"', "[1]").replace("1700000000000", '"x"')),
}
ONE_BY_ONE = {
    "null": page("null", SPEC),
    "a list": page("[1]", SPEC),
    "a string": page('"x"', SPEC),
    "bytes that are not UTF-8": page(PLAIN, SPEC.replace("1, 2", '"?"')).replace(b"?", b"\xff"),
    "half of a character": page(PLAIN.replace("Items", "\\ud800"), SPEC),
}


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("content", [*DECODED_AT_ONCE.values(), *ONE_BY_ONE.values()], ids=[*DECODED_AT_ONCE, *ONE_BY_ONE])
def test_a_page_has_the_specs_that_its_entries_are(kind: Kind, content: bytes) -> None:
    found, plain = read_spec_page(answer(content)), read_page(answer(content))
    alone = [spec_or_strange(kind, item, position) for position, item in enumerate(plain.items, start=5)]
    assert [said(spec) for spec in specs_in(kind, found, 5)] == [said(spec) for spec in alone]
    assert (found.items, found.next_href, found.count, found.served_at) == (
        plain.items,
        plain.next_href,
        plain.count,
        plain.served_at,
    )


@pytest.mark.parametrize("content", DECODED_AT_ONCE.values(), ids=DECODED_AT_ONCE)
def test_usual_entries_are_decoded_with_the_list(content: bytes) -> None:
    assert read_spec_page(answer(content)).fields is not None


@pytest.mark.parametrize("content", ONE_BY_ONE.values(), ids=ONE_BY_ONE)
def test_one_bad_entry_has_each_decoded_by_itself(content: bytes) -> None:
    assert read_spec_page(answer(content)).fields is None


def test_a_page_without_items_is_no_list() -> None:
    with pytest.raises(WrongShape, match="items"):
        read_spec_page(answer(json.dumps({"id": SPEC_ID}).encode()))


def test_a_spec_with_its_own_bytes_no_longer_refers_to_the_page() -> None:
    content = page(SPEC, PLAIN)
    spec = next(specs_in(Kind.FLOW_SPEC, read_spec_page(answer(content)), 1))
    assert isinstance(spec, LiveSpec)
    own = spec.with_own_bytes()
    assert (own, own.body, own.attributes) == (spec, spec.body, spec.attributes)
    assert (own.texts, own.body_json.obj) == (None, SPEC.encode())
