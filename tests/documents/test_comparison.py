"""Live against desired: what counts as a difference, and how it is told."""

from __future__ import annotations

from typing import Any

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.canonical import canonical, same
from reconciler.documents.comparison import Change, compare_section
from reconciler.documents.places import MISSING

SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([1.0, 1.5, "", "1", "a", "\0true", "\0text:a", "~/"])
KEYS = st.sampled_from(["a", "b", "name", "required", "__private", "properties", "default", "~", "/", "1"])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
NAMED = st.lists(st.dictionaries(st.sampled_from(["name", "x", "spec"]), VALUES, max_size=3), max_size=3)


def changes(section: str, live: Any, desired: Any) -> list[tuple[str, str, Any, Any]]:
    found = compare_section({section: live}, {section: desired}, section)
    return [(change.op, change.path, change.old, change.new) for change in found]


def as_patch(found: tuple[Change, ...]) -> list[dict[str, Any]]:
    return [{"op": change.op, "path": change.path} | ({} if change.new is MISSING else {"value": change.new}) for change in found]


@given(
    VALUES | NAMED, VALUES | NAMED, st.sampled_from(["authSpec", "sourceSpec", "transformationSpec", "sourceConnectionSpecIds"])
)
def test_changes_applied_in_their_order_turn_live_into_desired(live: Any, desired: Any, section: str) -> None:
    found = compare_section({section: live}, {section: desired}, section)
    patched = jsonpatch.apply_patch({section: live}, as_patch(found))
    assert canonical(patched[section], (section,)) == canonical(desired, (section,))


@given(VALUES | NAMED, st.sampled_from(["authSpec", "sourceSpec"]))
def test_a_section_does_not_differ_from_itself(value: Any, section: str) -> None:
    assert compare_section({section: value}, {section: value}, section) == ()


@given(VALUES | NAMED, VALUES | NAMED, st.sampled_from(["authSpec", "permissionsInfo"]))
def test_there_are_changes_exactly_when_canonical_forms_differ(live: Any, desired: Any, section: str) -> None:
    assert bool(changes(section, live, desired)) is not same(live, desired, (section,))


def test_a_whole_number_equals_its_float() -> None:
    assert changes("sourceSpec", {"limitValue": 100.0}, {"limitValue": 100}) == []


def test_a_string_never_equals_a_number() -> None:
    assert changes("sourceSpec", {"limitValue": "100"}, {"limitValue": 100}) == [
        ("replace", "/sourceSpec/limitValue", "100", 100)
    ]


@pytest.mark.parametrize(("live", "desired"), [(True, 1), (1, True), (False, 0), ([True, 1], [1, True])])
def test_true_is_not_one(live: Any, desired: Any) -> None:
    assert changes("sourceSpec", {"x": live}, {"x": desired})


@pytest.mark.parametrize("field", ["required", "permissions", "entitlements", "duleLabels"])
def test_the_order_of_a_set_is_no_difference(field: str) -> None:
    assert changes("permissionsInfo", {"view": [{field: ["a", "b"]}]}, {"view": [{field: ["b", "a", "a"]}]}) == []


def test_the_order_of_an_enum_is_a_difference() -> None:
    assert changes("sourceSpec", {"enum": ["a", "b"]}, {"enum": ["b", "a"]}) != []


def test_a_list_below_an_enum_keeps_its_order_whatever_its_name() -> None:
    assert changes("sourceSpec", {"enum": [{"required": ["a", "b"]}]}, {"enum": [{"required": ["b", "a"]}]}) != []


def test_a_property_called_default_does_not_make_its_schema_a_literal() -> None:
    live = {"properties": {"default": {"required": ["a", "b"]}}}
    assert changes("sourceSpec", live, {"properties": {"default": {"required": ["b", "a"]}}}) == []


def test_auth_specs_are_known_by_name_whatever_their_order() -> None:
    live = [{"name": "Basic", "type": "x"}, {"name": "OAuth"}]
    assert changes("authSpec", live, [{"name": "OAuth"}, {"name": "Basic", "type": "y"}]) == [
        ("replace", "/authSpec/0/type", "x", "y")
    ]


def test_a_removed_auth_spec_is_named_by_its_position_in_live() -> None:
    assert changes("authSpec", [{"name": "Basic"}, {"name": "OAuth"}], [{"name": "OAuth"}]) == [
        ("remove", "/authSpec/0", {"name": "Basic"}, MISSING)
    ]


def test_an_added_auth_spec_goes_to_the_end() -> None:
    assert changes("authSpec", [{"name": "Basic"}], [{"name": "OAuth"}, {"name": "Basic"}]) == [
        ("add", "/authSpec/-", MISSING, {"name": "OAuth"})
    ]


def test_auth_specs_without_unique_names_keep_their_order() -> None:
    twice = [{"name": "Basic"}, {"name": "Basic", "x": 1}]
    assert changes("authSpec", twice, list(reversed(twice))) != []


def test_an_id_that_is_missing_live_is_added_and_one_too_many_is_removed() -> None:
    assert changes("sourceConnectionSpecIds", ["a", "b"], ["b", "c"]) == [
        ("remove", "/sourceConnectionSpecIds/0", "a", MISSING),
        ("add", "/sourceConnectionSpecIds/-", MISSING, "c"),
    ]


@pytest.mark.parametrize("name", ["sourceConnectionSpecIds", "enum"], ids=["a set", "an ordered list"])
def test_items_are_removed_from_the_end_so_that_each_position_still_holds(name: str) -> None:
    assert changes("sourceSpec", {name: ["a", "b", "c", "d"]}, {name: ["a", "b"]}) == [
        ("remove", f"/sourceSpec/{name}/3", "d", MISSING),
        ("remove", f"/sourceSpec/{name}/2", "c", MISSING),
    ]


def test_auth_specs_are_removed_from_the_end_so_that_each_position_still_holds() -> None:
    first, second, third = ({"name": name} for name in ("Basic", "OAuth", "Key"))
    assert changes("authSpec", [first, second, third], [second]) == [
        ("remove", "/authSpec/2", third, MISSING),
        ("remove", "/authSpec/0", first, MISSING),
    ]


def test_an_item_that_is_added_behind_items_that_moved_is_told_at_its_own_position() -> None:
    live, desired = ["a", "b", "c", "d", "e", "f"], ["x", "a", "b", "c", "p", "q", "e", "f"]
    assert changes("exploreSpec", {"enum": live}, {"enum": desired}) == [
        ("replace", "/exploreSpec/enum/3", "d", "p"),
        ("add", "/exploreSpec/enum/0", MISSING, "x"),
        ("add", "/exploreSpec/enum/5", MISSING, "q"),
    ]


def test_items_that_move_in_an_ordered_list_are_told_from_the_end_and_then_from_the_start() -> None:
    assert changes("sourceSpec", {"enum": [1, 2, 3, 4]}, {"enum": [2, 9, 4, 5]}) == [
        ("replace", "/sourceSpec/enum/2", 3, 9),
        ("remove", "/sourceSpec/enum/0", 1, MISSING),
        ("add", "/sourceSpec/enum/3", MISSING, 5),
    ]


def test_content_path_as_a_string_equals_an_object_with_nothing_but_a_path() -> None:
    live = {"attributes": {"contentPath": "$.members"}}
    assert changes("sourceSpec", live, {"attributes": {"contentPath": {"path": "$.members"}}}) == []


def test_content_path_with_skipped_attributes_is_not_the_plain_path() -> None:
    live = {"attributes": {"contentPath": "$.members"}}
    desired = {"attributes": {"contentPath": {"path": "$.members", "skipAttributes": ["_links"]}}}
    assert [change[1] for change in changes("sourceSpec", live, desired)] == ["/sourceSpec/attributes/contentPath"]


def test_keys_that_look_private_are_compared() -> None:
    assert changes("sourceSpec", {}, {"__x": 1}) == [("add", "/sourceSpec/__x", MISSING, 1)]


def test_slashes_and_tildes_in_keys_are_escaped() -> None:
    assert changes("sourceSpec", {"a/b~c": 1}, {"a/b~c": 2}) == [("replace", "/sourceSpec/a~1b~0c", 1, 2)]


def test_a_missing_section_is_added_whole() -> None:
    assert [(change.op, change.path, change.new) for change in compare_section({}, {"exploreSpec": {"a": 1}}, "exploreSpec")] == [
        ("add", "/exploreSpec", {"a": 1})
    ]


def test_a_section_that_is_to_go_is_removed_whole() -> None:
    assert [(change.op, change.old) for change in compare_section({"exploreSpec": 1}, {}, "exploreSpec")] == [("remove", 1)]


def test_a_section_that_neither_has_is_no_difference() -> None:
    assert compare_section({}, {}, "exploreSpec") == ()


def test_bounds_beyond_the_exact_doubles_are_told_apart() -> None:
    assert changes("sourceSpec", {"minimum": -9007199254740993}, {"minimum": -9007199254740992}) != []
