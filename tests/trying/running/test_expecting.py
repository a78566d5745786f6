from __future__ import annotations

from typing import Any

import pytest

from reconciler.errors import Severity
from reconciler.proofs.values import Amount, Expect
from reconciler.sources.findings import Finding
from reconciler.trying.running import expecting
from reconciler.trying.running.expecting import Expectations


def found(expect: Expect, *pages: list[Any], complete: bool = True) -> list[Finding]:
    expectations = Expectations(expect)
    for page in pages:
        expectations.look(page)
    return list(expectations.findings(complete=complete))


def records(*values: Any) -> list[Any]:
    return [{"id": value, "name": {"first": "Jane"}} for value in values]


def test_what_is_as_expected_has_no_finding() -> None:
    expect = Expect(Amount(3, 3), Amount(2), "id", ("id", "name.first"))
    assert found(expect, records(1, 2), records(3)) == []


@pytest.mark.parametrize(
    ("amount", "words"),
    [(Amount(4, 4), "4"), (Amount(4), "at least 4"), (Amount(0, 2), "0 to 2"), (Amount(5, 9), "5 to 9")],
)
def test_another_number_of_records_is_an_error_at_its_line(amount: Amount, words: str) -> None:
    (one,) = found(Expect(amount), records(1, 2, 3))
    assert (one.code, one.severity, one.path) == ("expected-records", Severity.ERROR, ("expect", "records"))
    assert one.message == f"read 3 records, expected {words}"


def test_too_few_pages_are_an_error() -> None:
    (one,) = found(Expect(pages=Amount(2)), records(1))
    assert (one.code, one.message) == ("expected-pages", "read 1 page, expected at least 2")


def test_a_trial_that_was_cut_short_is_not_blamed_for_too_few() -> None:
    assert found(Expect(Amount(9, 9), Amount(4)), records(1, 2), complete=False) == []
    assert [one.code for one in found(Expect(Amount(1, 1)), records(1, 2), complete=False)] == ["expected-records"]


def test_a_field_that_some_records_lack_is_counted() -> None:
    page = [*records(1), {"name": None}, {"name": "x"}]
    one, other = found(Expect(fields=("id", "name.first", "name")), page)
    assert one.message == "2 records of 3 have no `id`, the first is record 2"
    assert other.message == "2 records of 3 have no `name.first`, the first is record 2"
    assert found(Expect(fields=("id",)), [*records(1), {}])[0].message == "1 record of 2 has no `id`, the first is record 2"


def test_a_misspelled_field_gets_the_one_that_was_meant() -> None:
    (one,) = found(Expect(fields=("emial",)), [{"email": 1, "id": 2}])
    assert one.hint == "did you mean 'email'?"


def test_a_field_with_a_dot_in_its_name_counts() -> None:
    assert found(Expect(fields=("a.b",), unique="a.b"), [{"a.b": 1}, {"a.b": 2}]) == []


def test_a_repeated_value_is_an_error_across_pages_and_types() -> None:
    (one,) = found(Expect(unique="id"), records(1, {"a": 1, "b": 2}), records("1", {"b": 2, "a": 1}))
    assert (one.code, one.path) == ("expected-unique", ("expect", "unique"))
    assert one.message == '1 record repeats a value of `id`, the first is {"a":1,"b":2}'


def test_a_unique_field_that_no_record_has_proves_nothing() -> None:
    (one,) = found(Expect(unique="key"), records(1, 2))
    assert one.message == "no record has `key`, so it cannot tell records apart"
    assert found(Expect(unique="key"), []) == []


def test_values_beyond_those_that_are_remembered_are_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expecting, "_MAX_VALUES", 2)
    (one,) = found(Expect(unique="id"), records(1, 2, 3))
    assert one.severity is Severity.WARNING
    assert "only the first 2 values" in one.message


def test_records_that_are_no_objects_lack_every_field() -> None:
    (one,) = found(Expect(fields=("id",)), ["a", 1, None])
    assert one.message.startswith("3 records of 3 have no `id`")


def test_a_bound_may_be_reached_by_a_trial_that_was_cut_short() -> None:
    assert found(Expect(Amount(0, 2), Amount(1, 1)), records(1, 2), complete=False) == []


def test_an_empty_page_at_the_end_is_not_a_second_page() -> None:
    (one,) = found(Expect(pages=Amount(2)), records(1), [])
    assert (one.code, one.message) == ("expected-pages", "read 1 page, expected at least 2")


def test_too_many_pages_are_an_error_at_their_line() -> None:
    (one,) = found(Expect(pages=Amount(1, 1)), records(1), records(2))
    assert (one.message, one.path) == ("read 2 pages, expected 1", ("expect", "pages"))


def test_a_field_that_is_missing_is_an_error_at_its_line_with_a_next_step() -> None:
    (one,) = found(Expect(fields=("zip",)), records(1))
    assert (one.path, one.hint) == (("expect", "fields"), "check contentPath, or correct `expect.fields`")


def test_several_repeated_values_are_counted_and_the_first_is_shown_in_part() -> None:
    (one,) = found(Expect(unique="id"), records("x" * 99, "b"), records("x" * 99, "b"))
    assert one.message == f'2 records repeat a value of `id`, the first is "{"x" * 59}'


def test_a_value_that_repeats_the_word_repeat_is_shown_as_it_is() -> None:
    assert found(Expect(unique="id"), records(" repeat "), records(" repeat "))[0].message.endswith('" repeat "')


def test_null_is_no_value_of_a_unique_field() -> None:
    assert [one.code for one in found(Expect(unique="id"), records(None, None))] == ["expected-unique"]
    assert found(Expect(unique="id"), records(None, None, 1)) == []


def test_a_unique_field_whose_only_value_repeats_is_reported_once() -> None:
    (one,) = found(Expect(unique="id"), records(1, 1))
    assert one.message == "1 record repeats a value of `id`, the first is 1"


def test_repeats_beyond_what_is_remembered_are_an_error_and_no_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expecting, "_MAX_VALUES", 1)
    (one,) = found(Expect(unique="id"), records(1, 2, 1))
    assert one.severity is Severity.ERROR


def test_a_field_is_also_found_by_a_path_from_the_root() -> None:
    assert found(Expect(fields=("$.name.first",)), records(1)) == []


def test_the_field_that_was_meant_is_looked_for_in_the_first_record() -> None:
    (one,) = found(Expect(fields=("emial",)), [{"email": 1}, {"emails": 1}])
    assert one.hint == "did you mean 'email'?"


def test_very_many_missing_fields_are_reported_together() -> None:
    wanted = tuple(f"field{number}" + "x" * 1000 for number in range(22))
    *each, last = found(Expect(fields=wanted), records(1))
    assert (len(each), last.code) == (20, "expected-fields")
    assert last.message == "2 further fields of `expect.fields` are missing in records"
    assert all(len(one.message) < 200 for one in each)
    assert found(Expect(fields=wanted[:21]), records(1))[-1].message.startswith("1 further field of `expect.fields` is")
    assert len(found(Expect(fields=wanted[:20]), records(1))) == 20


@pytest.mark.parametrize(
    ("expect", "name"),
    [
        (Expect(Amount(9, 9)), "records"),
        (Expect(pages=Amount(9)), "pages"),
        (Expect(fields=("zip",)), "fields"),
        (Expect(fields=tuple(f"field{number}" for number in range(21))), "fields"),
        (Expect(unique="name"), "unique"),
        (Expect(unique="zip"), "unique"),
    ],
)
def test_each_finding_is_at_the_line_of_what_was_expected_with_a_next_step(expect: Expect, name: str) -> None:
    each = found(expect, records(1, 2))
    assert {one.path for one in each} == {("expect", name)}
    assert all(one.hint and one.severity is Severity.ERROR for one in each)
    assert {one.code for one in each} == {f"expected-{name}"}


def test_what_could_not_be_compared_is_at_the_line_of_the_unique_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expecting, "_MAX_VALUES", 1)
    (one,) = found(Expect(unique="id"), records(1, 2))
    assert (one.code, one.path) == ("expected-unique", ("expect", "unique"))
    assert one.hint == "try a smaller time range with --window FROM..TO"


@pytest.mark.parametrize(
    ("expect", "hint"),
    [
        (Expect(Amount(9, 9)), "compare the requests above with the API's documentation, or correct `expect.records`"),
        (Expect(pages=Amount(9)), "check paginationParams, or correct `expect.pages`"),
        (Expect(unique="name"), "pages overlap, or the field is not unique: check paginationParams"),
        (Expect(unique="zip"), "name a field of the records in `expect.unique`"),
    ],
)
def test_the_next_step_is_where_the_cause_can_be(expect: Expect, hint: str) -> None:
    assert [one.hint for one in found(expect, records(1, 2))] == [hint]


def test_fields_that_records_lack_are_counted_across_pages() -> None:
    (one,) = found(Expect(fields=("zip",)), [{"zip": 1}, {"zip": 2}], [{"zip": 3}, {"id": 4}], [{"id": 5}])
    assert one.message == "2 records of 5 have no `zip`, the first is record 4"


def test_a_field_within_a_value_that_is_no_object_is_missing() -> None:
    (one,) = found(Expect(fields=("name.first.initial",)), records(1))
    assert one.message.startswith("1 record of 1 has no `name.first.initial`")


@pytest.mark.parametrize(
    ("amount", "hint"),
    [
        (Amount(412, 412), "use --pages 207"),
        (Amount(5), "use --pages 4"),
        (Amount(1_000_000), "try a smaller time range with --window FROM..TO"),
    ],
)
def test_records_beyond_the_limit_of_requests_stay_open_with_the_limit_that_reads_them(amount: Amount, hint: str) -> None:
    expectations = Expectations(Expect(amount))
    expectations.look(records(1, 2))
    (one,) = expectations.left_open(1)
    assert (one.code, one.severity, one.hint) == ("expected-records", Severity.ERROR, hint)
    assert one.message == f"read 2 records before the limit of requests, expected {amount}"


def test_nothing_stays_open_if_enough_was_read_or_nothing_was_expected() -> None:
    for expect in (Expect(Amount(2, 9)), Expect()):
        expectations = Expectations(expect)
        expectations.look(records(1, 2))
        assert list(expectations.left_open(1)) == []
