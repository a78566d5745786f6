"""The clean-up after proofs: what is never touched."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from reconciler.dataflows.resources import DELETED_IN_ORDER, ResourceType
from reconciler.proving.cleaning import Cleaned
from reconciler.proving.naming import description_of
from tests.flowservice.simulated import answer
from tests.proving.cleanings import cleaned, known, outcomes
from tests.proving.platform import KEY, OTHER_RUN, REPOSITORY, RUN, Platform


@pytest.mark.parametrize(
    "stranger",
    [
        {"description": "our own"},
        {"description": ""},
        {"description": description_of(RUN, "acme/other", "dev", KEY)},
        {"description": description_of(RUN, REPOSITORY, "prod", KEY)},
        {"description": description_of(OTHER_RUN, REPOSITORY, "dev", KEY)},
        {"name": "MailChimp flow", "title": "MailChimp flow"},
        {"name": f"reconciler-proof/{KEY}/{RUN}/flow copy", "title": f"reconciler-proof/{KEY}/{RUN}/flow copy"},
    ],
)
@pytest.mark.parametrize("kind", DELETED_IN_ORDER)
@pytest.mark.parametrize("runs", [RUN, "all"])
def test_what_somebody_else_made_is_never_touched(kind: ResourceType, stranger: dict[str, Any], runs: str) -> None:
    platform = Platform()
    platform.add(kind, "theirs", **stranger)
    result = cleaned(platform, runs, key=None, older_than=0)
    assert platform.deletes == []
    assert result == Cleaned((), ())


def test_a_forged_journal_deletes_nothing_of_others() -> None:
    platform = Platform()
    platform.add("flow", "theirs", name="MailChimp flow", description="")
    platform.add("connection", "other", description=description_of(RUN, "acme/other", "dev", KEY))
    forged = (known("flow", "theirs"), known("connection", "other"), known("dataset", "../../dataSets/x"))
    result = cleaned(platform, known=forged)
    assert platform.deletes == []
    assert {one.id for one in result.left} == {"theirs", "other", "../../dataSets/x"}


def test_a_resource_that_is_no_longer_ours_when_it_is_to_be_deleted_is_left_alone() -> None:
    platform = Platform()
    platform.add("flow", "f")
    platform.hook("GET", "/flows/f", lambda _request: answer(200, {"id": "f", "name": "ours now", "description": ""}))
    result = cleaned(platform)
    assert platform.deletes == []
    assert "no longer say" in result.left[0].reason


def test_what_a_journal_lists_but_the_service_does_not_describe_is_left_with_the_reason() -> None:
    platform = Platform()
    platform.add("flow", "f", description="")
    assert cleaned(platform) == Cleaned((), ())
    result = cleaned(platform, known=(known("flow", "f"),))
    assert platform.deletes == []
    assert [(one.id, "no longer say" in one.reason) for one in result.left] == [("f", True)]


def test_another_run_and_another_key_are_not_touched() -> None:
    platform = Platform()
    platform.whole()
    platform.whole(run=OTHER_RUN, suffix="2")
    platform.whole(key="zendesk-users", suffix="3")
    cleaned(platform)
    assert {"f2", "c2", "f3", "c3"} <= platform.ids
    assert not {"f", "c", "d"} & platform.ids


def test_all_runs_of_all_keys_are_deleted_but_those_that_are_too_young() -> None:
    platform = Platform()
    platform.add("flow", "young")
    platform.whole(run=OTHER_RUN, suffix="2")
    platform.whole(run=OTHER_RUN, key="zendesk-users", suffix="3")
    result = cleaned(platform, "all", key=None)
    assert platform.ids == {"young", "m2", "m3"}
    assert result.left == ()
    assert [(one.id, one.reason) for one in result.spared] == [("young", "its run began less than 2h ago")]
    assert outcomes(cleaned(platform, "all", key=None, older_than=0)) == {"young": "gone"}


def test_the_age_of_a_run_is_measured_by_the_clock_of_the_service() -> None:
    platform = Platform()
    platform.add("flow", "f")

    def dated(_request: httpx.Request) -> httpx.Response:
        return answer(200, {"items": [{"id": "f"} | platform.held["flow"]["f"]]}, date="Wed, 15 Nov 2023 00:01:00 GMT")

    platform.hook("GET", "/flows", dated)
    assert outcomes(cleaned(platform, "all")) == {"f": "gone"}


def test_what_is_kept_for_the_next_proof_is_not_deleted() -> None:
    platform = Platform()
    platform.add("dataset", "d", run=None)
    platform.add("schema", "_acme.schemas.x", run=None)
    assert cleaned(platform, "all", older_than=0) == Cleaned((), ())
    assert platform.deletes == []


def test_a_stranger_with_the_name_of_a_lost_post_is_not_touched() -> None:
    platform = Platform()
    lost = known("connection", None)

    def late(_request: httpx.Request) -> None:
        platform.add("connection", "theirs", description="mine")

    platform.hook("GET", "/connections", late)
    result = cleaned(platform, known=(lost,))
    assert platform.deletes == []
    assert result.left == ()
    assert outcomes(result) == {"": "was_gone"}
