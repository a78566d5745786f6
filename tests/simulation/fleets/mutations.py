"""What keeps the order of several targets, broken one thing at a time and on purpose: the simulation must notice each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reconciler.applying.waves import Turn, Waves
from reconciler.planning.gate import Wait
from reconciler.planning.gating import judging, same
from reconciler.planning.gating.upstream import Upstream
from reconciler.sessions import fleet_applying
from tests.simulation.mutations import Mutation

_TURNS = fleet_applying.turns_of
_WHY_NOT = same.why_not_same


def _nobody(*_: Any) -> tuple[str, ...]:
    return ()


def _unchecked(*_: Any, **_named: Any) -> None:
    """Any plan will do."""


def _alone(*given: Any) -> list[Turn]:
    return [replace(turn, organization=(turn.name, "")) for turn in _TURNS(*given)]


def _in_one_wave(*given: Any) -> list[Turn]:
    return [replace(turn, wave=1) for turn in _TURNS(*given)]


def _open_if_unread(upstream: Upstream, *given: Any, **named: Any) -> Wait | None:
    return None if upstream.plan is None else _WHY_NOT(upstream, *given, **named)


MUTATIONS = (
    Mutation("two targets of an organization are written at a time", ((fleet_applying, "turns_of", _alone),), seed=0),
    Mutation("all targets are in one wave", ((fleet_applying, "turns_of", _in_one_wave),), seed=0),
    Mutation("failures do not count", ((Waves, "_is_closed", property(lambda waves: waves.is_halted)),), seed=1),
    Mutation("a failure blocks nothing", ((Waves, "_obstacles", _nobody),), seed=16),
    Mutation("a stop is not heeded", ((Waves, "halt", _unchecked),), seed=2),
    Mutation("every gate is open", ((judging, "why_not_same", _unchecked),), seed=18),
    Mutation("a target that cannot be read opens the gate", ((judging, "why_not_same", _open_if_unread),), seed=50),
    Mutation("another plan than the one that was shown is written", ((fleet_applying, "_check", _unchecked),), seed=2),
)
