"""`python -m tests.bench [--sizes 100 1000 10000] [--rounds N] [--pages N] [--targets N]`: figures beside their floors.

They are those of start-up, of trials, of fleets and of plans.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.fleets import TARGETS, fleet_lines, measure_fleets
from tests.bench.generate import EMPTY_SANDBOX, FULL_SANDBOX, change_some, write_repository
from tests.bench.measure import BenchFailed, Measure, emulator, environment, measure, middle
from tests.bench.startup import measure_starts, start_lines
from tests.bench.trials import measure_trials, trial_lines

SIZES = (100, 1_000, 10_000)
PAGES = 10_000
SLOW_ROUND_SECONDS = 60
START_ROUNDS = 9
FLEET_ROUNDS = 3
HEADINGS = f"{'specs':>7}  {'what':<30} {'seconds':>8} {'x floor':>8} {'ms/spec':>8} {'MiB':>7} {'requests':>9}"


@dataclass(frozen=True, slots=True)
class Scenario:
    """One line of the table: what runs where, how it must end, and the line that is its floor."""

    name: str
    command: tuple[str, ...]
    sandbox: str
    exit_code: int
    floor: str


def scenarios(base: Path, changed: Path) -> tuple[Scenario, ...]:
    """The lines for one size. A floor reads the lists of the same sandbox as its plan."""
    plan = str(Path(sys.executable).with_name("reconciler"))

    def floor(sandbox: str, name: str) -> Scenario:
        return Scenario(name, (sys.executable, "-m", "tests.bench.floor", str(base / "specs")), sandbox, 0, name)

    def planned(name: str, folder: Path, sandbox: str, exit_code: int, beside: str) -> Scenario:
        command = (plan, "--specs", str(folder / "specs"), "plan", "--detailed-exitcode")
        return Scenario(name, command, sandbox, exit_code, beside)

    return (
        floor(FULL_SANDBOX, "floor"),
        planned("quiet plan", base, FULL_SANDBOX, 0, "floor"),
        planned("2% changed plan", changed, FULL_SANDBOX, 2, "floor"),
        floor(EMPTY_SANDBOX, "floor, nothing live"),
        planned("all-new plan", base, EMPTY_SANDBOX, 2, "floor, nothing live"),
    )


def measure_size(count: int, rounds: int | None, folder: Path) -> dict[Scenario, Measure]:
    """The median of some rounds; in a round each scenario runs once, so that a busy machine slows all of them."""
    base, changed, db = folder / "base", folder / "changed", folder / "emulator.db"
    commit = write_repository(base, count)
    shutil.copytree(base, changed)
    change_some(changed, count)
    seeding = (sys.executable, "-m", "tests.bench.seed", str(base / "specs"), str(db), commit)
    subprocess.run(seeding, check=True)  # noqa: S603 - our own arguments
    found: dict[Scenario, list[Measure]] = {scenario: [] for scenario in scenarios(base, changed)}
    with emulator(db) as url:
        start = time.perf_counter()
        _one_round(found, url)
        wanted = rounds or (1 if time.perf_counter() - start > SLOW_ROUND_SECONDS else 3)
        for _ in range(wanted - 1):
            _one_round(found, url)
    return {scenario: middle(measures) for scenario, measures in found.items()}


def _one_round(found: dict[Scenario, list[Measure]], url: str) -> None:
    for scenario, measures in found.items():
        measures.append(measure(scenario.command, environment(url, scenario.sandbox), url, scenario.exit_code))


def lines(count: int, found: dict[Scenario, Measure]) -> list[str]:
    """The lines of the table for one size."""
    floors = {scenario.name: result.seconds for scenario, result in found.items()}
    return [
        f"{count:>7,}  {scenario.name:<30} {one.seconds:>8.2f} {one.seconds / floors[scenario.floor]:>8.2f}"
        f" {one.seconds / count * 1000:>8.2f} {one.mebibytes:>7,.0f} {one.requests:>9}"
        for scenario, one in found.items()
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, a size at a time; exit with 1 where a command did something else than it should."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="specs to plan (default: %(default)s)")
    parser.add_argument(
        "--rounds", type=int, metavar="N", help="runs of each, of which the median counts (default: 3; 1 if slow)"
    )
    parser.add_argument("--pages", type=int, default=PAGES, metavar="N", help="pages of a trial (default: %(default)s)")
    parser.add_argument("--targets", type=int, default=TARGETS, metavar="N", help="targets of a fleet (default: %(default)s)")
    asked = parser.parse_args(arguments)
    try:
        _say(*start_lines(measure_starts(asked.rounds or START_ROUNDS)), "")
        _say(*trial_lines(measure_trials(asked.pages)), "")
        _say(*fleet_lines(measure_fleets(asked.targets, asked.rounds or FLEET_ROUNDS)), "")
    except BenchFailed as error:
        sys.exit(f"error: {error}")
    _say(HEADINGS)
    for count in asked.sizes:
        with tempfile.TemporaryDirectory(prefix="reconciler-bench-") as folder:
            try:
                _say(*lines(count, measure_size(count, asked.rounds, Path(folder))))
            except BenchFailed as error:
                sys.exit(f"error: {error}")


def _say(*said: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in said))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
