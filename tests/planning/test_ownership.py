"""The marker as a value: what it says, what it is read from, and when two say the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.planning.comparing.ownership import Marker, marker_of, same_record, with_marker
from tests.planning.situations import COMMIT, connection, marker_for

MARKER = marker_for(connection("a"))
STAMPED = MARKER.stamped("an-id", 1_764_244_800.9)


def test_a_stamped_marker_names_its_object_and_the_second_of_the_write() -> None:
    assert (STAMPED.id, STAMPED.at) == ("an-id", "2025-11-27T12:00:00Z")


def test_what_is_written_is_what_is_read() -> None:
    marker = replace(STAMPED, dirty=True, retired=True)
    assert marker_of(with_marker({}, marker)) == marker


def test_a_marker_without_the_newer_fields_is_read_as_it_is() -> None:
    old = {"repository": "acme/a", "sandbox": "dev", "key": "a", "commit": COMMIT, "digests": {}, "settled": {}}
    marker = marker_of({"attributes": {"reconciler": old}})
    assert marker == Marker("acme/a", "dev", "a", COMMIT)
    assert marker.to_json() == old


@pytest.mark.parametrize("at", [5, "yesterday", "2025-11-27T12:00:00+01:00", "2025-11-27T12:00:00Z\n"])
def test_a_time_of_another_form_is_no_time(at: object) -> None:
    marker = marker_of({"attributes": {"reconciler": STAMPED.to_json() | {"at": at}}})
    assert marker == replace(STAMPED, at=None)


def test_only_true_is_dirty() -> None:
    marker = marker_of({"attributes": {"reconciler": STAMPED.to_json() | {"dirty": "no"}}})
    assert marker == STAMPED


def test_the_time_of_the_write_is_no_difference() -> None:
    assert same_record(STAMPED, MARKER.stamped("an-id", 0.0))


def test_an_id_that_one_of_them_does_not_have_yet_is_no_difference() -> None:
    assert same_record(STAMPED, MARKER)


@pytest.mark.parametrize("change", [{"id": "another"}, {"key": "b"}, {"commit": None}, {"dirty": True}, {"retired": True}])
def test_whatever_else_they_say_is_a_difference(change: dict[str, object]) -> None:
    assert not same_record(STAMPED, replace(STAMPED, **change))  # type: ignore[arg-type]


def test_no_marker_says_nothing_that_a_marker_says() -> None:
    assert same_record(None, None)
    assert not same_record(None, MARKER)
