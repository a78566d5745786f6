"""A row of the evidence table is learnt only if one of its values alone explains what Adobe's engine did."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from reconciler.documents.json_text import Json, encode
from reconciler.proving import learning
from reconciler.proving.learning import Observed, Predict, learnt, predicting
from reconciler.proving.report import LearntRow
from reconciler.sources.evidence import Assumptions
from reconciler.sources.messages import Answer, NoAnswer, Request
from reconciler.sources.source import Source
from reconciler.sources.trial import Limits
from reconciler.sources.values import Values
from reconciler.sources.window import Mode, Window
from reconciler.trying.running.assumptions import Memo

NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
BACKFILL = Window(Mode.BACKFILL, None, NOW)
OFFSET = {"type": "OFFSET", "limitName": "limit", "limitValue": "3", "offSetName": "offset"}
PAGE = {"type": "PAGE", "limitName": "limit", "limitValue": "3", "pageParamName": "page", "initialPageIndex": "1"}


def source(pagination: dict[str, Any], **attributes: Any) -> Source:
    url = {"host": "https://api.acme.example", "path": "/v1/members", "method": "GET"}
    given = {"urlParams": url, "contentPath": {"path": "$.members"}, "paginationParams": pagination, **attributes}
    return Source({"sourceSpec": {"attributes": given}})


def world(of: Source, third_party: Any, pages: int = 25) -> Predict:
    return predicting(of, Values(), Memo(third_party), Limits(pages, 10), BACKFILL)


def answers(rows: tuple[LearntRow, ...]) -> dict[str, str]:
    return {row.key: row.value for row in rows}


BY_PAGE = source({**PAGE, "endPageIndex": "3"})


def test_the_number_of_records_tells_whether_the_last_page_is_read() -> None:
    predict = world(BY_PAGE, by_page)
    inclusive = learnt(Observed(True, 7), predict, BY_PAGE, {})
    exclusive = learnt(Observed(True, 6), predict, BY_PAGE, {})
    assert answers(inclusive)["page.end"] == "inclusive"
    assert answers(exclusive)["page.end"] == "exclusive"
    assert "with exclusive it would be 6 records in 2 requests" in inclusive[0].why
    assert inclusive[0].why.startswith("the run read 7 records; ")


def test_a_number_that_no_value_explains_teaches_nothing() -> None:
    assert learnt(Observed(True, 5), world(BY_PAGE, by_page), BY_PAGE, {}) == ()


def test_without_a_number_nothing_is_learnt() -> None:
    assert learnt(Observed(True), world(BY_PAGE, by_page), BY_PAGE, {}) == ()


def by_page(request: Request) -> Answer | NoAnswer:
    """An API with seven records, three a page, whose pages begin with 1."""
    page = int(dict(request.query).get("page", "1"))
    rows = [{"id": number, "note": None} for number in range(7)][(page - 1) * 3 : page * 3] if page else []
    return answer_of({"members": rows})


def answer_of(body: Json) -> Answer:
    return Answer(200, {"content-type": "application/json"}, encode(body), 1)


def by_offset(request: Request) -> Answer | NoAnswer:
    """An API with seven records and no sign of an end."""
    offset, limit = (int(dict(request.query).get(name, default)) for name, default in (("offset", "0"), ("limit", "3")))
    return answer_of({"members": [{"id": number, "note": None} for number in range(7)][offset : offset + limit]})


BY_OFFSET = source(OFFSET)


def test_ends_that_read_the_same_records_are_not_told_apart_by_their_number() -> None:
    assert "offset.no-end" not in answers(learnt(Observed(True, 7), world(BY_OFFSET, by_offset), BY_OFFSET, {}))


@pytest.mark.parametrize(("requests", "value"), [(3, "until-short"), (4, "until-empty")])
def test_the_number_of_requests_tells_them_apart(requests: int, value: str) -> None:
    rows = learnt(Observed(True, 7, requests), world(BY_OFFSET, by_offset), BY_OFFSET, {})
    assert answers(rows)["offset.no-end"] == value


def test_a_run_without_an_end_is_not_ruled_out_by_fewer_requests_than_were_tried() -> None:
    rows = learnt(Observed(True, 7, 100), world(BY_OFFSET, by_offset), BY_OFFSET, {})
    assert "offset.no-end" not in answers(rows)


def test_what_an_earlier_proof_answered_is_not_asked_again() -> None:
    rows = learnt(Observed(True, 7), world(BY_PAGE, by_page), BY_PAGE, {"page.end": "inclusive"})
    assert "page.end" not in answers(rows)


def test_an_answer_of_an_earlier_proof_can_be_contradicted() -> None:
    rows = learnt(Observed(True, 6), world(BY_PAGE, by_page), BY_PAGE, {"page.end": "inclusive"})
    assert answers(rows)["page.end"] == "exclusive"


def test_an_earlier_answer_is_not_doubted_where_something_else_explains_what_was_seen() -> None:
    predict = world(BY_OFFSET, by_offset)
    bare = predict(Assumptions({"row.wrapped": "bare", "row.nulls": "kept"}), None).rows[:3]
    rows = learnt(Observed(explored=bare), predict, BY_OFFSET, {"row.nulls": "kept"})
    assert answers(rows) == {"row.wrapped": "bare"}


def test_what_no_value_explains_contradicts_no_earlier_answer() -> None:
    assert learnt(Observed(True, 5), world(BY_PAGE, by_page), BY_PAGE, {"page.end": "inclusive"}) == ()


def test_a_guess_of_the_proof_file_can_be_wrong() -> None:
    rows = learnt(Observed(True, 7), world(BY_PAGE, by_page), BY_PAGE, {}, {"page.end": "exclusive"})
    assert answers(rows)["page.end"] == "inclusive"


def test_fields_of_the_preview_tell_whether_rows_have_nulls_and_a_wrapper() -> None:
    predict = world(BY_OFFSET, by_offset)
    seen = predict(Assumptions({"row.wrapped": "bare", "row.nulls": "kept"}), None).rows[:3]
    assert seen == ({"id": 0, "note": None}, {"id": 1, "note": None}, {"id": 2, "note": None})
    rows = answers(learnt(Observed(explored=seen), predict, BY_OFFSET, {}))
    assert rows == {"row.wrapped": "bare", "row.nulls": "kept"}
    wrapped = predict(Assumptions({"row.nulls": "kept"}), None).rows[:3]
    assert answers(learnt(Observed(explored=wrapped), predict, BY_OFFSET, {})) == {"row.wrapped": "wrapped", "row.nulls": "kept"}


def test_a_preview_of_other_fields_teaches_nothing() -> None:
    assert learnt(Observed(explored=({"other": 1},)), world(BY_OFFSET, by_offset), BY_OFFSET, {}) == ()


def test_what_cannot_be_predicted_rules_out_nothing() -> None:
    def first_two(request: Request) -> Answer | NoAnswer:
        page = int(dict(request.query).get("page", "1"))
        return by_page(request) if page < 3 else NoAnswer("not-recorded", "it was not recorded")

    assert learnt(Observed(True, 6), world(BY_PAGE, first_two), BY_PAGE, {}) == ()


def test_two_values_that_explain_it_only_together_are_not_learnt() -> None:
    """Without `page.end`, a header that is absent decides the same number of pages."""
    of = source({**PAGE, "endPageIndex": "headers.x-pages"})
    rows = learnt(Observed(True, 7), world(of, by_page), of, {})
    assert "page.no-end" not in answers(rows)


def test_counts_of_rows_that_were_made_from_records_are_not_compared() -> None:
    of = source({**PAGE, "endPageIndex": "3"}, explodeEntityPath={"path": "$.members"})
    assert learnt(Observed(True, 7), world(of, by_page), of, {}) == ()


def test_a_run_that_succeeded_rules_out_what_would_fail() -> None:
    def strict(request: Request) -> Answer | NoAnswer:
        page = int(dict(request.query).get("page", "1"))
        return by_page(request) if page < 4 else Answer(404, {}, b"{}", 1)

    of = source(PAGE)
    rows = learnt(Observed(True, 7), world(of, strict), of, {})
    assert answers(rows)["page.no-end"] == "until-short"


def test_a_value_whose_requests_have_no_answer_stays_possible() -> None:
    def with_offset_only(request: Request) -> Answer | NoAnswer:
        return by_offset(request) if "offset" in dict(request.query) else NoAnswer("not-recorded", "it was not recorded")

    assert "offset.first" not in answers(learnt(Observed(True, 7), world(BY_OFFSET, with_offset_only), BY_OFFSET, {}))


@pytest.mark.parametrize(("status", "learns"), [(404, True), (401, True), (408, False), (429, False), (500, False), (503, False)])
def test_an_answer_that_may_pass_rules_out_nothing(status: int, *, learns: bool) -> None:
    """The third party failed when another value was tried; that it would have failed in the run is not known."""

    def failing(request: Request) -> Answer | NoAnswer:
        return by_offset(request) if "offset" in dict(request.query) else Answer(status, {}, b"{}", 1)

    found = answers(learnt(Observed(True, 7), world(BY_OFFSET, failing), BY_OFFSET, {}))
    assert ("offset.first" in found) is learns


BY_WINDOW = source(
    {**PAGE, "endPageIndex": "3"},
    scheduleParams={
        "scheduleStartParamName": "since",
        "scheduleEndParamName": "before",
        "scheduleStartParamFormat": "yyyy-MM-ddTHH:mm:ssK",
        "scheduleEndParamFormat": "yyyy-MM-ddTHH:mm:ssK",
    },
)
DAY = Window(Mode.INCREMENTAL, datetime(2024, 1, 5, tzinfo=UTC), datetime(2024, 1, 6, tzinfo=UTC))


def by_window(request: Request) -> Answer | NoAnswer:
    """The same API, which finds eight records in a time range: two of them on the third page."""
    query = dict(request.query)
    page, records = int(query.get("page", "1")), 8 if query.get("since", "").startswith("2024-01-05") else 7
    return answer_of({"members": [{"id": number} for number in range(records)][(page - 1) * 3 : page * 3] if page else []})


@pytest.mark.parametrize(("records", "value"), [(8, "inclusive"), (6, "exclusive")])
def test_a_run_for_a_time_range_alone_can_tell(records: int, value: str) -> None:
    rows = learnt(Observed(True, windows=((DAY, records),)), world(BY_WINDOW, by_window), BY_WINDOW, {})
    (row,) = [row for row in rows if row.key == "page.end"]
    assert row.value == value
    other = "it would be 6 records of 2024-01-05 in 2 requests, stopped: "
    assert row.why.startswith(f"{records} records of 2024-01-05; with ")
    assert (other in row.why) is (value == "inclusive")
    assert f"with {value}" not in row.why


def test_a_time_range_and_the_whole_run_must_both_be_explained() -> None:
    observed = Observed(True, 7, windows=((DAY, 6),))
    assert learnt(observed, world(BY_WINDOW, by_window), BY_WINDOW, {}) == ()


def test_the_reason_names_records_requests_and_time_ranges() -> None:
    rows = learnt(Observed(True, 7, 3, windows=((DAY, 8),)), world(BY_WINDOW, by_window), BY_WINDOW, {})
    (why,) = [row.why for row in rows if row.key == "page.end"]
    assert why.startswith(
        "the run read 7 records, in 3 requests, 8 records of 2024-01-05; with exclusive it would be 6 records in 2"
    )


def test_a_run_that_failed_rules_out_nothing_that_would_have_failed() -> None:
    def strict(request: Request) -> Answer | NoAnswer:
        return by_page(request) if int(dict(request.query).get("page", "1")) < 4 else Answer(404, {}, b"{}", 1)

    of = source(PAGE)
    seen = world(of, strict)(Assumptions({}), None).rows[:3]
    assert "page.no-end" not in answers(learnt(Observed(False, explored=seen), world(of, strict), of, {}))


NO_CONDITION = source({**OFFSET, "endConditionName": "$.hasMore", "endConditionValue": "Const:false"})


def endless(request: Request) -> Answer | NoAnswer:
    """An API with more records than are requested."""
    offset = int(dict(request.query).get("offset", "0"))
    return answer_of({"members": [{"id": number} for number in range(offset, offset + 3)]})


def test_a_value_that_reads_too_many_records_is_ruled_out_wherever_it_would_end() -> None:
    rows = answers(learnt(Observed(True, 3), world(NO_CONDITION, endless, pages=5), NO_CONDITION, {}))
    assert rows["end-condition.absent"] == "stop"


def test_a_value_of_which_the_end_was_not_seen_is_not_ruled_out_by_too_few_records() -> None:
    assert learnt(Observed(True, 30), world(NO_CONDITION, endless, pages=5), NO_CONDITION, {}) == ()


def test_a_row_that_cannot_be_tried_does_not_keep_others_from_being_learnt() -> None:
    def with_offset_only(request: Request) -> Answer | NoAnswer:
        return by_offset(request) if "offset" in dict(request.query) else NoAnswer("not-recorded", "it was not recorded")

    rows = answers(learnt(Observed(True, 7), world(NO_CONDITION, with_offset_only), NO_CONDITION, {}))
    assert rows["end-condition.absent"] == "go-on"
    assert "offset.first" not in rows


def test_what_is_too_much_to_try_teaches_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "_MOST_TRIALS", 1)
    assert learnt(Observed(True, 7), world(BY_PAGE, by_page), BY_PAGE, {}) == ()


def test_only_as_many_rows_are_compared_as_the_preview_has() -> None:
    of = source({"type": "NONE"})

    def once(_request: Request) -> Answer | NoAnswer:
        return answer_of({"members": [{"id": 1}, {"id": 2}, {"id": 3, "more": True}]})

    rows = world(of, once)(Assumptions({}), None).rows
    assert answers(learnt(Observed(explored=rows[:2]), world(of, once), of, {}))["row.wrapped"] == "wrapped"
    assert answers(learnt(Observed(explored=(*rows, {"other": 1})), world(of, once), of, {}))["row.wrapped"] == "wrapped"


DEEP: dict[str, Any] = {"id": 1, "empty": {}, "tags": [{"name": "a", "note": None}], "none": []}


@pytest.mark.parametrize(
    "changed",
    [
        {**DEEP, "empty": 1},
        {**DEEP, "tags": [{"name": None, "note": None}]},
        {**DEEP, "tags": {"name": "a", "note": None}},
        {**DEEP, "more": {}},
        {**DEEP, "id": None},
        {name: value for name, value in DEEP.items() if name != "empty"},
    ],
)
def test_fields_are_compared_at_any_depth(changed: dict[str, Any]) -> None:
    def once(_request: Request) -> Answer | NoAnswer:
        return answer_of({"members": [DEEP]})

    of = source({"type": "NONE"})
    shown = Assumptions({"row.wrapped": "bare", "row.nulls": "kept"})
    (row,) = world(of, once)(shown, None).rows
    assert row == DEEP
    assert answers(learnt(Observed(explored=(row,)), world(of, once), of, {})) == {"row.wrapped": "bare", "row.nulls": "kept"}
    assert learnt(Observed(explored=(changed,)), world(of, once), of, {}) == ()
