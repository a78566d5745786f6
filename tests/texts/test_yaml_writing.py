"""JSON values as YAML: whatever they are, they are read back, and people can read them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.json_text import encode
from reconciler.texts.yaml import read_yaml
from reconciler.texts.yaml_writing import document_lines, flow_text
from tests.fuzz.strategies import KEYS, SCALARS

VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=15
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=4)


def written(value: Any) -> str:
    return "\n".join(document_lines(value)) + "\n"


def assert_says(text: str, value: Any) -> None:
    reading = read_yaml(text.encode())
    assert reading.mistakes == ()
    assert encode(reading.value) == encode(value)


@given(DOCUMENTS)
def test_every_value_is_read_back_in_its_order(value: dict[str, Any]) -> None:
    assert_says(written(value), value)


@given(DOCUMENTS)
def test_every_value_is_read_back_from_one_line(value: dict[str, Any]) -> None:
    text = flow_text(value)
    assert "\n" not in text
    assert_says(text, value)


@pytest.mark.parametrize(
    "text",
    [
        "1.0",
        "12",
        "0755",
        "1e3",
        "true",
        "no",
        "ON",
        "null",
        "~",
        "",
        "2024-01-15",
        "12:30",
        "1_000",
        "0x1f",
        ".inf",
        "=",
        "<<",
        "- a",
        "a: b",
    ],
)
def test_what_some_yaml_takes_for_something_else_stands_in_quotes(text: str) -> None:
    assert written({"version": text}) == f'version: "{text}"\n'


@pytest.mark.parametrize(
    "text",
    [
        "MailChimp Members",
        "$.members",
        "${listId}",
        "http://json-schema.org/draft-07/schema#",
        "0ed90a81-07f4-4586-8190-b40eccef1c5a",
    ],
)
def test_what_nothing_takes_for_something_else_stands_plain(text: str) -> None:
    assert written({"path": text}) == f"path: {text}\n"


def test_a_text_of_several_lines_stands_below_its_key() -> None:
    assert written({"a": {"b": "one\n\ntwo\n", "c": "x\ny"}}) == "a:\n  b: |\n    one\n\n    two\n  c: |-\n    x\n    y\n"


@pytest.mark.parametrize("text", ["one \ntwo", " one\ntwo", "a\n\n", "\na", "a\tb\r\nc"])
def test_a_text_whose_lines_would_not_show_stands_in_quotes(text: str) -> None:
    assert written({"a": text}).startswith('a: "')
    assert_says(written({"a": text}), {"a": text})


def test_characters_without_a_shape_are_escapes() -> None:
    assert written({"a": "x\u00a0\u202e\x07\U000e0041"}) == 'a: "x\\_\\u202e\\x07\\U000e0041"\n'


def test_a_text_with_quotes_and_backslashes_needs_no_escapes() -> None:
    assert written({"pattern": '"\\d+"'}) == "pattern: '\"\\d+\"'\n"


def test_words_in_a_list_stand_in_one_line_and_everything_else_below() -> None:
    assert written({"required": ["host", "accessToken"], "empty": [], "none": {}, "mixed": ["a", {"b": 1}]}) == (
        "required: [host, accessToken]\nempty: []\nnone: {}\nmixed:\n  - a\n  - b: 1\n"
    )


def test_a_reference_stands_in_braces() -> None:
    assert written({"sourceConnectionSpecIds": [{"ref": "orders"}]}) == "sourceConnectionSpecIds:\n  - {ref: orders}\n"


def test_a_key_that_is_too_long_for_its_colon_is_read_back() -> None:
    assert_says(written({"a": [{"k" * 2000: {"b": 1}}]}), {"a": [{"k" * 2000: {"b": 1}}]})


def test_numbers_are_read_back_as_what_they_are() -> None:
    value = {"big": 10**40, "whole": 1.0, "large": 1e300, "small": -5e-324, "int": 1}
    assert_says(written(value), value)
    assert "large: 1.0e+300\n" in written(value)
