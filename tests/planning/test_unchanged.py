"""What the texts of a file and of its live spec show without their trees: never more than a comparison of the trees finds."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.json_text import encode
from reconciler.flowservice.specs import LiveSpec, live_spec
from reconciler.planning.comparing import unchanged
from reconciler.planning.comparing.difference import comparable_live, compare
from reconciler.planning.comparing.ownership import Marker, Settled
from reconciler.planning.comparing.unchanged import is_unchanged
from tests.documents.test_comparison import NAMED, VALUES
from tests.planning.situations import connection, flow_file, live, marked, marker_for, spec_id

FIELDS = st.sampled_from(
    ["sourceSpec", "authSpec", "attributes", "transformationSpec", "transformationSpecs", "etag", "sourceConnectionSpecIds", "a"]
)
BODIES = st.dictionaries(FIELDS, VALUES | NAMED | st.sampled_from([None, [], {}, 0, False, ""]), max_size=4)
OTHER_TEXT = st.sampled_from(["", " ", '"etag":1,', '"sourceSpec":{},', '"attributes":{"b":1},', '"\\u0061":1,', '"b":1e400,'])
MARKERS = st.none() | st.sampled_from([Marker("acme/aep-sources", "dev", "members"), Marker("acme/other", "dev", "x")])


def edited(desired: DesiredSpec, body: dict[str, Any], extra: str, *, spaced: bool) -> LiveSpec:
    """A live spec with this body, after more text, which may repeat a key of it."""
    written = {**desired.body, **body, "id": spec_id(1)}
    text = json.dumps(written, separators=(", ", ": ") if spaced else (",", ":"))
    return live_spec(desired.kind, ("{" + extra + text[1:]).encode())


@given(BODIES, st.just({}) | BODIES, OTHER_TEXT, st.booleans(), MARKERS)
def test_a_spec_is_only_called_unchanged_if_a_comparison_finds_nothing(
    written: dict[str, Any], over: dict[str, Any], extra: str, spaced: bool, marker: Marker | None
) -> None:
    desired = connection()
    desired = replace(desired, body_json=encode({**desired.body, **written}))
    if marker is not None:
        attributes = over.get("attributes", written.get("attributes"))
        own = {"reconciler": marker.to_json()}
        over = {**over, "attributes": {**attributes, **own} if isinstance(attributes, dict) else own}
    spec = edited(desired, over, extra, spaced=spaced)
    if any(is_unchanged(spec, desired, marker) for _target in range(2)):
        found = compare(comparable_live(spec.body), desired.body, (), {})
        assert (found.changes, found.not_kept) == ((), ())


@given(st.dictionaries(st.sampled_from(["sourceSpec", "authSpec", "attributes", "a"]), VALUES.filter(bool), max_size=4))
def test_what_an_apply_left_is_unchanged_without_a_look_at_any_tree(written: dict[str, Any]) -> None:
    written = {name: value for name, value in written.items() if name != "attributes" or isinstance(value, dict)}
    desired = connection(**written)
    assert all(is_unchanged(marked(desired), desired, marker_for(desired)) for _target in range(2))


def test_a_section_that_the_file_empties_and_live_lacks_is_unchanged() -> None:
    desired = connection(authSpec=[], exploreSpec=None, attributes={})
    assert is_unchanged(live(desired, exploreSpec={}), desired, None)


@pytest.mark.parametrize("empty", [[], {}, None])
@pytest.mark.parametrize("name", ["transformationSpec", "transformationSpecDTOS"])
def test_a_section_that_the_file_empties_and_live_has_under_another_name_is_a_change(empty: Any, name: str) -> None:
    desired = connection(transformationSpecs=empty)
    other: dict[str, Any] = {name: [{"name": "a"}]}
    spec = live(connection(**other))
    assert not is_unchanged(spec, desired, None)
    assert compare(comparable_live(spec.body), desired.body, (), {}).changes


@pytest.mark.parametrize(
    "there", [{"sourceSpec": {"x": 2}}, {"sourceSpec": {"x": 1, "y": 1}}, {"version": "1.1"}, {"sourceSpec": {}}]
)
def test_another_value_is_a_change(there: dict[str, Any]) -> None:
    desired = connection(sourceSpec={"x": 1})
    assert not is_unchanged(marked(desired, **there), desired, marker_for(desired))


def test_the_attributes_beside_the_marker_count() -> None:
    desired = connection(attributes={"x": 1})
    assert is_unchanged(marked(desired), desired, None)
    assert not is_unchanged(marked(desired, attributes={"x": 2}), desired, None)
    assert not is_unchanged(marked(desired, attributes={"x": 1, "y": 1}), desired, None)


@pytest.mark.parametrize("attributes", [{"é": 1}, {'"': 1}])
def test_attributes_that_live_has_lost_are_a_change_however_their_keys_are_written(attributes: dict[str, Any]) -> None:
    desired = connection(attributes=attributes)
    assert not is_unchanged(marked(connection()), desired, None)
    assert compare(comparable_live(marked(connection()).body), desired.body, (), {}).changes


@pytest.mark.parametrize("after", [{"y": 1}, {"y": {"reconciler": {}}}])
def test_what_follows_the_marker_in_live_counts(after: dict[str, Any]) -> None:
    desired = connection(attributes={"x": 1})
    attributes = {"x": 1, "reconciler": marker_for(desired).to_json()}
    assert is_unchanged(live(desired, attributes=attributes), desired, None)
    assert not is_unchanged(live(desired, attributes=attributes | after), desired, None)


def test_the_text_alone_does_not_decide_where_more_than_the_text_counts() -> None:
    desired = connection(sourceSpec={"x": 1})
    settled = marker_for(desired, settled={"/sourceSpec/x": Settled("1", "2")})
    assert not is_unchanged(marked(desired), desired, settled)
    assert not is_unchanged(marked(desired), replace(desired, ignore=("/sourceSpec/x",)), None)
    flow = flow_file(sourceConnectionSpecIds=[spec_id(7)])
    assert not is_unchanged(live(flow), flow, None)
    other_name = connection(transformationSpec=[{"name": "a"}])
    assert not is_unchanged(live(other_name, transformationSpecs=[{"name": "b"}]), other_name, None)


@pytest.mark.parametrize(("first", "last", "is_as_the_file"), [(2, 1, True), (1, 2, False)])
def test_of_a_section_that_live_has_twice_the_last_counts(first: int, last: int, *, is_as_the_file: bool) -> None:
    desired = connection(sourceSpec={"x": 1})
    twice = b'{"sourceSpec":{"x":%d},' % first + encode({**desired.body, "id": spec_id(1), "sourceSpec": {"x": last}})[1:]
    spec = live_spec(desired.kind, twice)
    assert is_unchanged(spec, desired, None) is is_as_the_file
    assert bool(compare(comparable_live(spec.body), desired.body, (), {}).changes) is not is_as_the_file


def reordered(value: Any) -> Any:
    """The value with the keys of each object the other way round."""
    if isinstance(value, dict):
        return {key: reordered(item) for key, item in reversed(value.items())}
    return [reordered(item) for item in value] if isinstance(value, list) else value


@given(st.dictionaries(st.sampled_from(["sourceSpec", "authSpec", "attributes"]), VALUES.filter(bool), max_size=3), st.booleans())
def test_keys_in_another_order_are_no_change(written: dict[str, Any], spaced: bool) -> None:
    written = {name: value for name, value in written.items() if name != "attributes" or isinstance(value, dict)}
    desired = connection(**written)
    marker = marker_for(desired)
    body = reordered(marked(desired).body)
    assert is_unchanged(edited(desired, body, "", spaced=spaced), desired, marker)


def test_a_body_beyond_the_sections_is_only_unchanged_with_all_of_it() -> None:
    desired = connection(sourceSpec={"x": 1}, brandNew=[1])
    assert is_unchanged(marked(desired), desired, None)
    assert not is_unchanged(marked(desired, brandNew=[2]), desired, None)
    assert not is_unchanged(marked(connection(sourceSpec={"x": 1})), desired, None)


@pytest.mark.parametrize("names", [{"name": "other"}, {"providerId": "other"}, {"name": ""}, {"name": 1}])
def test_another_name_or_provider_is_a_change(names: dict[str, Any]) -> None:
    desired = connection(sourceSpec={"x": 1})
    assert not is_unchanged(marked(desired, **names), desired, None)


def test_a_name_that_is_empty_in_the_file_and_that_live_lacks_is_not_called_the_same() -> None:
    desired = connection(sourceSpec={"x": 1})
    nameless = replace(desired, name="", body_json=encode({**desired.body, "name": ""}))
    body = {name: value for name, value in desired.body.items() if name != "name"}
    assert not is_unchanged(live_spec(desired.kind, encode({**body, "id": spec_id(1)})), nameless, None)


@pytest.mark.parametrize(("here", "there"), [(12, 1), (1.5, 1), ({"x": 12}, {"x": 1}), ("ab", "a"), ([1, 2], [1])])
@pytest.mark.parametrize("after", [{}, {"version": "2.0"}, {"attributes": {"a": {"b": 1}}}])
def test_a_value_that_begins_as_the_one_in_live_is_a_change(here: Any, there: Any, after: dict[str, Any]) -> None:
    desired = connection(**{"sourceSpec": here, **after})
    assert not is_unchanged(marked(desired, sourceSpec=there), desired, None)


@pytest.mark.parametrize(
    "written", [{}, {"attributes": {"a": 1}}, {"attributes": {"a": {"b": [1]}}, "authSpec": [{"name": "é"}]}]
)
def test_what_live_has_word_for_word_is_not_taken_apart(written: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unchanged, "_written", lambda _: pytest.fail("the members of the file were told apart"))
    desired = connection(sourceSpec={"x": "in one target"}, **written)
    assert is_unchanged(marked(desired), desired, marker_for(desired))


def test_what_was_compared_with_one_target_is_taken_apart_once_for_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    desired = connection(sourceSpec={"x": "in several targets"})
    assert is_unchanged(marked(desired), desired, marker_for(desired))
    monkeypatch.setattr(unchanged, "_has_word_for_word", lambda *_: pytest.fail("each member of the file was looked for again"))
    assert is_unchanged(marked(desired), desired, marker_for(desired))


@pytest.mark.parametrize("empty", [[], {}])
def test_what_cannot_be_taken_apart_is_still_unchanged_word_for_word(empty: Any) -> None:
    """Live may have an emptied section under another name, which the members of the file do not show."""
    desired = connection(transformationSpecs=empty, description="in several targets")
    assert [is_unchanged(marked(desired), desired, None) for _target in range(3)] == [True] * 3


def test_what_a_nested_marker_hides_is_a_change() -> None:
    desired = connection(attributes={"a": {"b": 1}})
    assert not is_unchanged(live(desired, attributes={"a": {"b": 1, "reconciler": {}}}), desired, None)
