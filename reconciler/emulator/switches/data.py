"""Switches for the services beside Flow Service: schema registry, catalog, conversion and the streaming inlet."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.emulator.switches.habits import Oddness


@dataclass(frozen=True, slots=True, kw_only=True)
class DataHabits(Oddness):
    """What the public documentation leaves open about schemas, datasets, mapping sets and streamed events."""
