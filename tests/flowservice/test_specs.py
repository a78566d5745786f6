from __future__ import annotations

from typing import Any

import msgspec
import pytest

from reconciler.documents.json_text import encode
from reconciler.documents.kinds import Kind
from reconciler.documents.semantics import ID_LISTS, section_of
from reconciler.errors import ServiceError
from reconciler.flowservice.specs import LiveSpec, live_spec
from reconciler.sdk.section_texts import ATTRIBUTE_OF
from reconciler.sdk.sections import NAMES
from tests.flowservice.simulated import SPEC_ID, spec


def read(kind: Kind = Kind.CONNECTION_SPEC, **fields: Any) -> LiveSpec:
    return live_spec(kind, msgspec.json.encode(spec(**fields)))


def test_the_body_is_whole_and_the_document_is_without_what_the_server_manages() -> None:
    found = read(createdAt=1, sandboxName="dev", imsOrgId="x", etag='"1"', attributes={"reconciler": {}}, big=2**80)
    assert found.body == spec(createdAt=1, sandboxName="dev", imsOrgId="x", etag='"1"', attributes={"reconciler": {}}, big=2**80)
    assert found.document.keys() == {"name", "providerId", "attributes", "big"}


def test_each_look_at_a_body_is_a_copy_of_its_own() -> None:
    found = read()
    found.body["name"] = "changed"
    assert found.body["name"] == "MailChimp Members"


def test_a_spec_says_who_wrote_it_and_when() -> None:
    found = read(
        createdAt=1633393222979, updatedAt=1633393222980, createdBy="a@x", updatedBy="b@x", createdClient="c1", updatedClient="c2"
    )
    assert (found.created_at, found.created_by, found.created_client) == (1633393222979, "a@x", "c1")
    assert (found.updated_at, found.updated_by, found.updated_client) == (1633393222980, "b@x", "c2")


@pytest.mark.parametrize(
    ("value", "milliseconds"),
    [
        ("1633393222979", 1633393222979),
        (1633393222979.0, 1633393222979),
        (0, 0),
        (-1, None),
        (True, None),
        ("yesterday", None),
        ("", None),
        ("9" * 30, None),
        (10**30, None),
        ({}, None),
        (None, None),
    ],
)
def test_a_time_is_milliseconds_or_unknown(value: Any, milliseconds: int | None) -> None:
    assert read(updatedAt=value).updated_at == milliseconds


@pytest.mark.parametrize(
    ("value", "author"),
    [("1633393222979", "1633393222979"), (1633393222979, "1633393222979"), (True, None), ([], None), ("", None)],
)
def test_an_author_is_whatever_text_is_there(value: Any, author: str | None) -> None:
    assert read(updatedBy=value).updated_by == author


@pytest.mark.parametrize("value", [None, 5, [], {"a": 1}])
def test_a_name_that_is_none_is_empty(value: Any) -> None:
    found = read(name=value, providerId=value)
    assert (found.name, found.provider_id) == ("", "")


def test_a_flow_spec_lists_its_source_connection_specs() -> None:
    assert read(Kind.FLOW_SPEC, sourceConnectionSpecIds=["b", 5, "a", None]).source_connection_spec_ids == ("b", "a")
    assert read(Kind.FLOW_SPEC, sourceConnectionSpecIds="b").source_connection_spec_ids == ()
    assert read(Kind.CONNECTION_SPEC, sourceConnectionSpecIds=["b"]).source_connection_spec_ids == ()


@pytest.mark.parametrize(
    ("attributes", "may_have"),
    [
        (b'{"reconciler": {"key": "a"}}', True),
        (b'{"\\u0072econciler": {"key": "a"}}', True),
        (b'{"category": "crm"}', False),
        (b"null", False),
        (b"[]", False),
    ],
)
def test_a_marker_is_never_missed_without_decoding_the_body(attributes: bytes, may_have: bool) -> None:
    found = live_spec(Kind.CONNECTION_SPEC, b'{"id": "a", "attributes": ' + attributes + b"}")
    assert found.may_have_marker is may_have
    assert found.attributes == msgspec.json.decode(attributes)


def test_a_body_without_attributes_has_no_marker() -> None:
    assert read().attributes is None
    assert not read().may_have_marker


@pytest.mark.parametrize("broken", [b'{"id": "a", "x": "\xff"}', b'{"id": "a", "x": nul}', b"5", b"{"])
def test_a_body_that_is_not_json_is_a_service_error(broken: bytes) -> None:
    with pytest.raises(ServiceError, match=r"flow spec(?: a)? that cannot be read"):
        live_spec(Kind.FLOW_SPEC, broken)


def test_a_spec_is_a_value() -> None:
    assert read() == read()
    assert hash(read()) == hash(read())
    assert SPEC_ID in repr(read())
    assert "body_json" not in repr(read())


@pytest.mark.parametrize("wide", [b"", b"[]," * 1_000])
def test_what_is_too_deep_to_compare_is_kept_as_text(wide: bytes) -> None:
    deep = b'{"id":"1","x":[' + wide + b"[" * 499 + b"]" * 499 + b"]}"
    body = live_spec(Kind.CONNECTION_SPEC, memoryview(deep)).body
    assert (body["id"], "Verbatim" in repr(body)) == ("1", True)
    assert encode(body) == deep


def test_the_texts_of_all_sections_are_at_hand() -> None:
    names = {name for of_kind in NAMES.values() for name in of_kind if section_of(name) == name and name not in ID_LISTS}
    assert set(ATTRIBUTE_OF) == names - {"name", "providerId"}
    body = {"id": "a", **{name: {"of": name} for name in ATTRIBUTE_OF}}
    found = live_spec(Kind.CONNECTION_SPEC, encode(body))
    for name, attribute in ATTRIBUTE_OF.items():
        assert msgspec.json.decode(getattr(found.texts, attribute)) == {"of": name}


def test_a_spec_that_was_read_key_by_key_has_no_texts() -> None:
    assert live_spec(Kind.CONNECTION_SPEC, b'{"id": "a", "x": "\\ud800"}').texts is None
