"""The clean-up after proofs: what is deleted, in which order, and what is waited for."""

from __future__ import annotations

import threading
from typing import Any

import httpx
import pytest

from reconciler.dataflows.resources import DELETED_IN_ORDER, ResourceType
from reconciler.proving.cleaning import PATIENCE, Cleaned, Gone
from reconciler.proving.naming import name_of
from tests.dataflows.wires import refused
from tests.flowservice.simulated import answer
from tests.proving.cleanings import cleaned, known, outcomes
from tests.proving.platform import KEY, RUN, Notes, Platform, not_found, once


def test_all_that_a_run_made_is_deleted_without_a_journal_but_its_mapping_set() -> None:
    platform = Platform()
    platform.whole()
    notes = Notes()
    result = cleaned(platform, notes=notes)
    assert platform.ids == {"m"}
    assert result.left == ()
    assert result.spared == ()
    assert set(outcomes(result).values()) == {"gone"}
    assert [one.type for one in result.gone] == list(DELETED_IN_ORDER)
    assert notes.deletions == [(one.id, "gone", "") for one in result.gone]


def test_each_deletion_is_proved_by_a_get_that_does_not_find_it() -> None:
    platform = Platform()
    platform.add("flow", "f")
    cleaned(platform)
    requests = [(method, path.rpartition("/")[2]) for method, path in platform.sent]
    assert requests[requests.index(("DELETE", "f")) + 1] == ("GET", "f")


def test_a_get_that_lags_is_waited_for() -> None:
    platform = Platform(get_lag=9)
    platform.add("flow", "f")
    result = cleaned(platform)
    assert outcomes(result) == {"f": "gone"}
    assert sum(platform.clock.slept) == pytest.approx(0.5 + 1 + 2 + 4 + 8)


def test_what_never_stops_being_shown_is_left_after_five_minutes() -> None:
    platform = Platform(get_lag=10**6)
    platform.add("flow", "f")
    result = cleaned(platform)
    assert [(one.id, one.reason) for one in result.left] == [("f", "the service still shows it after its DELETE")]
    assert sum(platform.clock.slept) == pytest.approx(PATIENCE)


def test_the_last_look_is_at_the_end_of_the_five_minutes() -> None:
    platform = Platform(get_lag=PATIENCE - 1)
    platform.add("flow", "f")
    assert outcomes(cleaned(platform)) == {"f": "gone"}


def test_waits_double_up_to_a_minute() -> None:
    platform = Platform(get_lag=10**6)
    platform.add("flow", "f")
    notes = Notes()
    cleaned(platform, notes=notes)
    waits = [step.split(" ")[1] for step in notes.steps if step.startswith("waiting ")]
    assert waits == ["0.5", "1", "2", "4", "8", "16", "32", *["60"] * 3, "56.5"]


def test_a_service_that_lags_a_little_holds_up_a_clean_up_a_little() -> None:
    """Each type waits for the one before it, so waits begin anew when something went."""
    platform = Platform(get_lag=0.4)
    platform.whole()
    notes = Notes()
    assert set(outcomes(cleaned(platform, notes=notes)).values()) == {"gone"}
    waits = [step.split(" ")[1] for step in notes.steps if step.startswith("waiting ")]
    assert set(waits) == {"0.5"}
    assert sum(platform.clock.slept) <= 0.5 * 6


def test_all_waits_together_are_five_minutes_also_if_they_begin_anew() -> None:
    platform = Platform()
    for number in range(20):
        platform.add("flow", f"f{number}")
    began = platform.clock.time

    def one_each_half_minute(_request: httpx.Request) -> httpx.Response | None:
        return None if len(platform.gone_at) < 1 + (platform.clock.time - began) // 30 else refused("1447-400")

    platform.hook("DELETE", "", one_each_half_minute)
    result = cleaned(platform)
    assert len(result.gone) == 11
    assert sum(platform.clock.slept) == pytest.approx(PATIENCE)


def test_a_connection_that_is_still_in_use_is_tried_again() -> None:
    platform = Platform()
    platform.whole()
    platform.hook("DELETE", "/connections/c", once(refused("1418-400"), refused("1418-400")))
    platform.hook("DELETE", "/sourceConnections/s", once(refused("1447-400")))
    result = cleaned(platform)
    assert platform.ids == {"m"}
    assert result.left == ()


@pytest.mark.parametrize("code", [1416, 1417, 1418, 1447])
def test_a_refusal_that_never_passes_is_left_with_its_reason_after_five_minutes(code: int) -> None:
    platform = Platform()
    platform.whole()
    platform.hook("DELETE", "/sourceConnections/s", lambda _request: refused(f"{code}-400", words="Found active flows"))
    result = cleaned(platform)
    assert [one.id for one in result.left] == ["s", "c"]
    assert "Found active flows" in result.left[0].reason
    assert sum(platform.clock.slept) == pytest.approx(PATIENCE)
    assert platform.ids == {"m", "s", "c"}


@pytest.mark.parametrize(("status", "waited"), [(400, 60), (403, 0), (409, 60), (422, 0)])
def test_a_lasting_refusal_does_not_stop_the_others(status: int, waited: float) -> None:
    """One that may mean that something still uses the resource is waited for a minute, and no other."""
    platform = Platform()
    platform.whole()
    platform.hook(
        "DELETE", "/dataSets/d", lambda _request: answer(status, {"title": "Forbidden", "status": status, "report": {}})
    )
    notes = Notes()
    result = cleaned(platform, notes=notes)
    assert [one.id for one in result.left] == ["d"]
    assert str(status) in result.left[0].reason
    assert platform.ids == {"m", "d"}
    assert waited <= sum(platform.clock.slept) <= waited * 1.5
    assert ("d", "left", result.left[0].reason) in notes.deletions


def test_a_refusal_is_not_waited_for_where_nothing_was_deleted_before() -> None:
    platform = Platform()
    platform.add("dataset", "d")
    platform.hook("DELETE", "/dataSets/d", lambda _request: answer(409, {"title": "Conflict", "status": 409, "report": {}}))
    assert [one.id for one in cleaned(platform).left] == ["d"]
    assert platform.clock.slept == []


def test_a_reference_may_vanish_later_than_what_refers() -> None:
    platform = Platform()
    platform.whole()

    def still_used(_request: httpx.Request) -> httpx.Response | None:
        went, _ = platform.gone_at["_acme.schemas.x"]
        in_use = answer(400, {"title": "Resource in use", "status": 400})
        return in_use if platform.clock.time < went + 50 else None

    platform.hook("DELETE", "/fieldgroups/_acme.mixins.x", still_used)
    assert cleaned(platform).left == ()
    assert platform.ids == {"m"}


def test_a_refusal_may_be_because_of_something_that_still_waits() -> None:
    platform = Platform()
    platform.whole()
    platform.hook("DELETE", "/dataSets/d", once(answer(500, {})))
    in_use = answer(400, {"type": "http://ns.adobe.com/aep/errors/XDM-1536-400", "title": "Resource in use", "status": 400})
    platform.hook("DELETE", "/tenant/schemas/_acme.schemas.x", lambda _request: in_use if platform.held["dataset"] else None)
    assert cleaned(platform).left == ()
    assert platform.ids == {"m"}


def test_what_was_deleted_before_is_done() -> None:
    platform = Platform()
    platform.whole()
    del platform.held["flow"]["f"]
    result = cleaned(platform, known=(known("flow", "f"), known("connection", "c")))
    assert outcomes(result)["f"] == "was_gone"
    assert outcomes(result)["c"] == "gone"
    assert platform.deletes.count("f") == 0
    assert platform.ids == {"m"}


def test_a_resource_that_vanishes_before_its_delete_was_gone() -> None:
    platform = Platform()
    platform.add("flow", "f")

    def other(_request: httpx.Request) -> httpx.Response:
        platform.held["flow"].pop("f", None)
        return not_found()

    platform.hook("DELETE", "/flows/f", other)
    assert outcomes(cleaned(platform)) == {"f": "was_gone"}


@pytest.mark.parametrize("lost", [httpx.ReadTimeout("late"), answer(502, {"message": "x"})])
def test_a_lost_answer_is_settled_by_a_get(lost: httpx.Response | Exception) -> None:
    platform = Platform()
    platform.add("flow", "f")

    def deleted(_request: httpx.Request) -> httpx.Response:
        platform.held["flow"].pop("f", None)
        if isinstance(lost, Exception):
            raise lost
        return lost

    platform.hook("DELETE", "/flows/f", deleted)
    assert outcomes(cleaned(platform)) == {"f": "gone"}


def test_a_lost_delete_that_did_not_happen_is_sent_again() -> None:
    platform = Platform()
    platform.add("flow", "f")
    platform.hook("DELETE", "/flows/f", once(httpx.ReadTimeout("late"), answer(429), answer(500, {})))
    assert outcomes(cleaned(platform)) == {"f": "gone"}
    assert platform.deletes == ["f"] * 4


@pytest.mark.parametrize("kind", DELETED_IN_ORDER)
def test_a_list_that_cannot_be_read_is_reported_and_the_others_are_cleaned(kind: ResourceType) -> None:
    platform = Platform()
    platform.whole()
    part = {"dataset": "/dataSets", "schema": "/tenant/schemas", "fieldgroup": "/tenant/fieldgroups"}.get(kind, f"/{kind}s")
    platform.hook("GET", part, lambda request: answer(400, {"message": "bad"}) if request.url.path.endswith(part) else None)
    result = cleaned(platform)
    assert "the list cannot be read" in next(one.reason for one in result.left if one.id == "")
    own = next(iter(platform.held[kind]))
    assert own not in platform.deletes
    freed = platform.ids - {"m", own}
    assert freed <= {"s", "t", "c"}  # what an undeleted flow or source connection still uses


def test_a_list_that_may_not_be_viewed_is_a_warning_if_the_run_made_none() -> None:
    platform = Platform()
    platform.add("flow", "f")
    platform.hook("GET", "/tenant/schemas", lambda _request: refused("2118-403", 403, "forbidden"))
    result = cleaned(platform)
    assert result.left == ()
    assert "no permission to list each schema" in result.warnings[0]
    made = cleaned(platform, known=(known("schema", "_acme.schemas.x"),))
    assert {one.type for one in made.left} == {"schema"}


@pytest.mark.parametrize("kind", ["flow", "dataset", "fieldgroup"])
@pytest.mark.parametrize("odd", [7, None, [], {"name": 5}, "text"])
def test_one_odd_resource_in_a_list_is_one_problem_at_most(kind: ResourceType, odd: Any) -> None:
    platform = Platform(odd={kind: odd})
    platform.whole()
    assert cleaned(platform).left == ()
    assert platform.ids == {"m"}


def test_an_odd_resource_that_may_be_ours_is_reported() -> None:
    platform = Platform(odd={"flow": {"id": 5, "name": name_of(KEY, RUN, "flow")}})
    platform.whole()
    result = cleaned(platform)
    assert [(one.type, one.id) for one in result.left] == [("flow", "")]
    assert "cannot be read" in result.left[0].reason
    assert platform.ids == {"m"}


def test_a_resource_that_cannot_be_read_again_is_left_with_the_reason() -> None:
    platform = Platform()
    platform.add("flow", "f")
    platform.hook("GET", "/flows/f", lambda _request: answer(200, {"id": "another"}))
    result = cleaned(platform)
    assert platform.deletes == []
    assert [one.id for one in result.left] == ["f"]


def test_a_gateway_that_knows_no_such_path_does_not_prove_a_deletion() -> None:
    platform = Platform()
    platform.add("flow", "f")
    platform.hook("GET", "/flows/f", once(answer(200, {"id": "f"} | platform.held["flow"]["f"]), answer(404, {"message": "x"})))
    result = cleaned(platform)
    assert outcomes(result) == {}
    assert [one.id for one in result.left] == ["f"]


def test_once_a_stop_is_requested_nothing_more_is_sent() -> None:
    platform = Platform()
    platform.whole()
    stop = threading.Event()

    def stopping(_request: httpx.Request) -> None:
        stop.set()

    platform.hook("DELETE", "/flows/f", stopping)
    notes = Notes()
    result = cleaned(platform, stop=stop, notes=notes)
    assert platform.deletes == ["f"]
    assert not [step for step in notes.steps if step.startswith("waiting")]
    assert outcomes(result) == {"f": "gone"}
    assert {one.reason for one in result.left} == {"a stop was requested"}
    assert {one.id for one in result.left} == {"s", "t", "c", "d", "_acme.schemas.x", "_acme.mixins.x"}


def test_a_stop_ends_a_wait() -> None:
    platform = Platform(get_lag=10**6)
    platform.add("flow", "f")
    stop = threading.Event()
    sleep = platform.clock.sleep

    def stopping(seconds: float) -> None:
        sleep(seconds)
        if platform.clock.time > 1_010:
            stop.set()

    platform.clock.sleep = stopping  # type: ignore[method-assign]
    assert [one.id for one in cleaned(platform, stop=stop).left] == ["f"]
    assert sum(platform.clock.slept) < 15


def test_cleaning_twice_is_cleaning_once() -> None:
    platform = Platform()
    platform.whole()
    cleaned(platform)
    sent = len(platform.deletes)
    assert cleaned(platform) == Cleaned((), ())
    assert len(platform.deletes) == sent


def test_twins_of_one_name_are_both_deleted() -> None:
    platform = Platform()
    platform.add("connection", "c1")
    platform.add("connection", "c2")
    assert cleaned(platform).gone == tuple(
        Gone("connection", each, name_of(KEY, RUN, "connection"), "gone") for each in ("c1", "c2")
    )
