"""What a person is asked before a proof, and what a clean-up reports after one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from reconciler.documents.json_text import decode
from reconciler.proving.cleaning import Cleaned, Gone
from reconciler.proving.outcome import CleanupReport
from reconciler.proving.planned import PlannedCall, PlannedProof
from reconciler.proving.report import LeftOver
from reconciler.reports.proving.cleaned import cleaned_json, cleaned_text
from reconciler.reports.proving.planned import made_text, plan_json, plan_text
from tests.proving.samples import RUN, TARGET

FLOW: Final = f"reconciler-proof/members/{RUN}/flow"
SPARED: Final = LeftOver("flow", "flow-1", FLOW, "its run began less than 2h ago")
NOTHING: Final = Cleaned((), ())
CALLS: Final = (
    PlannedCall("flow", "POST", "/flows", body={"name": "x"}, makes="flow", stays="deleted"),
    PlannedCall("mapping", "POST", "/mappingSets", "conversion", makes="mappingSet", stays="permanent"),
    PlannedCall("run", "GET", "/runs", makes="run", stays="permanent", note="until the run of the flow has ended"),
)
PLAN: Final = PlannedProof("members", TARGET, ("flow", "mapping", "run"), CALLS)


def said(**parts: Any) -> str:
    return cleaned_text(CleanupReport(TARGET, (), "all", replace(NOTHING, **parts)))


def test_a_question_says_where_something_is_made_and_what_stays() -> None:
    assert made_text([PLAN]).splitlines() == [
        "prove members · target stage · platform.adobe.io · org 1234567890@AdobeOrg · sandbox dev",
        "  makes: 1 flow, 1 mapping set, 1 flow run",
        "  deleted again: all but 1 mapping set, 1 flow run",
    ]


def test_a_dry_run_shows_each_call_and_a_read_makes_nothing() -> None:
    text = plan_text([PLAN])
    assert "  flow  POST /flows  makes a flow\n" in text
    assert "  run  GET /runs  (until the run of the flow has ended)\n" in text
    assert text.endswith("nothing was sent\n")
    assert decode(plan_json([PLAN]))["proofs"][0]["target"] == "stage"


def test_a_clean_up_without_leftovers_has_nothing_to_delete() -> None:
    assert said().splitlines()[-1] == "nothing to delete"


def test_a_key_of_which_nothing_is_left_may_be_mistyped() -> None:
    text = cleaned_text(CleanupReport(TARGET, ("nope",), "all", NOTHING))
    assert text.endswith("nothing to delete\nhint: leave out KEY to look for what proofs of any source left\n")


def test_spared_resources_are_counted_with_the_command_that_deletes_them() -> None:
    lines = said(spared=(SPARED, replace(SPARED, type="dataset", id="d"))).splitlines()
    assert lines[-2:] == [
        "nothing deleted, 2 are spared",
        f"hint: if it is no longer at work: reconciler --target stage prove --cleanup {RUN}",
    ]


def test_what_was_deleted_left_and_spared_is_counted() -> None:
    gone = Gone("flow", "f", FLOW, "gone")
    text = said(gone=(gone, replace(gone, outcome="was_gone")), left=(SPARED,), spared=(SPARED,))
    assert "1 resource deleted, 1 is left, 1 is spared\n" in text
    assert "was gone: flow" in text


def test_a_dry_run_of_a_clean_up_counts_what_it_would_delete_and_spare() -> None:
    some = CleanupReport(TARGET, (), "all", replace(NOTHING, left=(SPARED,), spared=(SPARED,)), dry_run=True)
    assert "1 resource would be deleted, 1 is spared\n" in cleaned_text(some)
    assert "nothing would be deleted, 1 is spared\n" in cleaned_text(replace(some, cleaned=replace(NOTHING, spared=(SPARED,))))
    assert "nothing to delete\n" in cleaned_text(replace(some, cleaned=NOTHING))


def test_json_has_what_was_spared() -> None:
    document = decode(cleaned_json(CleanupReport(TARGET, (), "all", replace(NOTHING, spared=(SPARED,)))))
    assert document["spared"][0]["reason"] == "its run began less than 2h ago"
