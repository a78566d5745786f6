from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.documents.json_text import Json
from reconciler.reports.sinks.text import width
from reconciler.reports.trying.rows import cut_to, record_lines

VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def test_few_fields_are_a_table_of_records() -> None:
    assert record_lines([{"id": 1, "name": "Jane"}, {"id": 22}], 40) == ["id  name", "--------", "1   Jane", "22"]


def test_many_fields_are_a_table_of_fields() -> None:
    rows = [{f"field{number}": "x" * 20 for number in range(6)}] * 2
    lines = record_lines(rows, 60)
    assert len(lines) == 6
    assert lines[0] == f"field0  {'x' * 20}  {'x' * 20}"


def test_objects_are_fields_with_dots_and_lists_are_compact() -> None:
    assert record_lines([{"a": {"b": {"c": {"d": 1}}}, "e": [1, 2]}], 60)[0] == "a.b.c    e"


def test_a_long_name_keeps_its_end() -> None:
    rows = [{"member": {"merge_fields": {"first_name": "Jane", "last_name": "Doe"}}, "x": "y" * 40}] * 2
    assert [line.split()[0] for line in record_lines(rows, 60)] == ["…e_fields.first_name", "…ge_fields.last_name", "x"]


def test_fields_beyond_the_limit_are_counted() -> None:
    rows = [{f"f{number}": number for number in range(50)}]
    assert record_lines(rows, 60)[-1] == "… 10 more fields (-v shows all)"
    assert len(record_lines(rows, 60, whole=True)) == 50


def test_a_record_that_is_no_object_is_shown() -> None:
    assert record_lines(["a", 2], 60) == ["", "-", "a", "2"]


def test_wide_characters_count_twice() -> None:
    assert cut_to("日本語", 5) == "日本…"
    assert record_lines([{"名": "日本", "id": 1}], 40)[2] == "日本  1"


@given(st.lists(VALUES, min_size=1, max_size=3), st.integers(40, 120))
def test_no_line_is_wider_than_the_terminal(rows: list[Json], columns: int) -> None:
    assert all(width(line) <= columns for line in record_lines(rows, columns))


@given(st.text(), st.integers(1, 40))
def test_a_cut_text_fits(text: str, columns: int) -> None:
    assert width(cut_to(text, columns)) <= columns
