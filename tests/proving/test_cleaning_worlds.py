"""Drawn worlds: whatever is lost, refused, hidden or late, nothing of others is touched, and one more clean-up leaves nothing of ours."""

from __future__ import annotations

import threading
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.dataflows.resources import DELETED_IN_ORDER, ResourceType
from reconciler.proving.cleaning import Cleaned, clean
from reconciler.proving.journal.reading import MadeResource
from reconciler.proving.leftovers import Owner
from reconciler.proving.naming import description_of, name_of
from tests.dataflows.wires import refused
from tests.flowservice.simulated import answer
from tests.proving.platform import KEY, OTHER_RUN, REPOSITORY, RUN, Notes, Platform

KINDS = st.sampled_from(DELETED_IN_ORDER)
TROUBLE = st.sampled_from(["cut", "lost", 429, 500, 503, 403, 1418, 1447, "page", "stop"])
STRANGERS: tuple[dict[str, Any], ...] = (
    {"description": ""},
    {"description": "our own flow"},
    {"description": description_of(RUN, "acme/other", "dev", KEY)},
    {"description": description_of(RUN, REPOSITORY, "prod", KEY)},
    {"description": description_of(OTHER_RUN, REPOSITORY, "dev", KEY)},
    {"name": "reconciler-proof", "title": "reconciler-proof"},
    {"name": f"reconciler-proof/{KEY}/{RUN}/flow/copy", "title": f"reconciler-proof/{KEY}/{RUN}/flow/copy"},
)


def cleaned(platform: Platform, runs: str, known: tuple[MadeResource, ...] = (), stop: threading.Event | None = None) -> Cleaned:
    owner = Owner(REPOSITORY, "dev", None)
    return clean(platform.cleaner(stop), owner, runs, 0.0, known=known, clock=platform.clock, stop=stop, progress=Notes())


def troubled(platform: Platform, troubles: list[tuple[str, int, Any]], stop: threading.Event) -> None:
    """Let the n-th request of a method go wrong."""
    seen = {"GET": 0, "DELETE": 0}
    due = {(method, number): trouble for method, number, trouble in troubles}

    def meddle(request: httpx.Request) -> httpx.Response | None:
        seen[request.method] += 1
        trouble = due.get((request.method, seen[request.method]))
        return None if trouble is None else answered(platform, request, trouble, stop)

    for method in seen:
        platform.hook(method, "", meddle)


def answered(platform: Platform, request: httpx.Request, trouble: Any, stop: threading.Event) -> httpx.Response | None:
    """What becomes of one request; None is the right answer."""
    if trouble == "stop":
        stop.set()
        return None
    if trouble == "cut":
        raise httpx.ReadError("cut")
    if trouble == "lost":
        hooks, platform.hooks = platform.hooks, []
        platform.reply(request)
        platform.hooks = hooks
        raise httpx.ReadTimeout("late")
    if trouble == "page":
        return httpx.Response(404, content=b"<html>proxy</html>")
    return refused(f"{trouble}-400") if trouble > 1000 else answer(trouble, {"message": "no"})


@settings(max_examples=150)
@given(
    strangers=st.lists(st.tuples(KINDS, st.sampled_from(STRANGERS)), max_size=6),
    troubles=st.lists(st.tuples(st.sampled_from(["GET", "DELETE"]), st.integers(1, 25), TROUBLE), max_size=8),
    unlisted=st.sets(st.sampled_from(["f", "s", "c", "d", "_acme.schemas.x"])),
    get_lag=st.sampled_from([0.0, 3.0, 100.0, 10.0**6]),
    known=st.lists(st.tuples(KINDS, st.sampled_from(["f", "c", "d", "stranger0", "stranger1", "../x", None])), max_size=4),
    runs=st.sampled_from([RUN, "all"]),
)
def test_nothing_of_others_is_touched_and_one_more_clean_up_leaves_nothing_of_ours(
    strangers: list[tuple[ResourceType, dict[str, Any]]],
    troubles: list[tuple[str, int, Any]],
    unlisted: set[str],
    get_lag: float,
    known: list[tuple[ResourceType, str | None]],
    runs: str,
) -> None:
    platform, stop = Platform(unlisted=unlisted, get_lag=get_lag), threading.Event()
    platform.whole()
    platform.whole(run=OTHER_RUN, key="zendesk-users", suffix="2")
    platform.add("dataset", "kept", run=None)
    for number, (kind, body) in enumerate(strangers):
        platform.add(kind, f"stranger{number}", **body)
    theirs = {f"stranger{number}" for number in range(len(strangers))} | {"kept", "m", "m2"}
    journal = tuple(MadeResource(kind, kind, name_of(KEY, RUN, kind.lower()), one, one, 0.0) for kind, one in known)
    made = platform.ids - theirs
    troubled(platform, troubles, stop)

    result = cleaned(platform, runs, journal, stop)
    assert theirs <= platform.ids
    assert not theirs & set(platform.deletes)
    assert made - platform.ids >= {one.id for one in result.gone if one.outcome == "gone"}
    there = {one for one in platform.ids & made if runs == "all" or not one.endswith("2")}
    assert there - unlisted <= {one.id for one in result.left} | _of_types(platform, result)

    platform.hooks.clear()
    platform.unlisted, platform.get_lag = set(), 0.0
    assert cleaned(platform, "all").left == ()
    assert platform.ids == theirs
    assert not theirs & set(platform.deletes)


def _of_types(platform: Platform, result: Cleaned) -> set[str]:
    """The resources of each type whose list could not be read."""
    unread = {one.type for one in result.left if not one.id}
    unread |= {kind for kind in DELETED_IN_ORDER if any(f"each {kind}:" in warning for warning in result.warnings)}
    return {one for kind in DELETED_IN_ORDER if kind in unread for one in platform.held[kind]}
