"""Plans of one repository: time, processor time, memory and requests of each, beside the floor of the same round.

A round runs each line once, so a busy machine slows all of them, and a line is compared with its floor in the same round.
"""

from __future__ import annotations

import math
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

from tests.bench.generate import EMPTY_SANDBOX, FULL_SANDBOX, change_some, write_repository
from tests.bench.measure import Measure, emulator, environment, make_live, measure, middle
from tests.bench.shares import measure_shares

HEADINGS: Final = (
    f"{'specs':>7}  {'what':<30} {'seconds':>8} {'x floor':>8} {'cpu s':>8} {'x floor':>8}"
    f" {'ms/spec':>8} {'MiB':>7} {'requests':>9}"
)
SLOW_ROUND_SECONDS: Final = 60
SCRIPT_SPECS: Final = 1_000
"""The script of a careful user is measured up to this number of specs: it takes a request for each."""
FLOOR: Final = "floor"
NEW_FLOOR: Final = "floor, nothing live"
_QUIET: Final = "quiet plan"


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """One line of the table: what runs where, how it must end, and the line that is its floor."""

    name: str
    command: tuple[str, ...]
    sandbox: str
    exit_code: int
    floor: str
    environ: Mapping[str, str] = field(default_factory=dict)
    cores: frozenset[int] = frozenset()
    empties: Path | None = None
    """A folder that is emptied before."""


@dataclass(frozen=True, slots=True)
class Line:
    """The medians of one scenario, and how many times the seconds and the processor seconds of the floor it takes."""

    scenario: Scenario
    middle: Measure
    times: float
    cpu_times: float


def scenarios(base: Path, changed: Path, count: int) -> tuple[Scenario, ...]:
    """The lines for one size. A floor reads the lists of the same sandbox as its plan, and uses one core."""
    reconciler, cache = str(Path(sys.executable).with_name("reconciler")), base.parent / "cache"
    one = frozenset(sorted(os.sched_getaffinity(0))[:1])
    cached = {"RECONCILER_NO_CACHE": "", "RECONCILER_CACHE_DIR": str(cache)}

    def floor(sandbox: str, name: str) -> Scenario:
        return Scenario(
            name, (sys.executable, "-m", "tests.bench.clients.floor", str(base / "specs")), sandbox, 0, name, cores=one
        )

    def plan(folder: Path) -> tuple[str, ...]:
        return (reconciler, "--specs", str(folder / "specs"), "plan", "--detailed-exitcode")

    quiet = plan(base)
    validate = (reconciler, "--specs", str(base / "specs"), "validate")
    found = (
        floor(FULL_SANDBOX, FLOOR),
        Scenario(_QUIET, quiet, FULL_SANDBOX, 0, FLOOR),
        Scenario("quiet plan, one core", quiet, FULL_SANDBOX, 0, FLOOR, cores=one),
        Scenario("quiet plan, cache is filled", quiet, FULL_SANDBOX, 0, FLOOR, cached, empties=cache),
        Scenario("quiet plan, files are cached", quiet, FULL_SANDBOX, 0, FLOOR, cached),
        Scenario("2% changed plan", plan(changed), FULL_SANDBOX, 2, FLOOR),
        floor(EMPTY_SANDBOX, NEW_FLOOR),
        Scenario("all-new plan", quiet, EMPTY_SANDBOX, 2, NEW_FLOOR),
        Scenario("validate", validate, FULL_SANDBOX, 0, FLOOR),
        Scenario("validate, cache is filled", validate, FULL_SANDBOX, 0, FLOOR, cached, empties=cache),
        Scenario("validate, files are cached", validate, FULL_SANDBOX, 0, FLOOR, cached),
    )
    script = (sys.executable, "-m", "tests.bench.clients.script", str(base / "specs"))
    return (*found, Scenario("a user's script", script, FULL_SANDBOX, 0, FLOOR)) if count <= SCRIPT_SPECS else found


def measure_size(count: int, rounds: int | None) -> tuple[list[Line], dict[str, dict[str, float]]]:
    """The lines of one size, and the shares of a quiet plan and of one in which all is new."""
    with tempfile.TemporaryDirectory(prefix="reconciler-bench-") as temporary:
        folder = Path(temporary)
        base, changed, db = folder / "base", folder / "changed", folder / "emulator.db"
        commit = write_repository(base, count)
        shutil.copytree(base, changed)
        change_some(changed, count)
        make_live(base / "specs", db, commit)
        all_of_them = scenarios(base, changed, count)
        with emulator(db) as url:
            start = time.perf_counter()
            found = [_one_round(all_of_them, url)]
            wanted = rounds or (1 if time.perf_counter() - start > SLOW_ROUND_SECONDS else 3)
            found += [_one_round(all_of_them, url) for _ in range(wanted - 1)]
            return _lines(all_of_them, found), _shares(all_of_them, url, count)


def _one_round(all_of_them: Sequence[Scenario], url: str) -> dict[str, Measure]:
    found = {}
    for one in all_of_them:
        if one.empties is not None:
            shutil.rmtree(one.empties, ignore_errors=True)
        environ = {**environment(url, one.sandbox), **one.environ}
        found[one.name] = measure(one.command, environ, url, one.exit_code, one.cores)
    return found


def _lines(all_of_them: Sequence[Scenario], rounds: Sequence[Mapping[str, Measure]]) -> list[Line]:
    return [
        Line(
            one,
            middle([found[one.name] for found in rounds]),
            median(found[one.name].seconds / found[one.floor].seconds for found in rounds),
            median(found[one.name].cpu_seconds / found[one.floor].cpu_seconds for found in rounds),
        )
        for one in all_of_them
    ]


def _shares(all_of_them: Sequence[Scenario], url: str, count: int) -> dict[str, dict[str, float]]:
    chosen = [
        one for one in all_of_them if one.name in (_QUIET, "quiet plan, files are cached", "2% changed plan", "all-new plan")
    ]
    return {
        f"{one.name}, {count:,}": measure_shares(one.command[1:], {**environment(url, one.sandbox), **one.environ}, one.exit_code)
        for one in chosen
    }


def plan_lines(count: int, lines: Sequence[Line]) -> Iterator[str]:
    """The lines of the table for one size."""
    for line in lines:
        one = line.middle
        yield (
            f"{count:>7,}  {line.scenario.name:<30} {one.seconds:>8.2f} {line.times:>8.2f} {one.cpu_seconds:>8.2f}"
            f" {line.cpu_times:>8.2f} {one.seconds / count * 1000:>8.2f} {one.mebibytes:>7,.0f} {one.requests:>9}"
        )


def growth_lines(sizes: Mapping[int, Sequence[Line]]) -> Iterator[str]:
    """How the processor time of each line grows: the exponent from each size to the next, 1 being in proportion to the specs."""
    steps = list(zip(sorted(sizes), sorted(sizes)[1:], strict=False))
    if not steps:
        return
    yield f"{'growth, exponent of processor time':<40} " + " ".join(f"{f'{few:,} to {many:,}':>18}" for few, many in steps)
    by_name = {count: {line.scenario.name: line.middle.cpu_seconds for line in lines} for count, lines in sizes.items()}
    for name in by_name[steps[0][0]]:
        told = [_exponent(few, many, by_name, name) for few, many in steps]
        yield (f"{name:<40} " + " ".join(f"{said:>18}" for said in told)).rstrip()


def _exponent(few: int, many: int, seconds: Mapping[int, Mapping[str, float]], name: str) -> str:
    least, most = seconds[few].get(name), seconds[many].get(name)
    return f"{math.log(most / least) / math.log(many / few):.2f}" if least and most else ""
