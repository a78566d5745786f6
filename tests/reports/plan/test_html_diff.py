from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.json_text import Json
from reconciler.documents.places import MISSING
from reconciler.reports.plan.html.diff import Cell, Diff, Mark, Room, Row, RowKind, one_side, side_by_side
from reconciler.reports.sinks.values import lines_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet="ab \n", max_size=90),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)
LINES = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=30)


def said(cell: Cell | None) -> str:
    """The text of a cell, what differs in brackets; `.` for no line."""
    if cell is None:
        return "."
    return "".join(f"[{piece.text}]" if piece.mark is Mark.DIFFERENT else piece.text for piece in cell)


def shown(diff: Diff) -> list[tuple[str, str]]:
    return [(said(row.left), said(row.right)) for row in diff.rows]


def compared(left: Json, right: Json) -> list[tuple[str, str]]:
    return shown(side_by_side(left, right, Room()))


def text_of(rows: tuple[Row, ...], side: str) -> list[str]:
    cells = [getattr(row, side) for row in rows]
    return ["".join(piece.text for piece in cell) for cell in cells if cell is not None]


@pytest.mark.parametrize(
    ("left", "right", "row"),
    [
        ("us6", "us7", ('"us[6]"', '"us[7]"')),
        ("a", "ab", ('"a"', '"a[b]"')),
        ("100", 100, ('"100"', "100")),
        (True, 1, ("true", "1")),
        (MISSING, None, ("(nothing)", "null")),
        ({"a": 1}, MISSING, ('{"a":1}', "(nothing)")),
    ],
)
def test_short_values_stand_beside_each_other_in_one_row(left: Json, right: Json, row: tuple[str, str]) -> None:
    assert compared(left, right) == [row]


def test_nothing_is_told_apart_from_a_text_that_says_so() -> None:
    (absent,) = side_by_side(MISSING, 1, Room()).rows
    long = side_by_side("(nothing)\n", "b\n", Room()).rows[0]
    assert absent.left is not None
    assert long.left is not None
    assert (absent.left[0].mark, long.left[0].mark) == (Mark.NOTHING, Mark.PLAIN)


def test_lines_of_a_text_are_aligned_and_those_far_from_a_change_are_counted() -> None:
    before = "\n".join("abcdefghijklmnopqrstuvwxyz")
    after = before.replace("k\n", "").replace("l", "L1\nL2")
    assert compared(before, after) == [
        ("… 7 lines the same", "."),
        ("h", "h"),
        ("i", "i"),
        ("j", "j"),
        ("k", "L1"),
        ("l", "L2"),
        ("m", "m"),
        ("n", "n"),
        ("o", "o"),
        ("… 11 lines the same", "."),
    ]


def test_lines_between_two_changes_are_counted_once_there_are_enough() -> None:
    middle = "\n".join("bcdefghi")
    assert compared(f"1\n{middle}\n1", f"2\n{middle}\n2")[4:6] == [("… 2 lines the same", "."), ("g", "g")]


def test_a_longer_text_has_rows_that_the_other_side_has_not() -> None:
    assert compared("a\nb\nc", "a\nx") == [("a", "a"), ("b", "x"), ("c", ".")]


def test_an_object_is_compared_by_the_lines_of_its_json() -> None:
    assert compared({"a": 1, "b": "x" * 80}, {"a": 2, "b": "x" * 80})[1] == ('  "a": [1],', '  "a": [2],')


def test_a_text_that_reads_like_the_json_of_the_other_value_is_still_different() -> None:
    value = {"a": "x" * 80}
    ((left, right),) = compared("\n".join(lines_of(value)), value)
    assert left != right
    assert left.startswith('"{\\n')


def test_a_long_line_is_shown_from_just_before_the_difference() -> None:
    before, after = "a" * 4_000 + "b" + "c" * 2_000, "a" * 4_000 + "d" + "c" * 2_000
    left, right = (f"… 3,940 characters the same {'a' * 60}[{letter}]{'c' * 600} … 1,400 more characters" for letter in "bd")
    assert compared(before, after) == [(left, right)]


def test_of_a_long_difference_in_a_line_the_rest_is_counted() -> None:
    assert compared("b" * 700, "a") == [(f"[{'b' * 600}] … 100 more characters", "[a]")]


def test_lines_that_have_little_in_common_are_not_marked() -> None:
    assert compared("once upon a time", "on top of it all") == [('"once upon a time"', '"on top of it all"')]


def test_an_addition_has_its_lines_on_one_side() -> None:
    assert compared(MISSING, "a\nb") == [("(nothing)", "a"), (".", "b")]
    assert compared("a\nb", MISSING) == [("a", "(nothing)"), ("b", ".")]


def test_a_value_with_nothing_beside_it_has_one_side() -> None:
    diff = one_side({"a": 1}, Room())
    assert diff.one_sided
    assert shown(diff) == [(".", '{"a":1}')]


@pytest.mark.parametrize(("lines", "folded"), [(16, False), (17, True)])
def test_only_a_long_value_is_folded(lines: int, folded: bool) -> None:
    assert one_side("\n".join("x" * lines), Room()).is_folded is folded


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ("a\nb\nc", "a\nx\ny", "2 lines different"),
        (MISSING, ["a" * 80], "1 entry"),
        ({"a": 1}, MISSING, "1 key: a"),
    ],
)
def test_a_folded_change_says_what_is_in_it(left: Json, right: Json, words: str) -> None:
    assert side_by_side(left, right, Room()).summary == words


def test_what_is_left_out_is_counted() -> None:
    diff = side_by_side("\n".join(["a"] * 3_000), "\n".join(["b"] * 3_001), Room())
    assert (len(diff.rows), diff.left_out) == (240, "… 2,761 more lines (the JSON report has all)")


def test_one_changed_line_among_very_many_is_found_without_a_line_diff() -> None:
    lines = [str(number) for number in range(100_000)]
    room = Room()
    diff = side_by_side("\n".join(lines), "\n".join([*lines[:50_000], "new", *lines[50_001:]]), room)
    assert [row.kind for row in diff.rows].count(RowKind.CHANGED) == 1
    assert room.comparisons == Room().comparisons - 2


def test_a_page_compares_only_so_many_lines() -> None:
    room = Room(comparisons=6)
    left, right = "a\nx\nb", "c\nx\nd"
    assert shown(side_by_side(left, right, room))[1] == ("x", "x")
    assert room.comparisons == 0
    assert shown(side_by_side("a\nb\nx\nc", "d\nx\ne\nf", room))[1] == ("b", "x")


def test_a_full_page_shows_a_value_in_a_few_words() -> None:
    room = Room(characters=1)
    assert side_by_side(1, 2, room).rows != ()
    assert side_by_side(MISSING, [1, 2], room) == Diff((), "2 entries", "not shown: the page is full (the JSON report has it)")
    assert one_side("x", room) == Diff((), '"x"', "not shown: the page is full (the JSON report has it)")


@given(JSON, JSON)
def test_every_pair_of_values_can_be_shown(left: Json, right: Json) -> None:
    assert side_by_side(left, right, Room()).rows


@given(JSON)
def test_an_addition_leaves_nothing_out(value: Json) -> None:
    assert text_of(one_side(value, Room()).rows, "right") in (
        [*lines_of(value)],
        text_of(side_by_side(MISSING, value, Room()).rows, "right"),
    )


@given(LINES, LINES)
def test_the_rows_of_each_side_are_its_lines_in_their_order(before: list[str], after: list[str]) -> None:
    before, after = [*before, "-"], [*after, "+"]
    rows = side_by_side("\n".join(before), "\n".join(after), Room()).rows
    for side, lines in (("left", before), ("right", after)):
        number = 0
        for row in rows:
            if row.kind is RowKind.GAP:
                number += int(text_of((row,), "left")[0].split()[1])
                continue
            for text in text_of((row,), side):
                assert text == lines[number]
                number += 1
        assert number == len(lines)
