"""A proof in each format: what was proved, why not, what is left, and nothing that a server could inject."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import pytest

from reconciler.documents.json_text import decode
from reconciler.errors import Problem, Severity
from reconciler.proving.report import Counts, Exchange, LeftOver, Outcome, ProveReport, StepReport
from reconciler.reports.proving.html import prove_html
from reconciler.reports.proving.json import prove_json
from reconciler.reports.proving.markdown import prove_markdown
from reconciler.reports.proving.phrases import duration, events_words, records_words, verdict
from reconciler.reports.proving.text import prove_text
from reconciler.reports.sinks.markdown import size
from tests.proving.samples import AUTHENTICATION, RUN, STEPS, TARGET, proof

LEFT: Final = LeftOver("flow", "flow-1", f"reconciler-proof/members/{RUN}/flow", "1447-400: it is in use")
HOSTILE: Final = "::error::x\n\x1b[2J<script>alert(1)</script>|`@org`"


def failed(**changed: Any) -> ProveReport:
    step = StepReport(
        "auth", "failed", "the test returned false", 300, (Exchange("GET", "/connections/c1/test", 200, "req-9", 280),)
    )
    return replace(proof(outcome="failed", steps=(*STEPS[:2], step), counts=Counts(tried=237), learnt=(), ids={}), **changed)


def test_a_proof_says_what_was_read() -> None:
    said = prove_text(proof())
    assert said.startswith("prove members · target stage · platform.adobe.io · org 1234567890@AdobeOrg · sandbox dev · run ")
    assert "proved: the run read 237 of 237 records, and none failed (4 min 20 s)\n" in said
    assert "schedule    skipped             flow.schedule is false" in said
    assert "ids for Adobe's support: flow flow-1, flow run run-1, Data Factory run adf-1, batch batch-1" in said
    assert "learnt: offset.no-end is until-empty" in said
    assert "kept: mapping set 'reconciler-proof/members/mapping' (map-1): a mapping set cannot be deleted" in said


def test_requests_are_shown_for_steps_that_failed_and_with_verbose_for_all() -> None:
    assert "req-" not in prove_text(proof())
    assert "request req-9" in prove_text(failed())
    assert "req-1" not in prove_text(failed())
    assert "GET /connections/c1/test  200  280 ms  request req-2" in prove_text(proof(), verbose=True)


def test_a_failure_names_the_step_and_the_reason() -> None:
    assert "not proved: the step 'auth' failed: the test returned false" in prove_text(failed())


@pytest.mark.parametrize(("outcome", "words"), [("unknown", "has no known outcome"), ("refused", "was refused")])
def test_an_outcome_that_is_not_known_is_no_proof(outcome: Outcome, words: str) -> None:
    report = proof(outcome=outcome, steps=(*STEPS, StepReport("landed", outcome, "accepted, not seen yet")))
    assert verdict(report) == f"the step 'landed' {words}: accepted, not seen yet"
    assert "\nproved" not in prove_text(report)


def test_what_is_left_comes_with_the_command_that_deletes_it() -> None:
    said = prove_text(proof(left=(LEFT,)))
    assert f"left: flow 'reconciler-proof/members/{RUN}/flow' (flow-1): 1447-400: it is in use" in said
    assert f"hint: delete it with: reconciler --target stage prove --cleanup {RUN}" in said
    assert "but 1 resource could not be deleted" in said
    assert "Left at Adobe" in prove_markdown(proof(left=(LEFT,)))
    assert "--cleanup" in prove_html(proof(left=(LEFT,)))


@pytest.mark.parametrize("render", [prove_text, prove_markdown, prove_html])
def test_a_proof_by_an_emulator_says_so(render: object) -> None:
    assert callable(render)
    note = "an emulator answered"
    assert note in render(proof(target=replace(TARGET, emulated=True)))
    assert note not in render(proof())


def test_ids_of_an_emulator_are_not_for_adobes_support() -> None:
    assert "\nids: flow flow-1" in prove_text(proof(target=replace(TARGET, emulated=True)))


def test_an_interrupted_proof_is_called_so() -> None:
    step = StepReport("run", "unknown", "interrupted", 300)
    report = proof(outcome="unknown", interrupted=True, steps=(*STEPS[:2], step))
    assert "interrupted: during the step 'run'; nothing is left but what is kept (" in prove_text(report)
    assert verdict(replace(report, kept=())) == "during the step 'run'; nothing is left"
    assert verdict(replace(report, left=(LEFT,))) == "during the step 'run'; 1 resource could not be deleted"
    assert verdict(replace(report, steps=STEPS[:2], kept=())) == "by a signal; nothing is left"


def test_a_failure_before_an_interrupt_is_the_reason() -> None:
    assert verdict(failed(interrupted=True)) == "the step 'auth' failed: the test returned false"


def test_what_was_not_to_be_deleted_comes_with_the_command_that_deletes_it() -> None:
    kept = proof(kept=(replace(LEFT, reason="--keep-resources"),))
    assert f"hint: delete all but the mapping set with: reconciler --target stage prove --cleanup {RUN}\n" in prove_text(kept)
    assert "hint:" not in prove_text(proof())


@pytest.mark.parametrize("render", [prove_text, prove_markdown, prove_html])
def test_a_refusal_of_the_trial_comes_with_the_way_past_it(render: Callable[[ProveReport], str]) -> None:
    report = proof(outcome="refused", steps=(StepReport("try", "refused", "try found 1 error: no answer [no-answer]"),))
    assert "reconciler try members" in render(report)
    assert "--no-try" in render(report)
    assert "--no-try" not in render(failed())


def test_findings_are_shown() -> None:
    finding = Problem(Severity.WARNING, "one-page-only", "the trial read one page", hint="raise the limit")
    assert "warning: the trial read one page [one-page-only]" in prove_text(proof(findings=(finding,)))
    assert "one-page-only" in prove_markdown(proof(findings=(finding,)))
    assert "one-page-only" in prove_html(proof(findings=(finding,)))


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (Counts(), "the run gave no count of records"),
        (Counts(input=5), "the run read 5 records, and how many failed is not known"),
        (Counts(tried=7, input=5, failed=2), "the run read 5 of 7 records, and 2 failed"),
        (Counts(tried=1, input=1, failed=0), "the run read 1 of 1 record, and none failed"),
    ],
)
def test_counts_in_words(counts: Counts, words: str) -> None:
    assert records_words(counts) == words


@pytest.mark.parametrize(
    ("milliseconds", "words"), [(0, "0.0 s"), (9_940, "9.9 s"), (42_400, "42 s"), (59_900, "1 min 0 s"), (184_000, "3 min 4 s")]
)
def test_durations_in_words(milliseconds: int, words: str) -> None:
    assert duration(milliseconds) == words


def test_json_has_everything() -> None:
    document = decode(prove_json(proof(findings=(Problem(Severity.ERROR, "x", "y"),))))
    assert (document["report"], document["format_version"], document["outcome"]) == ("prove", 1, "proved")
    request = document["steps"][1]["requests"][0]
    assert request == {"method": "POST", "path": "/connections", "status": 201, "request_id": "req-1", "ms": 640}
    assert document["counts"]["by_window"][0]["input"] == 3
    assert document["run_metrics"]["recordSummary"]["inputRecordCount"] == 237
    assert document["findings"][0]["level"] == "error"
    assert document["spec"]["digests"].keys() == {"authSpec", "sourceSpec", "exploreSpec"}


def test_markdown_fits_its_limit_and_counts_what_it_leaves_out() -> None:
    many = proof(steps=STEPS * 500, left=(LEFT,) * 300)
    for limit in (2_000, 10_000, 60_000):
        said = prove_markdown(many, limit=limit)
        assert size(said) <= limit
        assert "**proved**" in said
    assert "more step" in said


def test_no_text_of_the_service_reaches_a_terminal_or_a_page_as_it_is() -> None:
    step = StepReport(HOSTILE, "failed", HOSTILE, 1, (Exchange("GET", HOSTILE, 200, HOSTILE, 1),))
    report = proof(
        outcome="failed",
        steps=(step,),
        left=(LeftOver(HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
        ids={"flow": HOSTILE},
        run_metrics={HOSTILE: HOSTILE},
        repository=HOSTILE,
    )
    text, markdown, page = prove_text(report), prove_markdown(report), prove_html(report)
    assert "\x1b" not in text + markdown + page + prove_json(report)
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())
    assert "<script" not in page
    assert "<script" not in markdown.partition("```json")[0]


def test_the_page_has_every_request_and_opens_those_of_a_failure() -> None:
    page = prove_html(proof())
    assert all(request in page for request in ("req-1", "req-2", "req-3"))
    assert "<details open>" not in page
    assert page.startswith("<!DOCTYPE html>")
    assert "<details open>" in prove_html(failed())


def test_the_same_report_gives_the_same_bytes() -> None:
    assert prove_html(proof()) == prove_html(proof())


STREAMED = proof(
    streaming=True, authentication=AUTHENTICATION, counts=Counts(3, 3, 3, 0), steps=(StepReport("landed", "proved"),)
)


@pytest.mark.parametrize("render", [prove_text, prove_markdown, prove_html])
def test_the_tests_of_the_authentication_are_in_every_format(render: Callable[[ProveReport], str]) -> None:
    shown = render(STREAMED)
    for said in ("removed-secret", "not sent by us", "the signature is missing", "no answer", "in the dataset"):
        assert said in shown, said
    assert "the inlet accepted 3 of 3 events, and all of them are in the dataset" in shown


def test_the_json_has_each_case() -> None:
    table = decode(prove_json(STREAMED).encode())["authentication"]
    assert (table["mechanism"], [case["case"] for case in table["cases"]]) == (
        "hmac",
        ["valid", "missing", "modified", "removed-secret"],
    )
    assert table["cases"][1]["ingested"] is False


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        (Counts(3, 3, 1), "the inlet accepted 3 of 3 events, and 1 are in the dataset"),
        (Counts(3, 3), "the inlet accepted 3 of 3 events, and none is known to be in the dataset"),
    ],
)
def test_accepted_is_not_landed(counts: Counts, shown: str) -> None:
    assert events_words(counts) == shown
