from __future__ import annotations

from typing import Any

import pytest

from reconciler.desired.specs import NO_SPECS, DesiredSet, DesiredSpec
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING
from reconciler.errors import Problem, Severity
from reconciler.revisions.spec_diff import SpecChange, SpecState, spec_changes
from tests.planning.situations import connection, flow_file


def diff(base: list[DesiredSpec], now: list[DesiredSpec]) -> tuple[SpecChange, ...]:
    return spec_changes(DesiredSet(tuple(base), ()), DesiredSet(tuple(now), ()))


def changes(base: DesiredSpec, now: DesiredSpec) -> list[tuple[str, str, Any, Any]]:
    return [(item.op, item.path, item.old, item.new) for change in diff([base], [now]) for item in change.changes]


def test_files_that_say_the_same_are_no_difference() -> None:
    assert (
        diff([connection(authSpec=[{"name": "a"}, {"name": "b"}])], [connection(authSpec=[{"name": "b"}, {"name": "a"}])]) == ()
    )


def test_a_new_file_is_added_with_its_sections() -> None:
    (change,) = diff([], [connection("a", description="x")])
    assert (change.state, change.key) == (SpecState.ADDED, "a")
    assert [item.path for item in change.changes] == ["/name", "/providerId", "/version", "/description"]


def test_a_file_that_is_gone_is_removed() -> None:
    (change,) = diff([connection("a")], [])
    assert (change.state, change.key, change.changes) == (SpecState.REMOVED, "a", ())


def test_a_file_in_error_is_not_taken_for_one_that_is_gone() -> None:
    now = DesiredSet((), (), frozenset({(Kind.CONNECTION_SPEC, "a")}))
    assert spec_changes(DesiredSet((connection("a"),), ()), now) == ()


@pytest.mark.parametrize("unread", ["specs/a.yaml", "specs"])
def test_a_spec_is_not_removed_whose_file_or_folder_cannot_be_read(unread: str) -> None:
    now = DesiredSet((), (Problem(Severity.ERROR, "unreadable", "Permission denied", unread),))
    assert spec_changes(DesiredSet((connection("a"),), ()), now) == ()


@pytest.mark.parametrize("elsewhere", ["specs/a.yaml.yaml", "spec", None])
def test_a_spec_is_removed_although_another_file_has_an_error(elsewhere: str | None) -> None:
    now = DesiredSet((), (Problem(Severity.ERROR, "unreadable", "Permission denied", elsewhere),))
    assert [change.state for change in spec_changes(DesiredSet((connection("a"),), ()), now)] == [SpecState.REMOVED]


def test_every_spec_is_removed_where_no_file_is_left() -> None:
    now = DesiredSet((), (Problem(Severity.ERROR, NO_SPECS, "no spec files found", "specs"),))
    assert [change.state for change in spec_changes(DesiredSet((connection("a"),), ()), now)] == [SpecState.REMOVED]


def test_a_changed_value_is_named_by_its_place() -> None:
    assert changes(connection(sourceSpec={"x": 1, "y": 2}), connection(sourceSpec={"x": 1, "y": 3})) == [
        ("replace", "/sourceSpec/y", 2, 3)
    ]


def test_a_spec_that_got_another_key_is_renamed() -> None:
    (change,) = diff([connection("old", name="A")], [connection("new", name="A", former_keys=("old",))])
    assert (change.state, change.key, change.former_key) == (SpecState.RENAMED, "new", "old")
    assert [(item.path, item.old, item.new) for item in change.changes] == [("key", "old", "new")]


def test_a_section_that_is_written_no_more_is_shown() -> None:
    assert changes(connection(description="x"), connection()) == [("remove", "/description", "x", MISSING)]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"description": "x"}, {"description": None}, ("replace", "/description", "x", None)),
        ({}, {"description": None}, ("add", "/description", MISSING, None)),
        ({"description": None}, {"description": "x"}, ("replace", "/description", None, "x")),
    ],
)
def test_a_null_that_removes_a_section_is_told_from_one_that_is_left_out(
    before: dict[str, Any], after: dict[str, Any], told: tuple[Any, ...]
) -> None:
    assert changes(connection(**before), connection(**after)) == [told]


def test_two_nulls_are_the_same() -> None:
    assert changes(connection(description=None), connection(description=None)) == []


def test_the_envelope_counts_too() -> None:
    base = connection(flow_specs=["RestStorageToAEP"])
    now = connection(flow_specs=[], pinned_id="1", adopt=True, ignore=("/x",))
    assert [path for _, path, _, _ in changes(base, now)] == ["flowSpecs", "ids", "adopt", "ignore"]


def test_kinds_are_told_apart() -> None:
    assert [change.state for change in diff([connection("a")], [flow_file("a")])] == [SpecState.REMOVED, SpecState.ADDED]
