"""`python -m tests.simulation.fleets [FIRST] [COUNT]` plays worlds of fleets from this seed on: by default 1,000 from 0."""

from __future__ import annotations

import os
import sys
from collections import Counter
from unittest import mock

from tests.simulation.fleets.play import play

COUNT = 1_000


def main(words: list[str]) -> int:
    """Play the worlds. The first that breaks a law ends it, with its seed."""
    first, count = int(words[0]) if words else 0, int(words[1]) if words[1:] else COUNT
    seen: Counter[str] = Counter()
    with mock.patch.object(os, "fsync"):  # the simulation's disk does not fail
        for seed in range(first, first + count):
            try:
                world = play(seed)
            except BaseException:
                sys.stderr.write(f"seed {seed} broke a law; replay it with: python -m tests.simulation.fleets {seed} 1\n")
                raise
            seen["runs"] += len(world.runs)
            seen["killed"] += sum(run.wire.dead for run in world.runs)
            seen["turns"] += sum(event.code is not None for run in world.runs for event in run.events)
            seen["requests"] += sum(run.wire.steps for run in world.runs)
            seen["faults"] += sum(wire.faults.total() for run in world.runs for wire in run.wire.wires.values())
    sys.stdout.write(f"{count} worlds, {', '.join(f'{number} {name}' for name, number in seen.items())}, and every law held\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
