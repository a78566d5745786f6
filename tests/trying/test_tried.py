from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from reconciler.trying.tried import tried_digest

BODY: dict[str, Any] = {
    "name": "members",
    "authSpec": [
        {
            "name": "Basic Authentication",
            "type": "Basic",
            "spec": {
                "type": "object",
                "description": "Credentials",
                "properties": {"title": {"type": "string", "title": "Title"}, "host": {"type": "string", "default": "us1"}},
                "required": ["host"],
            },
        }
    ],
    "sourceSpec": {
        "name": "members",
        "spec": {"type": "object", "properties": {"list": {"type": "string", "description": "Id"}}},
        "attributes": {
            "uiAttributes": {"label": "Members"},
            "urlParams": {"path": "/members", "queryParams": {"title": "all"}},
            "paginationParams": {"type": "OFFSET", "limitName": "limit"},
            "scheduleParams": {"type": "SIMPLE"},
        },
    },
    "exploreSpec": {"name": "Resource"},
}


def changed(*path: str | int, to: Any) -> dict[str, Any]:
    body = deepcopy(BODY)
    part: Any = body
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = to
    return body


@pytest.mark.parametrize(
    "path",
    [
        ("name",),
        ("description",),
        ("exploreSpec", "name"),
        ("authSpec", 0, "spec", "description"),
        ("authSpec", 0, "description"),
        ("authSpec", 0, "spec", "properties", "host", "title"),
        ("authSpec", 0, "spec", "properties", "host", "examples"),
        ("sourceSpec", "description"),
        ("sourceSpec", "spec", "properties", "list", "description"),
        ("sourceSpec", "attributes", "uiAttributes", "label"),
    ],
)
def test_what_only_people_read_needs_no_new_trial(path: tuple[str | int, ...]) -> None:
    assert tried_digest(changed(*path, to="other")) == tried_digest(BODY)


@pytest.mark.parametrize(
    "path",
    [
        ("authSpec", 0, "name"),
        ("authSpec", 0, "spec", "properties", "title", "type"),
        ("authSpec", 0, "spec", "properties", "host", "default"),
        ("authSpec", 0, "spec", "properties", "description"),
        ("sourceSpec", "spec", "properties", "list", "type"),
        ("sourceSpec", "attributes", "urlParams", "path"),
        ("sourceSpec", "attributes", "urlParams", "queryParams", "title"),
        ("sourceSpec", "attributes", "urlParams", "queryParams", "description"),
        ("sourceSpec", "attributes", "paginationParams", "limitName"),
        ("sourceSpec", "attributes", "scheduleParams", "type"),
        ("sourceSpec", "attributes", "unknown"),
    ],
)
def test_what_decides_which_records_are_read_needs_a_new_trial(path: tuple[str | int, ...]) -> None:
    assert tried_digest(changed(*path, to="other")) != tried_digest(BODY)


def test_the_order_of_fields_does_not_matter() -> None:
    assert tried_digest({"sourceSpec": BODY["sourceSpec"], "authSpec": BODY["authSpec"]}) == tried_digest(BODY)


@pytest.mark.parametrize(
    "body", [{}, {"authSpec": 1, "sourceSpec": []}, {"authSpec": [1], "sourceSpec": {"spec": 1, "attributes": None}}]
)
def test_a_body_of_any_shape_has_a_digest(body: dict[str, Any]) -> None:
    assert len(tried_digest(body)) == 16
