"""Hints that name what is in the spec and in the answer."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.documents.json_text import Json
from reconciler.sources.checks.advice import path_of_the_only_list, turning_the_page
from reconciler.sources.paging.settings import Settings
from reconciler.sources.source import PAGINATION

DOCUMENTED = "write the parameter as the documentation of the API names it"


def advice(**block: Any) -> tuple[str | None, str | None]:
    path, hint = turning_the_page(Settings(block))
    return path[len(PAGINATION)] if len(path) > len(PAGINATION) else None, hint


@pytest.mark.parametrize(
    ("kind", "field"), [("OFFSET", "offSetName"), ("PAGE", "pageParamName"), ("CONTINUATION_TOKEN", "parameterName")]
)
def test_the_parameter_that_turns_the_page_is_named(kind: str, field: str) -> None:
    found = advice(type=kind, initialPageIndex=1, **{field: "start"})
    assert found == (field, f"`{field}` is 'start': {DOCUMENTED}")


@pytest.mark.parametrize("first", [{}, {"initialPageIndex": 0}])
def test_pages_that_count_from_zero_may_be_the_reason(first: dict[str, int]) -> None:
    _, hint = advice(type="PAGE", pageParamName="page", **first)
    assert hint == f"if the API counts pages from 1, write initialPageIndex: 1; else `pageParamName` is 'page': {DOCUMENTED}"


@pytest.mark.parametrize("block", [{"type": "POINTER", "pointerPath": "$.next"}, {"type": "OFFSET"}, {}])
def test_without_such_a_parameter_the_general_hint_stays(block: dict[str, str]) -> None:
    assert advice(**block) == (None, None)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"members": [{"id": 1}], "total": 1}, "$.members"),
        ({"data": {"items": [{"id": 1}]}, "tags": ["a"], "errors": []}, "$.data.items"),
        ({"a": [{}], "b": [{}]}, None),
        ({"a b": [{}]}, None),
        ({"$(id)": [{}]}, None),
        ({"a": 1}, None),
        ([{"id": 1}], None),
        (None, None),
    ],
)
def test_the_only_list_of_an_answer_is_proposed(body: Json, path: str | None) -> None:
    assert path_of_the_only_list(body) == path
