"""Switches for connections and flows: what is checked when, and what an answer looks like."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.emulator.switches.runs import RunHabits


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowHabits(RunHabits):
    """What the public documentation leaves open about connections and flows."""
