"""`python -m tests.bench [--sizes 10 100 1000] [--rounds N] [--pages N] [--targets N]`: figures beside their floors.

They are those of start-up, of trials, of fleets and of plans. `--only plans` leaves out the others. 50,000 specs take most of the time.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

from tests.bench.fleets import TARGETS, fleet_lines, measure_fleets
from tests.bench.measure import BenchFailed
from tests.bench.plans import HEADINGS, Line, growth_lines, measure_size, plan_lines
from tests.bench.shares import share_lines
from tests.bench.startup import measure_starts, start_lines
from tests.bench.trials import measure_trials, trial_lines

SIZES = (10, 100, 1_000, 10_000, 50_000)
PAGES = 10_000
START_ROUNDS = 9
FLEET_ROUNDS = 3


def parts(asked: argparse.Namespace) -> Mapping[str, Callable[[], Iterator[str]]]:
    """The tables by name, each as the lines that it prints."""

    def starts() -> Iterator[str]:
        yield from start_lines(measure_starts(asked.rounds or START_ROUNDS))

    def trials() -> Iterator[str]:
        yield from trial_lines(measure_trials(asked.pages))

    def fleets() -> Iterator[str]:
        yield from fleet_lines(measure_fleets(asked.targets, asked.rounds or FLEET_ROUNDS))

    return {"starts": starts, "trials": trials, "fleets": fleets, "plans": lambda: plans(asked.sizes, asked.rounds)}


def plans(sizes: Sequence[int], rounds: int | None) -> Iterator[str]:
    """The table of plans, a size at a time; then their shares, and how they grow."""
    yield HEADINGS
    found: dict[int, list[Line]] = {}
    shares: dict[str, dict[str, float]] = {}
    for count in sizes:
        found[count], more = measure_size(count, rounds)
        shares |= more
        yield from plan_lines(count, found[count])
    yield ""
    yield from share_lines(shares)
    yield ""
    yield from growth_lines(found)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables; exit with 1 where a command did something else than it should."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="specs to plan (default: %(default)s)")
    parser.add_argument(
        "--rounds", type=int, metavar="N", help="runs of each, of which the median counts (default: 3; 1 if slow)"
    )
    parser.add_argument("--pages", type=int, default=PAGES, metavar="N", help="pages of a trial (default: %(default)s)")
    parser.add_argument("--targets", type=int, default=TARGETS, metavar="N", help="targets of a fleet (default: %(default)s)")
    parser.add_argument("--only", choices=("starts", "trials", "fleets", "plans"), help="print this table alone")
    asked = parser.parse_args(arguments)
    try:
        for name, lines in parts(asked).items():
            if asked.only in (None, name):
                for line in lines():
                    _say(line)
                _say("")
    except BenchFailed as error:
        sys.exit(f"error: {error}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
