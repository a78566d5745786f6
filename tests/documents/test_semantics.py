"""Sections, their other names, and what is never compared."""

from __future__ import annotations

import copy

import pytest

from reconciler.documents.kinds import Kind
from reconciler.documents.patch import apply_operations
from reconciler.documents.semantics import field_of, sections


def test_a_section_is_found_under_each_of_its_names() -> None:
    assert [
        field_of({name: []}, "transformationSpecs")
        for name in ("transformationSpecs", "transformationSpec", "transformationSpecDTOS")
    ] == [
        "transformationSpecs",
        "transformationSpec",
        "transformationSpecDTOS",
    ]


def test_two_names_of_one_section_in_one_body_stay_apart() -> None:
    assert dict(sections({"transformationSpecs": [], "transformationSpec": []})) == {
        "transformationSpecs": "transformationSpecs",
        "transformationSpec": "transformationSpec",
    }


def test_what_the_server_manages_is_no_section() -> None:
    assert list(sections({"id": "x", "updatedAt": 1, "name": "y"})) == [("name", "name")]


def test_a_section_that_is_not_there_has_no_field() -> None:
    assert field_of({"name": "x"}, "authSpec") is None


def test_kinds_have_words() -> None:
    assert [kind.words for kind in Kind] == ["connection spec", "flow spec"]


def test_operations_reach_into_lists() -> None:
    body = {"a": [1, {"b": 2}]}
    operations = [
        ("replace", "/a/1/b", 3),
        ("add", "/a/0", 0),
        ("replace", "/a/1", 9),
        ("add", "/a/-", 4),
        ("remove", "/a/0", None),
    ]
    assert apply_operations(body, operations) == {"a": [9, {"b": 3}, 4]}


def test_operations_change_neither_the_body_nor_their_values() -> None:
    added = {"x": [1]}
    body = {"a": {"b": [{"c": 1}, {"c": 2}]}, "d": {"e": 1}}
    before, operations = (
        copy.deepcopy(body),
        [
            ("add", "/n", added),
            ("add", "/n/x/-", 2),
            ("replace", "/a/b/0/c", 3),
            ("remove", "/a/b/1", None),
            ("add", "/m", added),
            ("add", "/a/b/0/f", 4),
        ],
    )
    assert apply_operations(body, operations) == {
        "a": {"b": [{"c": 3, "f": 4}]},
        "d": {"e": 1},
        "n": {"x": [1, 2]},
        "m": {"x": [1]},
    }
    assert (body, added) == (before, {"x": [1]})


def test_an_operation_on_what_is_not_there_is_an_error() -> None:
    with pytest.raises(LookupError):
        apply_operations({}, [("remove", "/a", None)])
