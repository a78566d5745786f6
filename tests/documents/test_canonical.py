"""The canonical form: equal means equal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.canonical import (
    SHORT_DIGEST_LENGTH,
    canonical,
    canonical_json,
    digest,
    same,
    short_digest,
    short_digest_of_json,
)
from reconciler.documents.json_text import NotJson, decode, encode, encode_readable, encode_sorted

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(JSON)
def test_the_canonical_form_is_its_own_canonical_form(value: Any) -> None:
    assert canonical(canonical(value, ("x",)), ("x",)) == canonical(value, ("x",))


@given(JSON)
def test_a_value_survives_a_round_trip_through_json(value: Any) -> None:
    assert digest(decode(encode(value))) == digest(value)


def test_the_order_of_keys_does_not_count() -> None:
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


def test_a_digest_has_64_bits_in_a_marker() -> None:
    assert short_digest({"a": 1}) == digest({"a": 1})[:SHORT_DIGEST_LENGTH]


@pytest.mark.parametrize(
    ("one", "other", "equal"), [(1, 1.0, True), (1, True, False), ("1", 1, False), (None, False, False), (0, -0.0, True)]
)
def test_numbers_texts_and_truth_values(one: Any, other: Any, equal: bool) -> None:
    assert same(one, other) is equal


@pytest.mark.parametrize("written", ["$.a", {"b": 1}])
def test_a_content_path_in_its_place_is_the_same_with_and_without_wrapping(written: Any) -> None:
    one, other = {"attributes": {"contentPath": {"path": written}}}, {"attributes": {"contentPath": written}}
    assert same(one, other, ("sourceSpec",))
    assert not same(one, other, ("x",))


def test_integers_of_any_size_stay_exact() -> None:
    assert decode(b"-9007199254740993123456789") == -9007199254740993123456789


@pytest.mark.parametrize("text", [b"NaN", b"1e999", b'{"a":', b"\xff", b'"\\ud800"', b"[" * 100_000, b"{} {}"])
def test_what_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(NotJson):
        decode(text)


def test_readable_json_keeps_the_order_of_keys() -> None:
    assert encode_readable({"b": 1, "a": [2]}) == '{\n  "b": 1,\n  "a": [\n    2\n  ]\n}'


FIELDS = st.sampled_from(
    ["a", "required", "properties", "default", "enum", "encryptionSpecs", "attributes", "contentPath", "path", "name", "authSpec"]
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([0.0, -0.0, 1.0, 1e3, 1e300, 2.5]) | st.integers()
BODIES = st.recursive(
    NUMBERS | st.sampled_from([None, True, False, "", "a", "b", "required", '"required"']),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS, inner, max_size=4),
    max_leaves=20,
)
SECTIONS = st.sampled_from(["sourceSpec", "authSpec", "transformationSpec", "encryptionSpecs", "required", "a"])


@given(BODIES, BODIES, st.data())
def test_two_values_are_the_same_if_their_canonical_forms_are(one: Any, other: Any, data: st.DataObject) -> None:
    other = data.draw(st.sampled_from([other, turned_over(one)]))
    path = data.draw(st.sampled_from([(), ("sourceSpec",), ("sourceSpec", "attributes"), ("x",)]))
    assert same(one, other, path) is (digest(one, path) == digest(other, path))


def turned_over(value: Any) -> Any:
    """The value with each list turned over and each content path wrapped."""
    if isinstance(value, list):
        return value[::-1]
    if not isinstance(value, dict):
        return value
    return {name: {"path": item} if name == "contentPath" else turned_over(item) for name, item in value.items()}


@given(BODIES, SECTIONS)
def test_the_canonical_form_of_a_text_is_that_of_its_value(value: Any, section: str) -> None:
    text = encode(value)
    expected = encode_sorted(canonical(value, (section,)))
    assert canonical_json(text, (section,)) == canonical_json(json.dumps(value, indent=1).encode(), (section,)) == expected
    assert short_digest_of_json(text, (section,)) == short_digest(value, (section,))


@pytest.mark.parametrize("section", ["sourceSpec", "authSpec"])
@pytest.mark.parametrize("text", [b"NaN", b"[1e999]", b'{"a":', b"\xff", b'"\\ud800"', b"[" * 100_000, b"{} {}"])
def test_what_is_no_json_has_no_canonical_form(text: bytes, section: str) -> None:
    with pytest.raises(NotJson):
        canonical_json(text, (section,))
