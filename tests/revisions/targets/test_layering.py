"""Which layers decide what is at a place of a body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.desired.layers import Layers
from reconciler.documents.json_text import Document
from reconciler.documents.places import MISSING
from reconciler.revisions.targets.layering import contributions, layers_of

ORDER = ("all", "shops", "shops-a")
VARIABLES = {"one": 1, "map": {"a": 1, "b": {"a": 2}}, "none": None}


def decided(place: str, spec: Document, **overlays: Document) -> list[tuple[str | None, str, tuple[str, ...]]]:
    """The name of each layer, the place in the file, and the variables; `shops_a` is the overlay `shops-a`."""
    named = {name.replace("_", "-"): patch for name, patch in overlays.items()}
    found = contributions(applied(spec, named), tuple(place.split("/")))
    return [(one.layer.name, "/".join(one.path), one.variables) for one in found]


def applied(spec: Document, overlays: Mapping[str, Document]) -> Any:
    document = {"kind": "ConnectionSpec", "spec": spec, "overlays": overlays}
    return layers_of(document, Layers(ORDER, (), VARIABLES), is_artifact=False)


@pytest.mark.parametrize(
    ("overlays", "layer"),
    [
        ({}, (None, "spec/a", ())),
        ({"all": {"b": 1}}, (None, "spec/a", ())),
        ({"all": {"a": 1}}, ("all", "overlays/all/a", ())),
        ({"all": {"a": 1}, "shops": {"a": 1}}, ("shops", "overlays/shops/a", ())),
        ({"all": {"a": 1}, "shops_a": {"a": 1}}, ("shops-a", "overlays/shops-a/a", ())),
        ({"dev": {"a": 1}}, (None, "spec/a", ())),
        ({"shops": {"a": None}}, ("shops", "overlays/shops/a", ())),
    ],
)
def test_the_last_layer_that_writes_a_value_decides(overlays: dict[str, Any], layer: Any) -> None:
    assert decided("a", {"a": 0}, **overlays) == [layer]


def test_a_mapping_comes_from_each_layer_that_is_merged_into_it() -> None:
    assert decided("a", {"a": {"b": 1}}, all={"a": {"c": 1}}, shops={"x": 1}) == [
        (None, "spec/a", ()),
        ("all", "overlays/all/a", ()),
    ]


def test_what_a_later_mapping_replaces_decides_nothing() -> None:
    assert decided("a", {"a": 5}, shops={"a": {"b": 1}}) == [("shops", "overlays/shops/a", ())]
    assert decided("a/c", {"a": 5}, shops={"a": {"b": 1}}) == []
    assert decided("a/b", {"a": {"b": 1}}, all={"a": None}, shops={"a": {"c": 1}}) == []


def test_an_overlay_decides_about_what_it_removes_with_a_null_or_a_list_above_it() -> None:
    assert decided("a/b", {"a": {"b": 1}}, all={"a": None}) == [("all", "overlays/all/a", ())]
    spec = {"authSpec": [{"name": "key"}, {"name": "basic"}]}
    assert decided("authSpec/key", spec, shops={"authSpec": [{"name": "basic"}]}) == [("shops", "overlays/shops/authSpec", ())]


def test_an_entry_of_a_named_list_is_found_by_its_name_in_each_layer() -> None:
    spec = {"authSpec": [{"name": "key"}, {"name": "basic", "x": 1}]}
    assert decided("authSpec/basic/x", spec) == [(None, "spec/authSpec/1/x", ())]


@pytest.mark.parametrize(
    ("spec", "place", "found"),
    [
        ({"a": {"var": "one"}}, "a", ("spec/a", ("one",))),
        ({"a": {"var": "map"}}, "a/b/a", ("spec/a", ("map",))),
        ({"a": {"b": {"var": "one"}, "c": [{"var": "map"}, {"var": "one"}]}}, "a", ("spec/a", ("one", "map"))),
        ({"a": {"literal": {"var": "one"}}}, "a", ("spec/a", ())),
        ({"a": {"literal": {"var": "one"}}}, "a/var", ("spec/a", ())),
        ({"a": {"b": {"literal": {"var": "one"}}}}, "a", ("spec/a", ())),
        ({"authSpec": [{"name": "x"}, {"name": {"var": "one"}}]}, "authSpec", ("spec/authSpec", ("one",))),
    ],
)
def test_the_variables_of_a_value_are_named_and_literals_are_none(spec: Document, place: str, found: Any) -> None:
    assert decided(place, spec) == [(None, *found)]


def test_a_variable_that_is_null_removes_what_is_below() -> None:
    assert decided("a", {"a": 1}, all={"a": {"var": "none"}}) == [("all", "overlays/all/a", ("none",))]


def test_an_artifact_is_one_layer_without_an_envelope() -> None:
    layers = layers_of({"name": {"var": "one"}}, Layers(ORDER, (), VARIABLES), is_artifact=True)
    (one,) = contributions(layers, ("name",))
    assert (one.path, one.variables, one.layer.valued) == (("name",), ("one",), {"name": 1})


_LEAVES = st.sampled_from([0, 1, "x", None, [], [1], [{"a": 1}, {"b": 2}], {"var": "one"}, {"var": "map"}, {"var": "none"}])
_VALUES: Any = st.recursive(_LEAVES, lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3), max_leaves=6)
_BODIES: Any = st.dictionaries(st.sampled_from("abc"), _VALUES, max_size=3)
_PLACES = st.lists(st.sampled_from("abc01"), min_size=1, max_size=4).map(tuple)


def at(body: Any, place: tuple[str, ...]) -> Any:
    for segment in place:
        if isinstance(body, dict) and segment in body:
            body = body[segment]
        elif isinstance(body, list) and segment.isdecimal() and int(segment) < len(body):
            body = body[int(segment)]
        else:
            return MISSING
    return body


@given(spec=_BODIES, overlays=st.dictionaries(st.sampled_from(ORDER), _BODIES), place=_PLACES)
def test_the_layers_that_decide_give_the_same_value_without_the_others(
    spec: Document, overlays: dict[str, Document], place: tuple[str, ...]
) -> None:
    layers = Layers(ORDER, (), VARIABLES)
    value = at(layers.applied(spec, overlays), place)
    deciding = {one.layer.name for one in contributions(applied(spec, overlays), place)}
    alone = layers.applied(
        spec if None in deciding else {}, {name: patch for name, patch in overlays.items() if name in deciding}
    )
    assert at(alone, place) == value
    assert len(deciding) == 1 or isinstance(value, dict) or value is MISSING
