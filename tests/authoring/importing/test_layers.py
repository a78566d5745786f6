"""Where a change is written: in the body for all targets, or in the overlay of one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reconciler.authoring.importing.layers import CannotSay, with_body, with_key
from reconciler.documents.merge import overlay


def layered(base: Any, after: Any, *, others: tuple[str, ...] = ("prod",), **overlays: Any) -> tuple[Any, Any, list[str]]:
    """The body and the overlays when what `stage` is given becomes `after`, and what was written into an overlay for others' sake."""
    document = {"kind": "ConnectionSpec", "spec": base} | ({"overlays": overlays} if overlays else {})
    result = with_body(document, "stage", others, overlay(base, overlays.get("stage", {})), after)
    return result.document["spec"], result.document.get("overlays"), ["/".join(path) for path in result.overlaid]


def test_a_value_of_one_target_alone_is_changed_in_the_body() -> None:
    assert layered({"a": {"b": 1, "c": 2}}, {"a": {"b": 9, "c": 2}}, others=()) == ({"a": {"b": 9, "c": 2}}, None, [])


def test_a_value_that_other_targets_have_too_goes_into_this_targets_overlay() -> None:
    assert layered({"a": {"b": 1, "c": 2}}, {"a": {"b": 9, "c": 2}}) == (
        {"a": {"b": 1, "c": 2}},
        {"stage": {"a": {"b": 9}}},
        ["a/b"],
    )


def test_a_value_that_every_other_target_says_itself_is_changed_in_the_body() -> None:
    assert layered({"a": 1}, {"a": 9}, prod={"a": 2}) == ({"a": 9}, {"prod": {"a": 2}}, [])


def test_an_overlay_that_says_a_place_goes_on_saying_it() -> None:
    assert layered({"a": 1}, {"a": 9}, stage={"a": 2}) == ({"a": 1}, {"stage": {"a": 9}}, [])
    assert layered({"a": 1}, {"a": 9}, others=(), stage={"a": 2}) == ({"a": 1}, {"stage": {"a": 9}}, [])


def test_a_list_is_replaced_whole() -> None:
    assert layered({"a": [1, 2, 3]}, {"a": [1, 9, 3]})[1] == {"stage": {"a": [1, 9, 3]}}


def test_a_value_that_is_gone_is_removed_by_the_overlay() -> None:
    assert layered({"a": {"b": 1, "c": 2}}, {"a": {"c": 2}})[1] == {"stage": {"a": {"b": None}}}


def test_a_value_that_only_the_overlay_has_is_taken_out_of_it_and_the_empty_overlay_with_it() -> None:
    assert layered({"a": 1}, {"a": 1}, stage={"b": {"c": 1}}) == ({"a": 1}, None, [])


def test_a_mapping_in_the_place_of_another_takes_the_keys_of_the_base_back() -> None:
    assert layered({"a": {"b": 1}}, {"a": {"c": 2}}, stage={"a": 5}) == (
        {"a": {"b": 1}},
        {"stage": {"a": {"b": None, "c": 2}}},
        [],
    )


def test_a_null_that_an_overlay_cannot_say_is_refused() -> None:
    with pytest.raises(CannotSay):
        layered({"a": {"b": 1}}, {"a": {"b": None}})


def test_a_new_key_of_the_envelope_stands_where_such_keys_do() -> None:
    document = {"kind": "ConnectionSpec", "key": "a", "spec": {}}
    assert list(with_key(document, "ids", {})) == ["kind", "key", "ids", "spec"]
    assert list(with_key({"spec": {}}, "ids", {})) == ["ids", "spec"]
    assert list(with_key({"ids": {}, "spec": {}}, "ids", {"a": "b"})) == ["ids", "spec"]


VALUES = st.recursive(st.integers(0, 3) | st.just([1]), lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3))
BODIES = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3)


@given(BODIES, BODIES, BODIES, BODIES, st.booleans())
def test_this_target_is_given_the_new_body_and_every_other_what_it_had(
    base: Any, mine: Any, theirs: Any, after: Any, others: bool
) -> None:
    document = {"spec": base, "overlays": {"stage": mine, "prod": theirs}}
    assume(mine)
    result = with_body(document, "stage", ("prod",) if others else (), overlay(base, mine), after).document
    given_now = overlay(result["spec"], result.get("overlays", {}).get("stage", {}))
    assert {section: value for section, value in given_now.items() if value is not None} == after
    if others:
        assert overlay(result["spec"], result.get("overlays", {}).get("prod", {})) == overlay(base, theirs)


def in_group(base: Any, after: Any, *, others: tuple[str, ...] = (), **overlays: Any) -> tuple[Any, Any]:
    """The body and the overlays when what `stage`, of the group `eu` and the fleet `shops`, is given becomes `after`."""
    before = base
    for name in ("eu", "shops", "stage"):
        before = overlay(before, overlays.get(name, {}))
    document = {"spec": base, "overlays": overlays}
    result = with_body(document, "stage", others, before, after, ("eu", "shops"))
    return result.document["spec"], result.document["overlays"]


@pytest.mark.parametrize("general", ["eu", "shops"])
def test_what_the_overlay_of_a_group_or_a_fleet_sets_is_changed_for_this_target_alone(general: str) -> None:
    overlays: dict[str, Any] = {general: {"a": 2}}
    assert in_group({"a": 1}, {"a": 9}, **overlays) == ({"a": 1}, {general: {"a": 2}, "stage": {"a": 9}})


def test_what_the_overlay_of_a_group_adds_is_removed_for_this_target_alone() -> None:
    assert in_group({"a": {"b": 1}}, {"a": {"b": 1}}, eu={"a": {"c": 2}}) == (
        {"a": {"b": 1}},
        {"eu": {"a": {"c": 2}}, "stage": {"a": {"c": None}}},
    )


@given(BODIES, BODIES, BODIES, BODIES, BODIES)
def test_behind_overlays_of_groups_the_target_is_given_the_new_body(
    base: Any, group: Any, fleet: Any, mine: Any, after: Any
) -> None:
    assume(mine)
    body, overlays = in_group(base, after, eu=group, shops=fleet, stage=mine)
    assert (overlays["eu"], overlays["shops"]) == (group, fleet)
    for name in ("eu", "shops", "stage"):
        body = overlay(body, overlays.get(name, {}))
    assert {section: value for section, value in body.items() if value is not None} == after
