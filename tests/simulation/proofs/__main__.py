"""`python -m tests.simulation.proofs SEED…` replays seeds; `--count N [FIRST]` plays so many, and lists those that broke a law."""

from __future__ import annotations

import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterable

from tests.simulation.proofs.play import play, summary


def main(words: list[str]) -> int:
    """Replay the seeds that are named, or play so many."""
    if words[:1] == ["--count"]:
        first = int(words[2]) if words[2:] else int(time.time()) * 1000
        return several(range(first, first + int(words[1])))
    for word in words:
        world = play(int(word))
        for ended in world.ended:
            sys.stdout.write(f"{summary(ended)}\n")
    return 0


def several(seeds: Iterable[int]) -> int:
    """Play these seeds; say what happened, and how to replay what broke a law."""
    faults: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    requests = broken = played = 0
    for seed in seeds:
        played += 1
        try:
            world = play(seed)
        except Exception as error:  # noqa: BLE001 - each is listed
            broken += 1
            said = "".join(traceback.format_exception_only(error)).strip()
            sys.stdout.write(f"seed {seed}: {said[:1500]}\n")
            sys.stdout.flush()
            continue
        faults += world.faults
        requests += sum(ended.requests for ended in world.ended)
        outcomes.update(_how(summary(ended)) for ended in world.ended)
    sys.stdout.write(f"{played} worlds, {sum(faults.values())} faults, {requests} requests; {broken} broke a law\n")
    sys.stdout.write(f"{dict(outcomes.most_common(12))}\n{dict(faults)}\n")
    return int(broken > 0)


def _how(said: str) -> str:
    return said.partition(": ")[2].partition(",")[0][:60]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
