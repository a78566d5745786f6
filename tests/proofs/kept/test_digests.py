from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from reconciler.proofs.kept.digests import are_proved_alike, are_tried_alike, proof_digest, section_digests, tried_digest

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
    assert are_tried_alike(changed(*path, to="other"), BODY)


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
    assert not are_tried_alike(changed(*path, to="other"), BODY)


def test_the_order_of_fields_does_not_matter() -> None:
    assert tried_digest({"sourceSpec": BODY["sourceSpec"], "authSpec": BODY["authSpec"]}) == tried_digest(BODY)


@pytest.mark.parametrize(
    "body", [{}, {"authSpec": 1, "sourceSpec": []}, {"authSpec": [1], "sourceSpec": {"spec": 1, "attributes": None}}]
)
def test_a_body_of_any_shape_has_a_digest(body: dict[str, Any]) -> None:
    assert len(tried_digest(body)) == 16


def test_the_digest_of_a_content_stays_the_same_from_version_to_version() -> None:
    """Recordings in repositories have it: another one would make every spec untried."""
    assert tried_digest(BODY) == "09d028325a3b7a6a"


def alternatives(*schemas: Any) -> dict[str, Any]:
    return changed("sourceSpec", "spec", "oneOf", to=list(schemas))


def test_words_in_a_list_of_schemas_need_no_new_trial() -> None:
    one = alternatives({"type": "string", "title": "One"}, {"type": "null"})
    assert tried_digest(one) == tried_digest(alternatives({"type": "string", "title": "Other"}, {"type": "null"}))
    assert tried_digest(one) != tried_digest(alternatives({"type": "integer", "title": "One"}, {"type": "null"}))


@pytest.mark.parametrize("keyword", ["default", "const", "enum"])
def test_data_in_a_schema_needs_a_new_trial_whatever_its_fields_are_called(keyword: str) -> None:
    place = ("sourceSpec", "spec", "properties", "list", keyword)
    assert tried_digest(changed(*place, to=[{"title": "a"}])) != tried_digest(changed(*place, to=[{"title": "b"}]))


def test_a_source_without_a_form_is_not_one_with_an_empty_form() -> None:
    without = changed("sourceSpec", to={"attributes": {}})
    assert tried_digest(without) != tried_digest(changed("sourceSpec", to={"attributes": {}, "spec": None}))


def test_each_section_of_a_proof_has_its_own_digest() -> None:
    before, after = section_digests(BODY), section_digests(changed("exploreSpec", to={"name": "Other"}))
    assert before.keys() == {"authSpec", "sourceSpec", "exploreSpec"}
    assert {name for name in before if before[name] != after[name]} == {"exploreSpec"}
    assert all(len(digest) == 64 for digest in before.values())


def test_a_section_that_is_added_changes_its_digest() -> None:
    without = {name: value for name, value in BODY.items() if name != "exploreSpec"}
    assert section_digests(without)["exploreSpec"] != section_digests(BODY)["exploreSpec"]
    assert not are_proved_alike(without, BODY)
    assert are_tried_alike(without, BODY)


def test_words_are_in_no_digest_of_a_section() -> None:
    other = changed("sourceSpec", "attributes", "uiAttributes", to={"isBeta": True})
    assert section_digests(other) == section_digests(BODY)
    assert are_proved_alike(other, BODY)


def test_where_a_proof_may_run_and_what_stays_are_not_in_its_digest() -> None:
    document = {"kind": "Proof", "expect": {"records": 237}}
    assert proof_digest(document) == proof_digest(document | {"targets": ["dev"], "cleanup": {"keep": ["schema"]}, "key": "a"})
    assert proof_digest(document) != proof_digest(document | {"source": {"list": "a"}})
    assert proof_digest({}) != proof_digest(document)
