"""The clean-up after proofs: what a POST without an answer may have made."""

from __future__ import annotations

import httpx

from reconciler.proving.cleaning import Cleaned
from tests.proving.cleanings import cleaned, known, outcomes
from tests.proving.platform import Notes, Platform


def test_what_a_list_does_not_show_is_found_by_its_id_in_the_journal() -> None:
    platform = Platform(unlisted={"f", "d"})
    platform.whole()
    cleaned(platform, known=(known("flow", "f"), known("dataset", "d")))
    assert platform.ids == {"m"}


def test_a_post_without_an_answer_is_looked_for_until_it_can_no_longer_land() -> None:
    platform = Platform()
    lost = known("connection", None, at=platform.clock.now())
    landed = platform.clock.time + 20

    def late(request: httpx.Request) -> None:
        if platform.clock.time >= landed and not platform.held["connection"]:
            platform.add("connection", "late")
        del request

    platform.hook("GET", "/connections", late)
    assert outcomes(cleaned(platform, known=(lost,))) == {"late": "gone"}


def test_a_lost_post_that_lands_after_the_next_one_was_deleted_is_deleted_too() -> None:
    platform = Platform()
    platform.add("connection", "second")
    sent = known("connection", None, at=platform.clock.now()), known("connection", "second", at=platform.clock.now())
    landed = platform.clock.time + 20

    def late(_request: httpx.Request) -> None:
        if platform.clock.time >= landed and "first" not in seen:
            seen.append("first")
            platform.add("connection", "first")

    seen: list[str] = []
    platform.hook("GET", "/connections", late)
    assert outcomes(cleaned(platform, known=sent)) == {"second": "gone", "first": "gone"}


def test_a_post_that_made_nothing_was_gone_once_it_can_no_longer_land() -> None:
    platform = Platform()
    notes = Notes()
    result = cleaned(platform, known=(known("connection", None, at=platform.clock.now()),), notes=notes)
    assert [(one.id, one.outcome) for one in result.gone] == [("", "was_gone")]
    assert sum(platform.clock.slept) >= 70
    assert notes.deletions == [("", "was_gone", "")]
    assert cleaned(Platform(), known=(known("connection", None, at=0),)).left == ()


def test_a_lost_post_that_is_listed_is_deleted_once() -> None:
    platform = Platform()
    platform.add("connection", "c")
    assert [(one.id, one.outcome) for one in cleaned(platform, known=(known("connection", None),)).gone] == [("c", "gone")]


def test_a_lost_post_of_a_run_that_may_still_be_going_on_is_not_waited_for() -> None:
    platform = Platform()
    lost = known("connection", None, at=platform.clock.now())
    assert cleaned(platform, "all", known=(lost,)) == Cleaned((), ())
    assert platform.clock.slept == []
