from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.json_text import decode, encode
from reconciler.reports.sinks.escaping import for_json, for_terminal, without_commands
from reconciler.reports.sinks.json import to_json
from reconciler.reports.sinks.text import Part, Style, Text, table, width

HOSTILE = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("#[:\x1b\u202e\u2028\x9b\r\n\t ")), max_size=40)
ENCODABLE = st.text(
    alphabet=st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("#[:\x1b\u202e\u2028\x9b\r\n\t ")), max_size=40
)
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def is_harmless(line: str) -> bool:
    hidden = any(unicodedata.category(char) in HIDDEN for char in line)
    return not hidden and not line.lstrip().startswith("::") and not re.search(r"##\w*\[", line)


@given(st.lists(HOSTILE, max_size=4), st.integers(0, 3))
def test_a_line_of_any_parts_is_one_harmless_line(parts: list[str], indent: int) -> None:
    text = Text()
    text.line(*parts, indent=indent)
    assert text.render().count("\n") <= 1
    assert is_harmless(text.render().removesuffix("\n"))


@given(st.lists(HOSTILE, min_size=1, max_size=4))
def test_colour_adds_only_its_own_escapes(parts: list[str]) -> None:
    text = Text(color=True)
    text.line(*(Part(part, Style.ADDED) for part in parts))
    assert is_harmless(re.sub(r"\x1b\[\d+m", "", text.render().removesuffix("\n")))


@given(
    st.recursive(
        ENCODABLE, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ENCODABLE, inner, max_size=4), max_leaves=8
    )
)
def test_json_keeps_its_values_and_every_line_is_harmless(value: object) -> None:
    document = {"value": value}
    printed = to_json(document)
    assert decode(printed) == document
    assert all(is_harmless(line) for line in printed.split("\n"))


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cf", "Cs", "Co", "Zl", "Zp"]), max_size=40))
def test_text_that_is_plain_stays_as_it_is(text: str) -> None:
    assert for_terminal(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x9b31m", "\\x9b31m"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("user\u202etxt.exe", "user\\u202etxt.exe"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("\u2028", "\\u2028"),
        ("tag \U000e0041", "tag \\U000e0041"),
        ("half \ud800", "half \\ud800"),
        ("Grüße 你好", "Grüße 你好"),
    ],
)
def test_what_has_no_shape_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert for_terminal(text) == shown


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("::error::no", "\\x3a:error::no"),
        ("  ::set-output", "  \\x3a:set-output"),
        ("a::b", "a::b"),
        ("x ##[error]y", "x #\\x23[error]y"),
        ("###[a", "##\\x23[a"),
        ("##vso[task.setvariable]", "#\\x23vso[task.setvariable]"),
        ("## a heading", "## a heading"),
    ],
)
def test_a_line_holds_no_workflow_command(line: str, shown: str) -> None:
    assert without_commands(line) == shown


def test_json_outside_the_basic_plane_is_escaped_as_a_pair() -> None:
    assert for_json(encode("\U000e0041").decode()) == '"\\udb40\\udc41"'


def test_a_file_name_that_is_not_utf8_is_written_to_json_with_its_escapes() -> None:
    assert decode(to_json({"file": ["a\udcff.yaml"]})) == {"file": ["a\\udcff.yaml"]}


def test_blank_lines_do_not_pile_up() -> None:
    text = Text()
    text.blank()
    text.line("one")
    text.blank()
    text.blank()
    text.line("two")
    text.blank()
    assert text.render() == "one\n\ntwo\n"


def test_a_text_without_lines_is_empty() -> None:
    assert Text().render() == ""


def test_a_part_without_a_style_gets_no_colour() -> None:
    text = Text(color=True)
    text.line("plain ", Part("", Style.ADDED), Part("green", Style.ADDED))
    assert text.render() == "plain \x1b[32mgreen\x1b[0m\n"


def test_a_table_is_aligned_by_what_is_shown() -> None:
    rows = table([("你好", "x"), ("a\x1b", "y"), ("e\u0301", "z")])
    assert [row[-1] for row in rows] == ["x", "y", "z"]
    assert {width(row[:-1]) for row in rows} == {7}
