"""Requests after a run that the spec does not make: they tell a right spec from one that loses records."""

from __future__ import annotations

import pytest

from reconciler.sources.messages import Answer, NoAnswer
from tests.sources.apis import answer
from tests.sources.paging import ENDED, OFFSET, PAGE, Script, run
from tests.sources.trials import codes, source, tried

FROM_1 = {**PAGE, "initialPageIndex": 1}


def things(*numbers: int) -> Answer:
    return answer({"items": [{"id": number} for number in numbers]})


def test_a_page_before_the_first_one_with_other_records_is_told() -> None:
    found, script = run(FROM_1, things(1, 2), things(3), things(), things(4, 5))
    assert [query["page"] for query in script.queries] == ["1", "2", "3", "0"]
    assert [(item.code, item.call) for item in found.findings] == [("first-page-skipped", None)]
    assert (found.calls[-1].probe, found.calls[-1].records, found.records) == (True, 2, 3)


@pytest.mark.parametrize(
    ("before", "records"),
    [
        (things(1, 2), 2),
        (things(2, 9), 2),
        (things(), 0),
        (answer({"items": 1}), None),
        (Answer(200, {}, b"<p>"), None),
        (Answer(199, {}, things(4).content), None),
        (Answer(300, {}, things(4).content), None),
        (Answer(400, {}, things(4).content), None),
    ],
)
def test_a_page_before_the_first_one_without_other_records_is_none(before: Answer, records: int | None) -> None:
    found, script = run(FROM_1, things(1, 2), things(3), things(), before)
    assert (len(script.requests), codes(found)) == (4, [])
    probe = found.calls[-1]
    assert (probe.probe, probe.status, probe.records) == (True, before.status, records)


@pytest.mark.parametrize("status", [200, 299])
def test_a_probe_is_answered_with_a_status_of_success(status: int) -> None:
    assert codes(run(FROM_1, things(1, 2), things(3), things(), Answer(status, {}, things(4).content))[0]) == [
        "first-page-skipped"
    ]


def test_a_probe_without_an_answer_shows_nothing() -> None:
    answers: list[Answer | NoAnswer] = [things(1, 2), things(3), things(), NoAnswer("no-answer", "timeout")]
    found = tried(source(FROM_1), lambda _asked: answers.pop(0))
    assert (codes(found), found.calls[-1].probe, found.calls[-1].status) == ([], True, None)


def test_some_new_records_behind_a_short_page_are_a_gap_and_none_are_not() -> None:
    for behind, expected in ((things(2, 9), ["gap"]), (things(2, 3), []), (things(), [])):
        found, _ = run(OFFSET, things(1), answer({"items": [{"id": 2}, {"id": 3}]}), things(), behind)
        assert codes(found) == expected


def test_a_trial_that_failed_or_was_cut_short_is_not_probed_and_its_gap_is_told() -> None:
    found, script = run(OFFSET, things(1), things(2, 3), answer({}, 500))
    assert (len(script.requests), codes(found)) == (3, ["http-status", "gap"])
    script = Script([things(1), things(2, 3), things(4, 5)])
    found = tried(source(OFFSET), script, pages=2)
    assert (len(script.requests), codes(found)) == (2, ["page-budget", "gap"])


def test_a_trial_that_failed_or_was_cut_short_without_a_gap_has_no_further_finding() -> None:
    assert codes(run(ENDED, things(1, 2), answer({}, 500))[0]) == ["http-status"]
    assert codes(run(FROM_1, things(1, 2), answer({}, 500))[0]) == ["http-status"]
    assert codes(tried(source(FROM_1), Script([things(1, 2), things(3, 4), things(5)]), pages=2)) == ["page-budget"]


def test_a_page_that_comes_again_at_once_ends_the_run_for_another_reason_than_one_that_comes_later() -> None:
    again, _ = run(OFFSET, things(1, 2), things(1, 2))
    assert (again.stop.reason, again.stop.evidence, codes(again), "loop.endless" in again.used) == (
        "same page again",
        None,
        ["same-page"],
        False,
    )
    later, _ = run(OFFSET, things(1, 2), things(3, 4), things(1, 2))
    assert (later.stop.reason, later.stop.evidence, codes(later), "loop.endless" in later.used) == (
        "loop",
        "loop.endless",
        ["loop"],
        True,
    )
