"""Where the bodies of several targets differ."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.documents.places import MISSING
from reconciler.revisions.targets.places import differing


def found(*bodies: dict[str, Any]) -> list[tuple[str, tuple[Any, ...]]]:
    return [("/".join(one.place), one.values) for one in differing(bodies)]


@pytest.mark.parametrize(
    ("bodies", "places"),
    [
        (({"name": "A"}, {"name": "A"}), []),
        (({"name": "A"}, {"name": "B"}, {"name": "A"}), [("name", ("A", "B", "A"))]),
        (({"a": {"b": 1, "c": 1}}, {"a": {"b": 2, "c": 1}}), [("a/b", (1, 2))]),
        (({"a": {"b": 1}}, {"a": {"c": 2}}), [("a/b", (1, MISSING)), ("a/c", (MISSING, 2))]),
        (({"a": {"b": 1}}, {"a": 1}), [("a", ({"b": 1}, 1))]),
        (({"a": {"b": 1}}, {}), [("a", ({"b": 1}, MISSING))]),
        (({"a": None}, {}), [("a", (None, MISSING))]),
        (({"a": 1.0}, {"a": 1}), []),
        (({"id": "1"}, {"id": "2"}), []),
    ],
)
def test_it_is_the_deepest_place_that_tells_targets_apart(bodies: tuple[Any, ...], places: list[Any]) -> None:
    assert found(*bodies) == places


def test_a_place_where_one_lacks_a_mapping_is_not_split_for_the_others() -> None:
    assert found({"a": {"b": 1}}, {"a": {"b": 2}}, {}) == [("a", ({"b": 1}, {"b": 2}, MISSING))]


def test_entries_of_a_named_list_are_compared_by_name() -> None:
    first = {"authSpec": [{"name": "key", "x": 1}, {"name": "basic"}]}
    second = {"authSpec": [{"name": "basic"}, {"name": "key", "x": 2}]}
    assert found(first, second) == [("authSpec/key/x", (1, 2))]


def test_an_entry_that_one_lacks_is_a_place_of_its_own() -> None:
    key = {"name": "key"}
    assert found({"authSpec": [key]}, {"authSpec": [{"name": "b"}, key]}) == [("authSpec/b", (MISSING, {"name": "b"}))]


def test_the_order_of_a_set_does_not_count_and_its_members_are_one_place() -> None:
    assert found({"a": {"required": ["x", "y"]}}, {"a": {"required": ["y", "x"]}}) == []
    assert found({"a": {"required": ["x"]}}, {"a": {"required": ["y"]}}) == [("a/required", (["x"], ["y"]))]


@pytest.mark.parametrize(
    ("first", "second", "places"),
    [
        ([{"b": 1}, {"c": 1}], [{"b": 1}, {"c": 2}], ["a/1/c"]),
        ([1, 2], [2, 1], ["a"]),
        ([{"b": 1}], [{"b": 1}, {"b": 2}], ["a"]),
        ([{"b": 1}, 1], [{"b": 2}, 1], ["a"]),
    ],
)
def test_an_ordered_list_is_compared_by_position_only_if_nothing_can_have_moved(
    first: list[Any], second: list[Any], places: list[str]
) -> None:
    assert [place for place, _ in found({"a": first}, {"a": second})] == places


def test_a_section_under_two_names_is_one_place_with_the_name_of_each_body() -> None:
    (one,) = differing([{"transformationSpec": {"a": 1}}, {"transformationSpecs": {"a": 2}}])
    assert (one.values, one.place_in(0), one.place_in(1)) == ((1, 2), ("transformationSpec", "a"), ("transformationSpecs", "a"))
