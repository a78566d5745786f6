from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.json_text import Json, decode
from reconciler.documents.places import MISSING
from reconciler.reports.sinks.text import Text
from reconciler.reports.sinks.values import ValueWriter, compact, lines_of, summary_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet="ab \n", max_size=90),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)


def shown(before: Json, after: Json, *, verbose: bool = False) -> list[str]:
    text = Text()
    ValueWriter(text, verbose, 0).change(before, after)
    return text.render().removesuffix("\n").split("\n")


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("us6", "us7", '"us6" -> "us7"'),
        ("100", 100, '"100" -> 100'),
        (True, 1, "true -> 1"),
        ([1, 2], {"a": 1}, '[1,2] -> {"a":1}'),
        (MISSING, None, "+ null"),
        ({"a": 1}, MISSING, '- {"a":1}'),
    ],
)
def test_short_values_stand_in_one_line(before: Json, after: Json, line: str) -> None:
    assert shown(before, after) == [line]


def test_text_of_several_lines_is_a_line_diff() -> None:
    before = "\n".join("abcdefghijklmnop")
    assert shown(before, before.replace("c", "C").replace("n", "N")) == [
        "  a",
        "  b",
        "- c",
        "+ C",
        "  d",
        "  e",
        "  …",
        "  l",
        "  m",
        "- n",
        "+ N",
        "  o",
        "  p",
    ]


def test_an_object_that_became_longer_is_a_diff_of_its_json() -> None:
    assert shown({"a": 1, "b": "x" * 80}, {"a": 2, "b": "x" * 80}) == [
        "  {",
        '-   "a": 1,',
        '+   "a": 2,',
        f'    "b": "{"x" * 80}"',
        "  }",
    ]


def test_a_long_line_is_shown_from_just_before_the_first_difference() -> None:
    before, after = "a" * 500 + "b" + "c" * 50, "a" * 500 + "d" + "c" * 50
    assert shown(before, after) == ["- …" + "a" * 36 + "b" + "c" * 50, "+ …" + "a" * 36 + "d" + "c" * 50]
    assert shown(before, after, verbose=True) == [f"- {before}", f"+ {after}"]


def test_a_long_line_that_only_grew_is_shown_at_its_end() -> None:
    assert shown("a" * 200, "a" * 201) == ["- …" + "a" * 36, "+ …" + "a" * 37]


def test_what_is_left_out_is_counted() -> None:
    assert shown(MISSING, list(range(100, 130)))[-1] == "… 21 more lines (-v shows all)"
    assert shown(MISSING, ["x" * 200])[1].endswith("x… 64 more characters (-v shows all)")


def test_a_difference_of_very_many_lines_is_not_computed() -> None:
    before, after = "\n".join(["a"] * 3000), "\n".join(["b"] * 3000)
    lines = shown(before, after, verbose=True)
    assert lines == ["- a"] * 3000 + ["+ b"] * 3000


@given(JSON)
def test_a_verbose_addition_leaves_nothing_out(value: Json) -> None:
    lines = lines_of(value)
    assert (value if isinstance(value, str) else decode("\n".join(lines))) == (
        "\n".join(lines) if isinstance(value, str) else value
    )


@given(JSON, JSON)
def test_every_pair_of_values_can_be_shown(before: Json, after: Json) -> None:
    assert shown(before, after)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([], "0 entries"),
        ([1], "1 entry"),
        ([{"name": "a"}, {"name": 3}], "2 entries: a"),
        ({"a": 1}, "1 key: a"),
        ({}, "0 keys"),
        (7, "7"),
        ("x" * 80, '"' + "x" * 71 + "… 10 more characters"),
        ({"k" * 80: 1}, "1 key: " + "k" * 72 + "…"),
    ],
)
def test_a_value_is_summed_up_in_a_few_words(value: Json, words: str) -> None:
    assert summary_of(value) == words


def test_nothing_has_words_of_its_own() -> None:
    assert compact(MISSING) == "(nothing)"
