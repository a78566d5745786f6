"""Switches for runs: when they happen, what they report, and what the engine does where no page says it."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.emulator.switches.data import DataHabits


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHabits(DataHabits):
    """What the public documentation leaves open about the runs of a flow."""
