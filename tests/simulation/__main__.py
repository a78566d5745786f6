"""`python -m tests.simulation SEED` replays one seed; without one it goes on until it is told to stop."""

from __future__ import annotations

import itertools
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable
from unittest import mock

from tests.simulation.play import play

REPORTED = 200


def main(words: list[str]) -> int:
    """Replay the seeds that are named, or soak from a seed of the clock's."""
    with mock.patch.object(os, "fsync"):  # the simulation's disk does not fail
        return soak([int(word) for word in words] or itertools.count(int(time.time()) * 1000))


def soak(seeds: Iterable[int]) -> int:
    """Play these seeds, and say now and then how many there were. The first that breaks a law ends it, with how to replay it."""
    faults: Counter[str] = Counter()
    requests = 0
    for done, seed in enumerate(seeds, start=1):
        try:
            scenario = play(seed)
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
