"""What is new is written as what stands beside it; comments go with their items; what cannot be changed is refused with its line."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.texts.in_place.alignment import align, match
from reconciler.texts.in_place.rewrite import CannotChange, rewrite
from reconciler.texts.locate import Syntax
from reconciler.texts.yaml import read_yaml


def after(text: str, wanted: dict[str, Any], syntax: Syntax = Syntax.YAML) -> str:
    return rewrite(text.encode(), syntax, wanted).decode()


@pytest.mark.parametrize(
    ("text", "new", "lines"),
    [
        ("a: {x: 1}\nb: {y: 2}\n", {"z": [1]}, "new: {z: [1]}\n"),
        ("a: { x: 'q' }\n", {"z": "no"}, "new: { z: 'no' }\n"),
        ("a: {x: 1}\nb:\n  y: 2\n", {"z": 1}, "new:\n  z: 1\n"),
        ("a: {x: 1}\n", {"z": "long " * 40}, f'new:\n  z: "{"long " * 40}"\n'),
        ("a:\n- x\n", ["p", "q"], "new:\n- p\n- q\n"),
        ("a: [x]\n", ["p", "q"], "new: [p, q]\n"),
        ('"a": "x"\n"b":\n    "y": "z"\n', {"c": "d"}, '"new":\n    "c": "d"\n'),
        ("'a': 'x'\n", {"c": ["d", 1]}, "'new':\n  'c': ['d', 1]\n"),
        ("a: 'x: y'\nb: plain\n", {"c": "d: e"}, "new:\n  c: 'd: e'\n"),
    ],
)
def test_a_new_key_is_written_as_its_neighbours(text: str, new: Any, lines: str) -> None:
    assert after(text, read_yaml(text.encode()).value | {"new": new}) == text + lines


def test_a_new_item_stands_as_far_behind_its_dash_as_its_neighbours() -> None:
    assert after("a:\n-   x\n-   y\n", {"a": ["x", "y", "z"]}) == "a:\n-   x\n-   y\n-   z\n"


@pytest.mark.parametrize(
    ("text", "value", "wanted"),
    [
        ("a: >- # c\n  one two\n  three\n  four\nb: 1\n", "one 2 three four", "a: >- # c\n  one 2\n  three\n  four\nb: 1\n"),
        ("a: >-\n  one\n  two\n\n  three\nb: 1\n", "one two\n3", "a: >-\n  one\n  two\n\n  3\nb: 1\n"),
        ("a: |\n  one\nb: 1\n", "two\n", "a: |\n  two\nb: 1\n"),
        ("a: |-\n      one\nb: 1\n", "two\nthree", "a: |-\n      two\n      three\nb: 1\n"),
        ("a: |2\n    one\n  two\nb: 1\n", "  1\ntwo\n\n", "a: |2+\n    1\n  two\n\nb: 1\n"),
        ("a: |\n  one\n\n\nb: 1\n", "one\n\n", "a: |+\n  one\n\nb: 1\n"),
        ("a: |  # c\n  one\nb: 1\n", 5, "a: 5  # c\nb: 1\n"),
        ("a: |  # c\n  one\nb: 1\n", {"k": 1}, "a:  # c\n  k: 1\nb: 1\n"),
        ('a: "one\\ntwo" # c\nb: 1\n', "one\nthree", 'a: "one\\nthree" # c\nb: 1\n'),
        ("a:\n  one # c\nb: 1\n", "x\ny\n", "a:\n  | # c\n  x\n  y\nb: 1\n"),
        ("a: !!str 1 # c\nb: 1\n", 1, "a: 1 # c\nb: 1\n"),
        ("a: &x !!str 1 # c\nb: 1\n", 1, "a: &x 1 # c\nb: 1\n"),
        ("a: &x # c\n  k: 1\nb: 1\n", 1, "a: &x 1 # c\nb: 1\n"),
        ("? a # c\nb: 1\n", 1, "? a # c\n: 1\nb: 1\n"),
        ("? a # c\nb: 1\n", {"k": 1}, "? a # c\n:\n  k: 1\nb: 1\n"),
        ("? a\n: k: 1 # c\n  l: 2\nb: 1\n", {"k": 1, "l": 3}, "? a\n: k: 1 # c\n  l: 3\nb: 1\n"),
    ],
)
def test_a_value_changes_in_its_style(text: str, value: Any, wanted: str) -> None:
    assert after(text, {"a": value, "b": 1}) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("? # one\n  a # two\n: 1\nb: 2\n", "? # one\n  a # two\n: 1\nb: 3\n"),
        ("?\n  a\n: 1\nb: 2 # c\n", "?\n  a\n: 1\nb: 3 # c\n"),
        ("? a : # c\n: 1\n? b\n: 2\n".replace(" :", "", 1), "? a # c\n: 1\n? b\n: 3\n"),
        ("{? a : 1, b: 2}\n", "{? a : 1, b: 3}\n"),
    ],
)
def test_a_key_may_stand_behind_a_question_mark_anywhere(text: str, wanted: str) -> None:
    assert after(text, {"a": 1, "b": 3}) == wanted


LINES = """\
a: [
  # Above x.
  x, # beside x
  y # beside y
]
"""


@pytest.mark.parametrize(
    ("items", "wanted"),
    [
        (["x"], "a: [\n  # Above x.\n  x, # beside x\n]\n"),
        (["y"], "a: [\n  y # beside y\n]\n"),
        (["x", "z", "y"], "a: [\n  # Above x.\n  x, # beside x\n  z,\n  y # beside y\n]\n"),
        (["x", "y", "z", "w"], "a: [\n  # Above x.\n  x, # beside x\n  y, # beside y\n  z,\n  w\n]\n"),
        (["z", "x", "y"], "a: [\n  z,\n  # Above x.\n  x, # beside x\n  y # beside y\n]\n"),
        (["y", "x"], "a: [\n  y, # beside y\n  # Above x.\n  x, # beside x\n]\n"),
    ],
)
def test_comments_stay_with_entries_in_brackets_over_lines(items: list[str], wanted: str) -> None:
    assert after(LINES, {"a": items}) == wanted


NAMED = """\
list:
  # Above one.
  - name: one # beside one
    v: [1]
  # Above two.
  - name: two # beside two
    v: [2]
    # Inside two.
"""


def test_a_named_item_that_moved_and_changed_keeps_its_comments() -> None:
    assert after(NAMED, {"list": [{"name": "two", "v": [3]}, {"name": "one", "v": [1], "w": 1}]}) == (
        "list:\n  # Above two.\n  - name: two # beside two\n    v: [3]\n    # Inside two.\n"
        "  # Above one.\n  - name: one # beside one\n    v: [1]\n    w: 1\n"
    )


def test_an_item_that_goes_takes_its_comments_with_it() -> None:
    assert after(NAMED, {"list": [{"name": "one", "v": [1]}]}) == NAMED[: NAMED.index("  # Above two")]


def test_the_comment_at_the_top_of_a_file_stays_when_its_first_key_goes() -> None:
    assert after("# What this is.\na: 1\nb: 2\n", {"b": 2}) == "# What this is.\nb: 2\n"


def test_a_new_first_key_takes_no_comment_of_the_one_behind_it() -> None:
    assert after("# Above.\nb: 2\n", {"a": 1, "b": 2}) == "# Above.\nb: 2\na: 1\n"


def test_what_is_behind_a_dash_goes_and_the_comment_of_the_next_key_stays() -> None:
    assert after("a:\n- x: 1\n  # Above y.\n  y: 2\n", {"a": [{"y": 2}]}) == "a:\n-\n  # Above y.\n  y: 2\n"


def test_items_that_move_past_their_anchors_are_written_out_and_keep_their_comments() -> None:
    text = "list:\n  # Above one.\n  - name: one\n    v: &v [1]\n  # Above two.\n  - name: two\n    v: *v # beside\nend: *v\n"
    wanted = {"list": [{"name": "two", "v": [1]}, {"name": "one", "v": [1]}], "end": [1]}
    assert after(text, wanted) == (
        "list:\n  # Above two.\n  - name: two\n    v: [1] # beside\n  # Above one.\n  - name: one\n    v: &v [1]\nend: *v\n"
    )


def test_blank_lines_do_not_become_part_of_a_text_above_them() -> None:
    assert after("a: |+\n  x\nb: 1\n\n\nc: 1\n", {"a": "x\n", "c": 1}) == "a: |+\n  x\nc: 1\n"
    text = "a:\n- |+\n  x\n- y\n\nc: 1\n"
    assert after(text, {"a": ["y", "x\n"], "c": 1}) == "a:\n- y\n- |+\n  x\nc: 1\n"


def test_mappings_without_names_are_paired_by_what_they_say() -> None:
    before = [{"a": 1, "b": 2, "c": 3}, {"x": 1, "y": 2, "z": 3}]
    assert match(before, [{"x": 1, "y": 2, "z": 4}, {"a": 0, "b": 2, "c": 3}]) == {0: 1, 1: 0}
    assert align(before, [{"x": 1, "y": 2, "z": 4}]) == [(1, 0), (0, None)]


def test_of_items_that_went_the_one_of_the_same_kind_is_what_another_became() -> None:
    assert match(["x", {"a": 1}], [{"a": 2}]) == {0: 1}
    assert match(["x", "y"], [1]) == {0: 0}
    assert match([["x"], {"a": 1}], ["y"]) == {0: 0}


def test_a_text_with_blank_lines_of_its_own_moves_behind_those_that_follow() -> None:
    text = "a:\n- |+\n  x\n- y\n- z\n\nc: 1\n"
    assert after(text, {"a": ["y", "z", "x\n"], "c": 1}) == "a:\n- y\n- z\n\n- |+\n  x\nc: 1\n"


@pytest.mark.parametrize(
    ("items", "wanted"),
    [(["p", "s"], "[p, # of p\n s]"), (["p"], "[p, # of p\n ]"), (["p", "r", "s"], "[p, # of p\n r,\n s]"), (["s"], "[s]")],
)
def test_an_entry_in_brackets_that_goes_leaves_the_comment_of_the_one_before(items: list[str], wanted: str) -> None:
    assert after("a: [p, # of p\n q, r,\n s]\n", {"a": items}) == f"a: {wanted}\n"


def test_what_cannot_be_changed_in_place_is_refused_with_its_line() -> None:
    text = "a: 1\nb: 2\nc: 3\rd: 4\n"  # a carriage return alone ends a line for YAML, and for hardly any editor
    with pytest.raises(CannotChange) as refused:
        after(text, {"a": 1, "b": 2, "c": {"x": 1}, "d": 4})
    assert str(refused.value) == "line 3 cannot be edited in place"


def test_a_file_of_which_no_key_stays_is_refused() -> None:
    with pytest.raises(CannotChange, match="none of its keys remain"):
        after("a: 1\n", {"b": 1})
