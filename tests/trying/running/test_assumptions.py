from __future__ import annotations

from datetime import UTC, datetime

from reconciler.errors import Severity
from reconciler.proofs.kept.engine_file import EngineAnswer
from reconciler.sources.evidence import ROWS, Assumptions
from reconciler.sources.findings import Finding
from reconciler.sources.messages import Answer, NoAnswer, Request
from reconciler.sources.trial import Call, Stop, Trial
from reconciler.trying.running.assumptions import Memo, difference, rows_of, with_alternatives


def tried(records: int = 237, calls: int = 3, stop: str = "the end", *codes: str) -> Trial:
    found = tuple(Finding(Severity.WARNING, code, "said", "do it") for code in codes)
    sent = tuple(Call(number, "GET", "https://x", 200, 1, 1) for number in range(1, calls + 1))
    return Trial(sent, records, (), Stop(stop), found, {"offset.no-end": "until-empty"})


def test_the_same_request_is_sent_once() -> None:
    sent: list[Request] = []

    def fetch(request: Request) -> Answer | NoAnswer:
        sent.append(request)
        return Answer(200, {}, str(len(sent)).encode())

    memo = Memo(fetch)
    first = memo(Request("GET", "https://x?a=1"))
    assert memo(Request("GET", "https://x?a=1")) is first
    others = [
        Request("POST", "https://x?a=1"),
        Request("GET", "https://x?a=2"),
        Request("GET", "https://x?a=1", (("a", "b"),)),
        Request("GET", "https://x?a=1", (), {"a": 1}),
    ]
    for other in others:
        assert memo(other) is not first
    assert memo.sent == len(sent) == 5


def test_a_refusal_for_too_many_requests_is_asked_again() -> None:
    answers = [Answer(429, {}, b""), Answer(200, {}, b"")]
    memo = Memo(lambda _: answers.pop(0))
    request = Request("GET", "https://x")
    assert [memo(request), memo(request), memo(request)] == [Answer(429, {}, b"")] + [Answer(200, {}, b"")] * 2
    assert memo.sent == 2


def test_without_alternatives_nothing_is_remembered() -> None:
    memo = Memo(lambda _: Answer(200, {}, b""), keeps=False)
    first = memo(Request("GET", "https://x"))
    assert memo(Request("GET", "https://x")) is not first
    assert memo.sent == 2


def test_only_what_was_relied_on_is_a_row() -> None:
    (row,) = rows_of({"offset.no-end": "never"})
    assert (row.key, row.value, row.changes_outcome) == ("offset.no-end", "never", None)


def test_each_other_value_is_tried_with_the_given_assumptions() -> None:
    seen: list[dict[str, str]] = []

    def again(assumed: Assumptions) -> Trial:
        seen.append(dict(assumed.overrides))
        return tried(stop="never") if assumed.overrides["offset.no-end"] == "never" else tried()

    (row,) = with_alternatives(tried(), again, {"row.nulls": "kept"})
    assert seen == [{"row.nulls": "kept", "offset.no-end": value} for value in ROWS["offset.no-end"].alternatives]
    assert row.changes_outcome is True
    assert dict(row.alternatives)["never"] == "237 records in 3 requests, stopped: never"
    assert dict(row.alternatives)["until-short"] == ""


def test_a_default_that_was_overridden_is_one_of_the_other_values() -> None:
    base = tried()
    base.used["offset.no-end"] = "never"
    (row,) = with_alternatives(base, lambda _: tried(), {"offset.no-end": "never"})
    assert [value for value, _ in row.alternatives] == ["until-empty", "until-short"]
    assert row.changes_outcome is False


def test_more_requests_for_the_same_records_are_no_difference() -> None:
    assert difference(tried(), tried(calls=4)) == ""


def test_records_stops_and_findings_are_differences() -> None:
    assert difference(tried(), tried(records=1)) == "1 record in 3 requests, stopped: the end"
    assert difference(tried(), tried(237, 3, "the end", "loop")) == "237 records in 3 requests, stopped: the end [loop]"
    assert difference(tried(237, 3, "the end", "loop"), tried()).endswith("(without [loop])")


def test_an_alternative_that_a_recording_cannot_answer_changes_nothing_for_certain() -> None:
    def again(assumed: Assumptions) -> Trial:
        return tried(100, 2, "no answer", "not-recorded") if assumed.overrides["offset.no-end"] == "never" else tried()

    (row,) = with_alternatives(tried(), again, {})
    assert row.changes_outcome is None
    assert dict(row.alternatives)["never"] == "not known, because request 2 has no answer [not-recorded]"


def test_an_alternative_that_differs_decides_whatever_the_recording_lacks() -> None:
    def again(assumed: Assumptions) -> Trial:
        return tried(100, 2, "no answer", "not-recorded") if assumed.overrides["offset.no-end"] == "never" else tried(99)

    (row,) = with_alternatives(tried(), again, {})
    assert row.changes_outcome is True


def test_answers_beyond_what_memory_may_hold_are_requested_again() -> None:
    memo = Memo(lambda request: Answer(200, {}, request.url.encode()), room=10)
    small, large = Request("GET", "123456"), Request("GET", "12345")
    for _ in range(2):
        memo(small)
        memo(large)
    assert memo.sent == 3


ANSWER = EngineAnswer("until-empty", "proof x", "stage", datetime(2026, 11, 27, tzinfo=UTC))


def test_what_a_proof_has_shown_is_not_tried_with_other_values() -> None:
    def again(assumed: Assumptions) -> Trial:
        raise AssertionError(assumed)

    (row,) = with_alternatives(tried(), again, {}, {"offset.no-end": ANSWER})
    assert (row.answered, row.alternatives) == (ANSWER, ())


def test_a_value_that_a_person_assumes_instead_is_not_answered() -> None:
    (row,) = rows_of({"offset.no-end": "never"}, {"offset.no-end": ANSWER})
    assert row.answered is None
