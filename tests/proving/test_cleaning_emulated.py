"""The clean-up of what a proof made in the emulated platform, with its refusals and lags."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.dataflows.cleaning import ProofCleaner
from reconciler.dataflows.resources import DELETED_IN_ORDER
from reconciler.emulator import Fault
from reconciler.proving.cleaning import Cleaned, clean
from reconciler.proving.journal.reading import MadeResource
from reconciler.proving.leftovers import Owner
from tests.dataflows.emulated import KEY, REPOSITORY, RUN, World, world
from tests.proving.platform import Notes


def cleaned(here: World, *, runs: str = RUN, known: tuple[MadeResource, ...] = ()) -> Cleaned:
    with here.connected(ProofCleaner) as cleaner:
        owner = Owner(REPOSITORY, "dev", KEY)
        return clean(cleaner, owner, runs, 0.0, known=known, clock=here.clock, progress=Notes())


def known(here: World) -> tuple[MadeResource, ...]:
    return tuple(
        MadeResource(step, made.type, here.mark(step)["name"], made.id, made.uri, here.clock.now())
        for step, made in here.made.items()
        if step != "mapping"
    )


def remaining(here: World) -> list[str]:
    return [one.id for kind in DELETED_IN_ORDER for one in here.writer.all(kind)]


@pytest.mark.parametrize(
    "switches",
    [
        {},
        {"pages": 1},
        {"delete_lag": 20},
        {"gone_lag": 20},
        {"delete_lag": 30, "gone_lag": 45},
        {"initializing": 100},
        {"delete_path": "slash"},
        {"delete_path": "no_slash"},
        {"delete_in_use": "accept"},
        {"clock_skew": 86_400},
        {"seconds_per_call": 1},
    ],
    ids=str,
)
def test_nothing_but_the_mapping_set_is_left(switches: dict[str, Any]) -> None:
    here = world(**switches)
    here.proof()
    result = cleaned(here)
    assert result.left == ()
    assert remaining(here) == []
    assert {one.outcome for one in result.gone} == {"gone"}
    assert len(here.writer.all("mappingSet")) == 1


@pytest.mark.parametrize(
    "switches", [{"new_lag": 5}, {"new_lag": 5, "new_list_lag": 5}, {"new_lag": 5, "missing_as": "no_items"}], ids=str
)
def test_what_is_too_new_to_be_found_is_not_taken_to_be_gone(switches: dict[str, Any]) -> None:
    here = world()
    here.proof()
    made = known(here)
    here.behave(**switches)
    result = cleaned(here, known=made)
    assert (result.left, {one.outcome for one in result.gone}) == ((), {"gone"})
    here.behave()
    assert remaining(here) == []


def test_what_is_listed_and_not_found_is_looked_at_again() -> None:
    here = world()
    here.proof()
    here.behave(new_lag=5)
    assert cleaned(here).left == ()
    here.behave()
    assert remaining(here) == []


def test_all_runs_are_found_without_a_journal() -> None:
    here = world()
    here.proof()
    assert cleaned(here, runs="all").left == ()
    assert remaining(here) == []


def test_what_is_not_listed_yet_is_found_by_the_journal() -> None:
    here = world()
    here.proof()
    here.behave(list_lag=10**6)
    assert cleaned(here, known=known(here)).left == ()
    here.behave(list_lag=0)
    assert remaining(here) == []


@pytest.mark.parametrize("path", ["*/flows/*", "*/sourceConnections/*", "*/connections/*", "*/dataSets/*", "*/tenant/schemas/*"])
@pytest.mark.parametrize(
    "how",
    [{"break_off": "after"}, {"break_off": "before"}, {"status": 503}, {"status": 500, "committed": True}, {"status": 429}],
    ids=str,
)
def test_lost_deletions_are_settled(path: str, how: dict[str, Any]) -> None:
    here = world()
    here.proof()
    here.fault(Fault(method="DELETE", path=path, times=2, **how))
    assert cleaned(here).left == ()
    assert remaining(here) == []


def test_a_resource_that_may_not_be_deleted_is_left_with_the_reason() -> None:
    here = world()
    made = here.proof()
    here.fault(Fault(method="DELETE", path="*/flows/*", status=403, code="2118-403"))
    result = cleaned(here)
    assert made["flow"].id in {one.id for one in result.left}
    assert next(one.reason for one in result.left if one.type == "flow").startswith("DELETE /flows/")
    here.fault()
    assert cleaned(here).left == ()
    assert remaining(here) == []
