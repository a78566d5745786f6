"""Places stay the same when lists are reordered; pointers count positions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.places import MISSING, place_of, pointer_to, value_at, with_value
from reconciler.documents.pointer import format_pointer, parse_pointer

BODY = {
    "name": "MailChimp",
    "authSpec": [{"name": "Basic", "spec": {"required": ["host", "user"]}}, {"name": "OAuth", "type": "x"}],
    "sourceSpec": {"attributes": {"list": [{"a": 1}, {"a": 2}]}},
    "transformationSpec": [{"name": "Mapping", "spec": {}}],
    "sourceConnectionSpecIds": ["one", "two"],
}


@given(st.lists(st.text(max_size=4), max_size=4))
def test_a_pointer_says_the_same_after_a_round_trip(segments: list[str]) -> None:
    assert parse_pointer(format_pointer(segments)) == tuple(segments)


@pytest.mark.parametrize("text", ["name", "#/name", "/a~2b", "/a~"])
def test_a_text_that_is_no_pointer_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="JSON Pointer"):
        parse_pointer(text)


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        ("/name", ("name",)),
        ("/authSpec/1/type", ("authSpec", "OAuth", "type")),
        ("/authSpec/OAuth/type", ("authSpec", "OAuth", "type")),
        ("/authSpec/0/spec/required/1", ("authSpec", "Basic", "spec", "required", '"user"')),
        ("/sourceSpec/attributes/list/1/a", ("sourceSpec", "attributes", "list", "1", "a")),
        ("/transformationSpec/0/spec", ("transformationSpecs", "Mapping", "spec")),
        ("/transformationSpecs/0/spec", ("transformationSpecs", "Mapping", "spec")),
        ("/sourceSpec/attributes/authRequired", ("sourceSpec", "attributes", "authRequired")),
        ("/authSpec/7/type", ("authSpec", "7", "type")),
        ("", ()),
    ],
)
def test_a_pointer_means_a_place(pointer: str, place: tuple[str, ...]) -> None:
    assert place_of(BODY, pointer) == place


@pytest.mark.parametrize(
    ("place", "pointer"),
    [
        (("authSpec", "OAuth", "type"), "/authSpec/1/type"),
        (("authSpec", "Gone"), "/authSpec/-"),
        (("transformationSpecs", "Mapping"), "/transformationSpec/0"),
        (("sourceConnectionSpecIds", '"two"'), "/sourceConnectionSpecIds/1"),
        (("sourceSpec", "attributes", "list", "9"), "/sourceSpec/attributes/list/-"),
        (("exploreSpec", "a"), "/exploreSpec/a"),
    ],
)
def test_a_place_is_found_by_its_position_in_a_body(place: tuple[str, ...], pointer: str) -> None:
    assert pointer_to(BODY, place) == pointer


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("name",), "MailChimp"),
        (("authSpec", "OAuth", "type"), "x"),
        (("sourceConnectionSpecIds", '"two"'), "two"),
        (("sourceConnectionSpecIds", '"three"'), MISSING),
        (("sourceSpec", "attributes", "list", "0", "a"), 1),
        (("name", "beyond"), MISSING),
        (("exploreSpec",), MISSING),
        (("transformationSpecs", "Mapping", "name"), "Mapping"),
    ],
)
def test_the_value_at_a_place(place: tuple[str, ...], value: object) -> None:
    assert value_at(BODY, place) == value


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("name",), "Other"),
        (("exploreSpec",), {"a": 1}),
        (("authSpec", "OAuth", "type"), "y"),
        (("authSpec", "OAuth", "more"), 1),
        (("authSpec", "OAuth"), MISSING),
        (("sourceSpec", "attributes", "list", "1"), MISSING),
        (("sourceSpec", "attributes", "list", "1", "a"), 7),
        (("sourceConnectionSpecIds", '"three"'), "three"),
        (("transformationSpecs", "Mapping", "spec"), MISSING),
    ],
)
def test_a_value_put_at_a_place_is_found_there(place: tuple[str, ...], value: object) -> None:
    assert value_at(with_value(BODY, place, value), place) == value


@pytest.mark.parametrize(
    "place", [("exploreSpec", "a", "b"), ("sourceSpec", "nothing", "here"), ("name", "beyond"), ("authSpec", "Gone", "x")]
)
def test_a_place_without_a_parent_takes_no_value(place: tuple[str, ...]) -> None:
    assert with_value(BODY, place, 1) == BODY


def test_taking_away_what_is_not_there_changes_nothing() -> None:
    assert with_value(BODY, ("authSpec", "Gone"), MISSING) == BODY


def test_putting_a_value_leaves_the_body_as_it_was() -> None:
    body = {"a": {"b": [1]}}
    with_value(body, ("a", "b", "0"), 2)
    assert body == {"a": {"b": [1]}}
