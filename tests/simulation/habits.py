"""Habits of the service, and of those who use it: each by its name, drawn from the seed; those in `ON` are in every run of the tests."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection
from dataclasses import replace

from tests.simulation.habits_of_service import Habits

Draw = Callable[[Habits, random.Random, float, float], Habits]
"""What a habit makes of the service, by its random numbers, `settle` and `consistency_window`."""

PLAIN, SHARE = 0.5, 0.15
"""How often a seed has no habit at all, and how often one of the others has one habit, when several are on."""


def _stale_gets(habits: Habits, rng: random.Random, _settle: float, _window: float) -> Habits:
    return replace(habits, stale_gets=rng.choice([1, 2, 3, 5, 9]))


def _lagging_gets(habits: Habits, rng: random.Random, settle: float, window: float) -> Habits:
    return replace(habits, get_replicas=(rng.choice([0.5, 2.0, settle * 0.9, settle * 1.5, window * 1.5]),))


def _replicas(habits: Habits, rng: random.Random, settle: float, _window: float) -> Habits:
    return replace(habits, get_replicas=rng.choice([(0.0, settle), (settle * 2, 0.0), (0.0, 0.0, 15.0)]))


def _stale_lists(habits: Habits, rng: random.Random, settle: float, _window: float) -> Habits:
    return replace(habits, list_bodies_lag=rng.choice([1.0, settle, 15.0]))


def _partial_gets(habits: Habits, rng: random.Random, _settle: float, _window: float) -> Habits:
    return replace(
        habits, partial=rng.choice(["summary", "ids", "sections", "attributes"]), partial_share=rng.choice([0.2, 0.6, 1.0])
    )


def _no_times(habits: Habits, rng: random.Random, _settle: float, _window: float) -> Habits:
    ways = rng.choice([("get",), ("get", "write"), ("get", "list", "write")])
    return replace(habits, updated_at="missing", updated_at_in=ways)


def _coarse_times(habits: Habits, rng: random.Random, _settle: float, _window: float) -> Habits:
    ways = rng.choice([("get",), ("get", "list"), ("get", "list", "write")])
    return replace(habits, updated_at="whole_seconds", updated_at_in=ways)


def _times_not_bumped(habits: Habits, _rng: random.Random, _settle: float, _window: float) -> Habits:
    return replace(habits, updated_at_not_bumped=True)


def _late_normalising(habits: Habits, rng: random.Random, _settle: float, _window: float) -> Habits:
    return replace(
        habits,
        drops_description=rng.random() < 0.5,
        content_path_string=rng.random() < 0.5,
        defaults_auth_required=rng.random() < 0.5,
        normalises_after=rng.choice([0.02, 0.5, 2.0]),
        normaliser=rng.choice(["flow-service", ""]),
    )


def _shifting_pages(habits: Habits, rng: random.Random, _settle: float, _window: float) -> Habits:
    return replace(habits, page_size=rng.choice([1, 2]), shifting=rng.choice([0.3, 1.0]), counts=rng.random() < 0.5)


def _filtered_lag(habits: Habits, rng: random.Random, _settle: float, window: float) -> Habits:
    return replace(habits, filtered_lag=rng.choice([0.0, window * 0.8, window * 3]))


def _some_etags(habits: Habits, _rng: random.Random, _settle: float, _window: float) -> Habits:
    return replace(habits, etags=True, etags_on_some=True)


def _skewed_clock(habits: Habits, rng: random.Random, _settle: float, _window: float) -> Habits:
    return replace(habits, skew=rng.choice([-86_400.0, -300.0, 300.0, 86_400.0 * 30]))


def _unsolicited(habits: Habits, rng: random.Random, _settle: float, _window: float) -> Habits:
    return replace(habits, unsolicited=True, upper_case_ids=rng.random() < 0.3)


def _slow_calls(habits: Habits, rng: random.Random, settle: float, _window: float) -> Habits:
    """Up to what `settle` leaves room for: with more, nothing can be written soon enough after it was read."""
    return replace(habits, seconds_per_call=rng.choice([0.1, 0.25, 0.53]) * settle)


def _bad_elements(habits: Habits, rng: random.Random, _settle: float, _window: float) -> Habits:
    return replace(habits, bad_elements=tuple(rng.sample(range(6), 2)))


def _hidden_answers(habits: Habits, rng: random.Random, _settle: float, _window: float) -> Habits:
    return replace(habits, hidden_answer=rng.randrange(31))


def _as_it_is(habits: Habits, _rng: random.Random, _settle: float, _window: float) -> Habits:
    """A habit of those who use the service, which the scenario draws itself."""
    return habits


ALL: dict[str, Draw] = {
    "stale-gets": _stale_gets,
    "lagging-gets": _lagging_gets,
    "replicas": _replicas,
    "stale-lists": _stale_lists,
    "partial-gets": _partial_gets,
    "no-times": _no_times,
    "coarse-times": _coarse_times,
    "times-not-bumped": _times_not_bumped,
    "late-normalising": _late_normalising,
    "shifting-pages": _shifting_pages,
    "filtered-lag": _filtered_lag,
    "some-etags": _some_etags,
    "skewed-clock": _skewed_clock,
    "unsolicited": _unsolicited,
    "slow-calls": _slow_calls,
    "bad-elements": _bad_elements,
    "hidden-answers": _hidden_answers,
    "long-list-lag": _as_it_is,
    "journal": _as_it_is,
    "lying-posts": _as_it_is,
    "late-landing": _as_it_is,
    "workers": _as_it_is,
    "two-applies": _as_it_is,
    "two-repositories": _as_it_is,
    "copied-markers": _as_it_is,
    "renames": _as_it_is,
    "folded-names": _as_it_is,
}

OFF = frozenset({"late-landing"})
"""Habits with which a seed in a thousand breaks a law: what lands a minute after its answer cannot be told from what was written since."""
NOT_WITH_STALE_GETS = frozenset({"lagging-gets", "replicas", "two-applies", "two-repositories"})
"""Habits that do not go with `stale-gets` in the tests. Reads that go back and forth between three states mislead one run in a thousand;
and a reading that shows our own write does not show what a rival took out since, misled by a stale read: no client can promise that."""
ON: frozenset[str] = frozenset(ALL) - OFF
"""The habits that are drawn in every run of the tests: every law holds with them."""


def drawn(rng: random.Random, of: Collection[str]) -> frozenset[str]:
    """Which of these one seed has: none in every other, some in the rest; the only one, where there is one."""
    if len(of) == 1:
        return frozenset(of)
    if rng.random() < PLAIN:
        return frozenset()
    has = frozenset(name for name in ALL if rng.random() < SHARE) & frozenset(of)
    return has - NOT_WITH_STALE_GETS if "stale-gets" in has and not frozenset(of) >= OFF else has
