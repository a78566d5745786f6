"""`python -m tests.simulation SEED` replays one seed; without one it goes on until it is told to stop.

`--with HABIT[,HABIT]` plays with these habits of the service and its users instead of those that are on (`--with all`: any of them);
`--survey 200` plays so many seeds with each habit by itself, and lists the first that breaks a law.
"""

from __future__ import annotations

import itertools
import os
import sys
import time
from collections import Counter
from collections.abc import Collection, Iterable
from unittest import mock

from tests.simulation.habits import ALL, ON
from tests.simulation.play import play

REPORTED = 200


def main(words: list[str]) -> int:
    """Replay the seeds that are named, or soak from a seed of the clock's."""
    with mock.patch.object(os, "fsync"):  # the simulation's disk does not fail
        if words[:1] == ["--survey"]:
            return survey(int(words[1]), words[2:] or list(ALL))
        habits: Collection[str] = ON
        if words[:1] == ["--with"]:
            habits, words = (frozenset(ALL) if words[1] == "all" else frozenset(words[1].split(","))), words[2:]
        return soak([int(word) for word in words] or itertools.count(int(time.time()) * 1000), habits)


def survey(count: int, names: Iterable[str]) -> int:
    """Play so many seeds with each habit by itself, and list how many broke a law, and how the first did."""
    for name in names:
        broken = []
        for seed in range(count):
            try:
                play(seed, {name})
            except Exception as error:  # noqa: BLE001 - each is listed
                broken.append((seed, f"{type(error).__name__} {error}"[:300]))
        sys.stdout.write(f"{name}: {len(broken)} of {count} broke a law\n")
        laws: dict[str, tuple[int, str]] = {}
        for seed, said in broken:
            laws.setdefault(said.partition(":")[0], (seed, said))
        for seed, said in laws.values():
            sys.stdout.write(f"  seed {seed}: {said}\n")
        sys.stdout.flush()
    return 0


def soak(seeds: Iterable[int], habits: Collection[str] = ON) -> int:
    """Play these seeds, and say now and then how many there were. The first that breaks a law ends it, with how to replay it."""
    faults: Counter[str] = Counter()
    requests = 0
    for done, seed in enumerate(seeds, start=1):
        try:
            scenario = play(seed, habits)
        except BaseException:
            sys.stderr.write(f"seed {seed} broke a law; replay it with: python -m tests.simulation {seed}\n")
            raise
        faults += scenario.faults
        requests += scenario.wire.requests
        if done % REPORTED == 0:
            sys.stdout.write(f"{done} seeds, {sum(faults.values())} faults, {requests} requests; last seed {seed}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{sum(faults.values())} faults, {requests} requests, and every law held\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
