"""The marker as a value: what it says, what it is read from, and when two say the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from reconciler.documents.kinds import Kind
from reconciler.flowservice.specs import live_spec
from reconciler.planning.comparing.ownership import Marker, Settled, marker_in, marker_of, same_record, with_marker
from tests.planning.situations import COMMIT, connection, marker_for

MARKER = marker_for(connection("a"))
STAMPED = MARKER.stamped("an-id", 1_764_244_800.9)


def test_a_stamped_marker_names_its_object_and_the_second_of_the_write() -> None:
    assert (STAMPED.id, STAMPED.at) == ("an-id", "2025-11-27T12:00:00Z")


def test_what_is_written_is_what_is_read() -> None:
    marker = structs.replace(STAMPED, dirty=True, retired=True)
    assert marker_of(with_marker({}, marker)) == marker


def test_a_marker_without_the_newer_fields_is_read_as_it_is() -> None:
    old = {"repository": "acme/a", "sandbox": "dev", "key": "a", "commit": COMMIT, "digests": {}, "settled": {}}
    marker = marker_of({"attributes": {"reconciler": old}})
    assert marker == Marker("acme/a", "dev", "a", COMMIT)
    assert marker.to_json() == old


@pytest.mark.parametrize("at", [5, "yesterday", "2025-11-27T12:00:00+01:00", "2025-11-27T12:00:00Z\n"])
def test_a_time_of_another_form_is_no_time(at: object) -> None:
    marker = marker_of({"attributes": {"reconciler": STAMPED.to_json() | {"at": at}}})
    assert marker == structs.replace(STAMPED, at=None)


def test_only_true_is_dirty() -> None:
    marker = marker_of({"attributes": {"reconciler": STAMPED.to_json() | {"dirty": "no"}}})
    assert marker == STAMPED


def test_the_time_of_the_write_is_no_difference() -> None:
    assert same_record(STAMPED, MARKER.stamped("an-id", 0.0))


def test_an_id_that_one_of_them_does_not_have_yet_is_no_difference() -> None:
    assert same_record(STAMPED, MARKER)


@pytest.mark.parametrize("change", [{"id": "another"}, {"key": "b"}, {"commit": None}, {"dirty": True}, {"retired": True}])
def test_whatever_else_they_say_is_a_difference(change: dict[str, object]) -> None:
    assert not same_record(STAMPED, structs.replace(STAMPED, **change))


def test_no_marker_says_nothing_that_a_marker_says() -> None:
    assert same_record(None, None)
    assert not same_record(None, MARKER)


ODD = st.sampled_from(
    [None, 1, "", "x", [], ["a", 1], {}, {"a": 1}, {"/a": {"sent": 1}}, {"": {"sent": None, "kept": None}}, False]
)
FIELDS = ("repository", "sandbox", "key", "id", "commit", "at", "dirty", "skipped", "digests", "settled", "retired", "newer")
FULL = structs.replace(
    STAMPED, skipped=("soak",), dirty=True, retired=True, settled={"/a/b": Settled(None, "x")}, digests={"a": "1", "\u00e9": "2"}
)


@given(
    st.sampled_from([STAMPED, FULL, MARKER, Marker("r", "s", "k")]),
    st.dictionaries(st.sampled_from(FIELDS), ODD, max_size=2),
    st.frozensets(st.sampled_from(FIELDS), max_size=1),
    st.sampled_from(["", '"key":"twice",', '"digests":{"a":"1","a":"2"},', '"n":1e400,']),
    st.booleans(),
)
def test_a_marker_in_a_spec_is_read_the_same_from_its_text(
    marker: Marker, odd: dict[str, Any], absent: frozenset[str], extra: str, spaced: bool
) -> None:
    own = {name: value for name, value in {**marker.to_json(), **odd}.items() if name not in absent}
    text = json.dumps(own, separators=(", ", ": ") if spaced else (",", ":"), ensure_ascii=spaced)
    text = "{" + extra + text[1:] if own else text
    spec = live_spec(Kind.CONNECTION_SPEC, f'{{"id":"an-id","attributes":{{"x":1,"reconciler":{text}}}}}'.encode())
    assert marker_in(spec) == marker_of({"attributes": spec.attributes})


@pytest.mark.parametrize("attributes", ['{"reconciler":%s,"reconciler":%s}', '{"x":{"reconciler":%s},"y":%s}'])
def test_a_marker_that_is_there_twice_or_elsewhere_is_none(attributes: str) -> None:
    own = json.dumps(STAMPED.to_json(), separators=(",", ":"))
    text = '{"id":"an-id","attributes":' + attributes % (own, own) + "}"
    assert marker_in(live_spec(Kind.CONNECTION_SPEC, text.encode())) is None
