"""Rows of a dataset that are, or are not, what a mapping makes of records."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.proofs.values import Mapped
from reconciler.proving.making.mapped import Comparison, changing_paths, is_plain, mapped_records

ENTRIES = (Mapped("member.id", "_acme.id"), Mapped("member.email", "_acme.mail"))
RECORDS = [{"member": {"id": n, "email": f"m{n}@example.com"}} for n in range(3)]
ROWS = [{"_acme": {"id": n, "mail": f"m{n}@example.com"}} for n in range(3)]


def compared(rows: list[Any], records: list[Any] = RECORDS, **more: Any) -> Comparison:
    return mapped_records(ENTRIES, records, **more).compared(rows)


def test_rows_with_all_values_of_a_record_are_alike() -> None:
    assert compared(ROWS[:2]) == Comparison(2, alike=2)


def test_rows_without_any_mapped_value_lack_them_all() -> None:
    assert compared([{}, {"_id": "x"}]) == Comparison(2, lacking={"_acme.id": 2, "_acme.mail": 2})


def test_one_row_without_a_value_that_every_record_has_is_enough() -> None:
    assert compared([ROWS[0], {"_acme": {"id": 1}}]).lacking == {"_acme.mail": 1}


def test_where_not_all_records_are_known_a_value_must_lack_in_every_row() -> None:
    assert compared([ROWS[0], {"_acme": {"id": 7}}], complete=False).lacking == {}
    assert compared([{"_acme": {"id": 7}}], complete=False).lacking == {"_acme.mail": 1}


def test_a_value_that_some_record_lacks_may_lack_in_rows() -> None:
    records = [*RECORDS, {"member": {"id": 9, "email": None}}]
    assert compared([{"_acme": {"id": 9}}], records) == Comparison(1, alike=1)


def test_values_of_two_records_in_one_row_are_not_alike() -> None:
    assert compared([{"_acme": {"id": 0, "mail": "m1@example.com"}}]) == Comparison(1)


def test_values_that_no_record_has_differ() -> None:
    assert compared([{"_acme": {"id": 0, "mail": "0"}}]) == Comparison(1, differing=("_acme.mail",))


def test_a_changing_value_must_be_there_and_may_differ() -> None:
    row = {"_acme": {"id": 0, "mail": "other"}}
    assert compared([row], changing={"member.email"}) == Comparison(1, alike=1)
    assert compared([{"_acme": {"id": 0}}], changing={"member.email"}).lacking == {"_acme.mail": 1}


def test_changing_values_alone_prove_nothing() -> None:
    assert compared(ROWS, changing={"member.email", "member.id"}).alike == 0


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (5, "5"),
        (5, 5.0),
        (True, "true"),
        (1.5, "1.5"),
        ("2024-01-05T00:00:00Z", "2024-01-05T01:00:00.000+01:00"),
        ("2024-01-05T00:00:00", "2024-01-05T00:00:00.000Z"),
        ("a T b", "a T b"),
    ],
)
def test_a_conversion_to_the_type_of_a_field_keeps_a_value(here: Any, there: Any) -> None:
    entry = (Mapped("v", "x.v"),)
    assert mapped_records(entry, [{"v": here}]).compared([{"x": {"v": there}}]).alike == 1
    assert mapped_records(entry, [{"v": here}]).compared([{"x.v": there}]).alike == 1


@pytest.mark.parametrize("odd", [None, [], {}, "text", 5])
def test_a_row_of_another_shape_lacks_every_value(odd: Any) -> None:
    assert compared([odd]).lacking == {"_acme.id": 1, "_acme.mail": 1}


def test_lists_and_objects_and_paths_with_an_index_are_not_compared() -> None:
    entries = (Mapped("tags", "x.tags"), Mapped("a[0]", "x.a"), Mapped("a\\.b", "x.b"), Mapped("id", "x.id"))
    assert [is_plain(one) for one in entries] == [True, False, False, True]
    records = mapped_records(entries, [{"tags": ["t"], "id": 1}])
    assert records.records == ({"x.id": "1"},)
    assert records.compared([{"x": {"id": 1, "tags": ["t"]}}]).alike == 1


def test_of_two_entries_with_one_destination_neither_is_compared() -> None:
    entries = (Mapped("a", "x"), Mapped("b", "x"), Mapped("c", "y"))
    assert mapped_records(entries, [{"a": 1, "b": 2, "c": 3}]).records == ({"y": "3"},)


def test_a_value_that_differs_in_the_second_read_changes() -> None:
    rows = [{"id": n, "name": "x", "avatar": f"https://a/{n}?s=1"} for n in range(2)]
    again = [{**row, "avatar": "https://a?s=2"} for row in rows]
    assert changing_paths(rows, again) == {"avatar"}
    assert changing_paths(rows, rows) == set()


def test_two_records_that_have_little_in_common_say_nothing_about_changes() -> None:
    assert changing_paths([{"id": 1, "name": "x"}], [{"id": 2, "name": "y"}]) == set()
