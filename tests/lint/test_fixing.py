"""What is fixed, and that nothing else is."""

from __future__ import annotations

import difflib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.names import without_faults_at_ends
from tests.lint.files import ARTIFACT, Files, part

OFFSET = """\
kind: ConnectionSpec
# A comment that stays.
spec:
  name:   "Acme"      # odd spaces stay
  providerId: '0ed90a81-07f4-4586-8190-b40eccef1c5a'
  version: "1.0"
  sourceSpec:
    attributes:
      paginationParams: {type: OFFSET,   limitName: limit, limitValue: "100", offsetName: offset} # the template's spelling
"""


def changed_lines(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True))
    return [line[2:] for line in lines if line.startswith("+ ")]


def fixed(text: str, **given: Any) -> str:
    return Files(text, **given).fixed().data.decode()


def test_only_the_word_changes() -> None:
    assert fixed(OFFSET) == OFFSET.replace("offsetName", "offSetName")


def test_a_second_time_changes_nothing() -> None:
    once = Files(fixed(OFFSET))
    assert once.codes() == []
    assert once.fixed().codes == ()


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ('name: "Members "', 'name: "Members"'),
        ("name: ' It''s '", "name: 'It''s'"),
        ('name: "\\uFEFFMembers \\t\\r\\n"', 'name: "Members"'),
        ('name: "Members\\u200b"', 'name: "Members"'),
        (
            "sourceSpec: {attributes: {urlParams: {path: /a, method: post}}}",
            "sourceSpec: {attributes: {urlParams: {path: /a, method: POST}}}",
        ),
        ("sourceSpec: {attributes: {contentPath: {path: a.b}}}", "sourceSpec: {attributes: {contentPath: {path: $.a.b}}}"),
        ("type: Generic_REST", "type: generic-rest"),
        ("sourceSpec: {spec: {required: [a, b, a]}}", "sourceSpec: {spec: {required: [a, b]}}"),
        (
            "authSpec: [{name: A, spec: {properties: {token: {type: string}}}}]",
            "authSpec: [{name: A, spec: {properties: {token: {type: string, format: password}}}}]",
        ),
    ],
)
def test_what_has_one_right_answer_is_fixed(wrong: str, right: str) -> None:
    assert fixed(part(wrong)) == part(right)


def test_an_item_on_a_line_of_its_own_goes_with_its_line() -> None:
    text = part("sourceSpec:\n  spec:\n    required:\n      - a # first\n      - b\n      - a\n      - c")
    assert fixed(text) == text.replace("      - b\n        - a\n", "      - b\n")


@pytest.mark.parametrize("item", ["- a # why not", "# Why not.\n      - a"])
def test_an_item_that_has_a_comment_is_left_to_its_author(item: str) -> None:
    text = part(f"sourceSpec:\n  spec:\n    required:\n      - a\n      {item}\n      - b")
    assert Files(text).fixed().codes == ()


def test_a_new_entry_stands_on_a_line_of_its_own_where_the_others_do() -> None:
    text = part(
        "authSpec:\n  - name: A\n    spec:\n      properties:\n        token:\n          type: string # typed in\n          description: b"
    )
    assert changed_lines(text, fixed(text)) == ["            format: password\n"]


def test_a_new_entry_in_brackets_over_several_lines_has_its_line() -> None:
    text = part("authSpec:\n  - name: A\n    spec: {properties: {token: {\n      type: string # typed in\n      }}}")
    assert fixed(text) == text.replace("type: string # typed in", "type: string, # typed in\n        format: password")


@pytest.mark.parametrize("items", ["a, # first\n    a", "a,\n    # again\n    a"])
def test_a_comment_among_items_in_brackets_is_left_to_its_author(items: str) -> None:
    text = part(f"sourceSpec: {{spec: {{properties: {{a: {{}}}}, required: [{items}]}}}}")
    assert Files(text).codes() == ["required-twice"]
    assert fixed(text) == text


def test_a_text_over_several_lines_is_left_to_its_author() -> None:
    text = part('sourceSpec: {attributes: {contentPath: {path: "a\n    .b "}}}')
    assert Files(text).codes() == ["jsonpath-syntax", "space-in-name"]
    assert fixed(text) == text


def test_line_breaks_stay_as_they_are() -> None:
    text = part("authSpec:\n  - name: A\n    spec:\n      properties:\n        token:\n          type: string\n").replace(
        "\n", "\r\n"
    )
    after = fixed(text)
    assert after == text.replace("type: string\r\n", "type: string\r\n            format: password\r\n")


def test_a_byte_order_mark_stays() -> None:
    text = "\ufeff" + part('name: "Members "')
    assert fixed(text) == text.replace('"Members "', '"Members"')


@pytest.mark.parametrize("indent", [None, 2])
def test_json_stays_json(indent: int | None) -> None:
    body = {
        "name": "Members",
        "providerId": "0ed90a81-07f4-4586-8190-b40eccef1c5a",
        "authSpec": [{"name": "A", "spec": {"properties": {"token": {"type": "string"}}, "required": ["token", "token"]}}],
    }
    after = fixed(json.dumps(body, indent=indent), path=ARTIFACT)
    spec = {"properties": {"token": {"type": "string", "format": "password"}}, "required": ["token"]}
    assert json.loads(after)["authSpec"] == [{"name": "A", "spec": spec}]
    assert after == json.dumps(json.loads(after), indent=indent)


def test_the_body_and_its_overlays_are_fixed_together() -> None:
    text = OFFSET.replace(
        "spec:\n", "overlays:\n  prod: {sourceSpec: {attributes: {paginationParams: {offsetName: skip}}}}\nspec:\n", 1
    )
    assert fixed(text, targets=("stage", "prod")) == text.replace("offsetName", "offSetName")


def test_an_overlay_that_says_the_same_is_fixed_too() -> None:
    text = part('overlays: {prod: {name: "Members "}}\nname: "Members "')
    assert fixed(text, targets=("stage", "prod")) == text.replace('Members "', 'Members"')


def test_a_fix_that_would_change_another_target_is_not_made() -> None:
    none = "{type: NONE, limitName: null, limitValue: null, offsetName: null}"
    removes = f"overlays:\n  prod: {{sourceSpec: {{attributes: {{paginationParams: {none}}}}}}}\n"
    text = OFFSET.replace("spec:\n", f"{removes}spec:\n", 1)
    files = Files(text, targets=("stage", "prod"))
    assert files.codes() == ["offset-spelling"]
    assert files.fixed().codes == ()


def test_what_is_written_by_alias_is_left_alone() -> None:
    text = part('description: &n "Members "\nname: *n')
    assert Files(text).codes() == ["space-in-name"]
    assert fixed(text) == text


def test_an_ignored_finding_is_not_fixed() -> None:
    text = part('name: "Members " # reconciler: ignore[space-in-name]')
    assert fixed(text) == text


def test_a_rule_that_is_off_fixes_nothing() -> None:
    assert fixed(OFFSET, levels={"offset-spelling": "off"}) == OFFSET


NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff\ufffe\uffff"),
    min_size=1,
    max_size=12,
)


@given(name=NAMES, quote=st.sampled_from(["double", "single"]))
def test_a_name_of_any_characters_is_only_trimmed(name: str, quote: str) -> None:
    if not without_faults_at_ends(name) or "\u2028" in name or "\u2029" in name:
        return
    written = json.dumps(name, ensure_ascii=False) if quote == "double" else "'" + name.replace("'", "''") + "'"
    files = Files(part(f"name: {written}"))
    after = Files(files.fixed().data.decode())
    trimmed = without_faults_at_ends(name)
    assert after.specs()[0].name == (trimmed if trimmed.isprintable() else name)
    assert after.fixed().codes == ()


@pytest.mark.parametrize("name", ["Mem\\tbers", "Mail\\u200bChimp", "\\u200b"])
def test_what_stands_inside_a_name_is_left_to_its_author(name: str) -> None:
    text = part(f'name: "{name}"')
    assert Files(text).codes() == ["control-character"]
    assert fixed(text) == text


def test_a_name_that_something_may_refer_to_is_told_and_left_alone() -> None:
    text = part('authSpec:\n  - name: "A "\n  - name: A\n')
    assert "space-in-name" in Files(text).codes()
    assert fixed(text) == text
