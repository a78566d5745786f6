"""The order in which several targets are written."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from reconciler.applying.waves import Turn, TurnEnd, TurnState, Waves
from reconciler.errors import ExitCode

ACME, OTHER = ("platform.example", "ACME"), ("platform.example", "OTHER")


def names(begun: tuple[Turn, ...]) -> list[str]:
    return [turn.name for turn in begun]


def ran(waves: Waves, codes: Callable[[str], ExitCode] = lambda _: ExitCode.DONE) -> list[str]:
    """The targets in the order in which they were begun, each ended before the next is asked for."""
    order: list[str] = []
    running: list[str] = []
    while not waves.is_over:
        running += names(waves.begin())
        if running:
            name = running.pop(0)
            order.append(name)
            waves.ended(name, codes(name))
    return order


def test_targets_of_one_organization_are_written_one_after_another() -> None:
    waves = Waves([Turn("a", 1, ACME), Turn("b", 1, ACME)], max_failures=None)
    assert names(waves.begin()) == ["a"]
    assert waves.begin() == ()
    waves.ended("a", ExitCode.DONE)
    assert names(waves.begin()) == ["b"]


def test_organizations_are_written_beside_each_other() -> None:
    waves = Waves([Turn("a", 1, ACME), Turn("b", 1, OTHER)], max_failures=None)
    assert names(waves.begin()) == ["a", "b"]


def test_the_same_organization_at_another_host_is_another_one() -> None:
    waves = Waves([Turn("a", 1, ACME), Turn("b", 1, ("stage.example", "ACME"))], max_failures=None)
    assert names(waves.begin()) == ["a", "b"]


def test_with_a_limit_of_failures_the_first_target_of_a_wave_runs_alone() -> None:
    waves = Waves([Turn("a", 1, ACME), Turn("b", 1, OTHER), Turn("c", 1, ACME)])
    assert names(waves.begin()) == ["a"]
    assert waves.begin() == ()
    waves.ended("a", ExitCode.DONE)
    assert names(waves.begin()) == ["b", "c"]


def test_each_wave_has_a_first_target_of_its_own() -> None:
    waves = Waves([Turn("a", 1, ACME), Turn("b", 2, ACME), Turn("c", 2, OTHER)])
    assert names(waves.begin()) == ["a"]
    waves.ended("a", ExitCode.DONE)
    assert names(waves.begin()) == ["b"]
    waves.ended("b", ExitCode.DONE)
    assert names(waves.begin()) == ["c"]


def test_a_wave_begins_when_the_one_before_has_ended() -> None:
    waves = Waves([Turn("late", 2, OTHER), Turn("a", 1, ACME), Turn("b", 1, OTHER)], max_failures=None)
    assert names(waves.begin()) == ["a", "b"]
    waves.ended("b", ExitCode.DONE)
    assert waves.begin() == ()
    waves.ended("a", ExitCode.DONE)
    assert names(waves.begin()) == ["late"]


def test_after_the_first_failure_no_more_are_begun_and_what_runs_may_end() -> None:
    waves = Waves([Turn("z", 1, ACME), Turn("a", 1, ACME), Turn("b", 1, OTHER), Turn("c", 1, ACME)])
    waves.begin()
    waves.ended("z", ExitCode.DONE)
    assert names(waves.begin()) == ["a", "b"]
    waves.ended("a", ExitCode.UNFINISHED)
    assert waves.begin() == ()
    assert waves.ends["b"].state is TurnState.RUNNING
    waves.ended("b", ExitCode.DONE)
    assert waves.begin() == ()
    assert waves.is_over
    assert waves.ends["c"] == TurnEnd(TurnState.NOT_STARTED, because=("a",))
    assert waves.ends["b"] == TurnEnd(TurnState.ENDED, ExitCode.DONE)


@pytest.mark.parametrize("code", [ExitCode.WRONG, ExitCode.REFUSED, ExitCode.UNFINISHED])
def test_what_comes_after_a_failed_target_is_blocked(code: ExitCode) -> None:
    turns = [
        Turn("stage", 1, ACME),
        Turn("other", 1, OTHER),
        Turn("prod", 2, ACME, frozenset({"stage"})),
        Turn("eu", 3, OTHER, frozenset({"prod", "stage"})),
        Turn("free", 2, OTHER, frozenset({"other"})),
    ]
    waves = Waves(turns, max_failures=None)
    assert ran(waves, lambda name: code if name == "stage" else ExitCode.DONE) == ["stage", "other", "free"]
    assert waves.ends["prod"] == TurnEnd(TurnState.BLOCKED, because=("stage",))
    assert waves.ends["eu"] == TurnEnd(TurnState.BLOCKED, because=("stage", "prod"))


def test_what_comes_after_a_failure_is_blocked_and_the_rest_not_started_once_the_limit_is_reached() -> None:
    turns = [Turn("stage", 1, ACME), Turn("dev", 1, ACME), Turn("prod", 2, ACME, frozenset({"stage"})), Turn("eu", 2, OTHER)]
    waves = Waves(turns)
    assert ran(waves, lambda _: ExitCode.UNFINISHED) == ["stage"]
    assert [end.state for end in waves.ends.values()] == [
        TurnState.ENDED,
        TurnState.NOT_STARTED,
        TurnState.BLOCKED,
        TurnState.NOT_STARTED,
    ]


def test_a_target_that_is_known_to_fail_counts_before_its_wave_begins() -> None:
    turns = [Turn("dev", 1, ACME), Turn("a", 2, ACME), Turn("b", 2, None, known=ExitCode.WRONG)]
    waves = Waves(turns)
    assert ran(waves) == ["dev"]
    assert waves.ends["a"] == TurnEnd(TurnState.NOT_STARTED, because=("b",))
    assert waves.ends["b"] == TurnEnd(TurnState.ENDED, ExitCode.WRONG)


def test_without_a_limit_a_target_that_is_known_to_fail_hinders_only_what_comes_after_it() -> None:
    turns = [Turn("a", 1, ACME), Turn("b", 1, None, known=ExitCode.WRONG), Turn("c", 2, ACME, frozenset({"b"}))]
    waves = Waves(turns, max_failures=None)
    assert ran(waves) == ["a"]
    assert waves.ends["c"] == TurnEnd(TurnState.BLOCKED, because=("b",))


def test_a_target_with_nothing_to_do_is_not_begun_and_has_succeeded() -> None:
    turns = [Turn("stage", 1, ACME, known=ExitCode.DONE), Turn("prod", 2, ACME, frozenset({"stage"}))]
    assert ran(Waves(turns)) == ["prod"]


def test_a_target_with_nothing_to_do_is_not_reported_as_blocked() -> None:
    turns = [Turn("stage", 1, ACME), Turn("prod", 2, ACME, frozenset({"stage"}), known=ExitCode.DONE)]
    waves = Waves(turns)
    ran(waves, lambda _: ExitCode.UNFINISHED)
    assert waves.ends["prod"] == TurnEnd(TurnState.ENDED, ExitCode.DONE)


def test_after_a_stop_no_more_are_begun() -> None:
    waves = Waves([Turn("a", 1, ACME), Turn("b", 1, ACME), Turn("c", 2, ACME, frozenset({"a"}))])
    waves.begin()
    waves.halt()
    assert waves.begin() == ()
    waves.ended("a", ExitCode.SIGINT)
    assert waves.begin() == ()
    assert waves.is_over
    assert waves.ends["b"] == waves.ends["c"] == TurnEnd(TurnState.NOT_STARTED)


def test_a_target_that_was_stopped_stops_the_run() -> None:
    waves = Waves([Turn("a", 1, ACME), Turn("b", 1, ACME)], max_failures=None)
    assert ran(waves, lambda _: ExitCode.SIGTERM) == ["a"]
    assert waves.ends["b"] == TurnEnd(TurnState.NOT_STARTED)


def test_more_failures_may_be_allowed() -> None:
    waves = Waves([Turn(name, 1, ACME) for name in "abcd"], max_failures=2)
    assert ran(waves, lambda _: ExitCode.UNFINISHED) == ["a", "b"]


def test_a_target_ends_once_and_only_if_it_runs() -> None:
    waves = Waves([Turn("a", 1, ACME)])
    with pytest.raises(ValueError, match="a does not run"):
        waves.ended("a", ExitCode.DONE)
    waves.begin()
    waves.ended("a", ExitCode.DONE)
    with pytest.raises(ValueError, match="a does not run"):
        waves.ended("a", ExitCode.DONE)


def test_a_target_without_an_organization_is_never_written() -> None:
    with pytest.raises(ValueError, match="without an organization"):
        Waves([Turn("a", 1, None)])


@pytest.mark.parametrize("seed", range(200))
def test_laws_of_any_run(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - a draw of cases
    count = rng.randrange(1, 9)
    turns: list[Turn] = []
    for number in range(count):
        after = frozenset(turn.name for turn in turns if rng.random() < 0.3)
        after |= {name for turn in turns if turn.name in after for name in turn.after}
        wave = 1 + max((turn.wave for turn in turns if turn.name in after), default=0)
        known = rng.choice([None, None, None, ExitCode.DONE, ExitCode.WRONG, ExitCode.REFUSED])
        turns.append(Turn(f"t{number}", wave, rng.choice([ACME, OTHER]), after, known))
    rng.shuffle(turns)
    limit = rng.choice([None, 1, 1, 2])
    waves = Waves(turns, max_failures=limit)
    by_name = {turn.name: turn for turn in turns}
    running: list[str] = []
    steps = 0
    while not waves.is_over:
        steps += 1
        assert steps < 100, "it hangs"
        failed_before = len(waves.failures)
        stopped = waves.is_halted
        begun = waves.begin()
        assert not (begun and stopped)
        assert not (begun and limit is not None and failed_before >= limit)
        running += names(begun)
        organizations = [by_name[name].organization for name in running]
        assert len(organizations) == len(set(organizations))
        for turn in begun:
            assert turn.known is None
            assert not turn.after & {*waves.failures, *running}
            assert all(waves.ends[other.name].state is TurnState.ENDED for other in turns if other.name in turn.after)
            assert all(by_name[name].wave == turn.wave for name in running)
        if running:
            codes = [ExitCode.DONE] * 6 + [ExitCode.WRONG, ExitCode.REFUSED, ExitCode.UNFINISHED]
            waves.ended(running.pop(rng.randrange(len(running))), rng.choice(codes))
        if rng.random() < 0.03:
            waves.halt()
    assert not running
    reasons = [end for end in waves.ends.values() if end.state in {TurnState.BLOCKED, TurnState.NOT_STARTED}]
    assert not reasons or waves.failures or waves.is_halted
