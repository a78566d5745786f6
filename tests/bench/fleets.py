"""Fifty sandboxes in one run: processor seconds and memory, beside the floor of fetching and decoding the same lists.

Processor seconds, and not seconds on a clock: what a busy machine adds to one is added to no other.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.generate import ORG, commit, write_repository
from tests.bench.measure import SERVICE, TOKENS, cost, emulator, make_live

TARGETS = 50
EMBEDDED_SPECS = 10
SERVED_SPECS = 200
MOST_EMBEDDED_SECONDS = 5.0
MOST_TIMES_THE_FLOOR = 1.3
FLEET = "fleet"
_HEADINGS = f"{'what':<44} {'cpu s':>7} {'x floor':>8} {'most':>6} {'MiB':>6}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line: processor seconds and the peak of resident memory. `times` and `most` are in seconds where there is no floor."""

    name: str
    seconds: float
    mebibytes: float
    times: float | None = None
    most: float | None = None

    @property
    def is_too_much(self) -> bool:
        return self.most is not None and (self.seconds if self.times is None else self.times) > self.most


def sandboxes(number: int) -> tuple[str, ...]:
    """The sandboxes of the fleet."""
    return tuple(f"s{index:03}" for index in range(number))


def measure_fleets(targets: int, rounds: int, embedded: int = EMBEDDED_SPECS, served: int = SERVED_SPECS) -> list[Row]:
    """Quiet plans of one fleet: embedded services in the same process, and one service for all sandboxes in another."""
    with tempfile.TemporaryDirectory(prefix="reconciler-bench-") as folder:
        small, large = Path(folder, "small"), Path(folder, "large")
        _prepare(small, embedded, targets, emulated=True)
        _prepare(large, served, targets, emulated=False)
        return [*_embedded(small, targets, embedded, rounds), *_beside_the_floor(large, targets, served, rounds)]


def fleet_lines(rows: Sequence[Row]) -> Iterator[str]:
    """The table; `!` marks what is more than it should be."""
    yield _HEADINGS
    for row in rows:
        times = "" if row.times is None else f"{row.times:.2f}"
        most = "" if row.most is None else f"{row.most:g}"
        yield f"{row.name:<44} {row.seconds:>7.2f} {times:>8} {most:>6} {row.mebibytes:>6.0f}{' !' if row.is_too_much else ''}"


def _prepare(folder: Path, specs: int, targets: int, *, emulated: bool) -> None:
    write_repository(folder, specs)
    where = "emulator: .reconciler/live.db, " if emulated else ""
    names = ", ".join(sandboxes(targets))
    settings = folder / "specs/reconciler.yaml"
    text = settings.read_text() + f"fleets:\n  {FLEET}: {{{where}org_id: {ORG}, sandboxes: [{names}]}}\n"
    settings.write_text(text)
    (folder / ".gitignore").write_text(".reconciler/\n")
    (folder / ".reconciler").mkdir()
    make_live(folder / "specs", folder / ".reconciler/live.db", commit(folder), *sandboxes(targets))


def _embedded(folder: Path, targets: int, specs: int, rounds: int) -> Iterator[Row]:
    many, one = (_middle([cost(_plan(folder, chosen), {}) for _ in range(rounds)]) for chosen in (("--group", FLEET), _FIRST))
    name = f"{targets} embedded targets x {specs} specs"
    yield Row(name, *many, most=MOST_EMBEDDED_SECONDS)
    yield Row(f"  one of them, {targets} times", one[0] * targets, one[1])


def _beside_the_floor(folder: Path, targets: int, specs: int, rounds: int) -> Iterator[Row]:
    floor = (sys.executable, "-m", "tests.bench.clients.floor", str(folder / "specs"), *sandboxes(targets))
    with emulator(folder / ".reconciler/live.db", *sandboxes(targets)) as url:
        environ = _environment(url, targets)
        pairs = [(cost(floor, environ), cost(_plan(folder, ("--group", FLEET)), environ)) for _ in range(rounds)]
    least, plans = _middle([pair[0] for pair in pairs]), _middle([pair[1] for pair in pairs])
    times = median(plan[0] / bare[0] for bare, plan in pairs)
    yield Row(f"floor: {targets} x 2 lists of {specs} specs", *least)
    yield Row(f"{targets} targets x {specs} specs", *plans, times, MOST_TIMES_THE_FLOOR)


_FIRST = ("--target", f"{FLEET}-{sandboxes(1)[0]}")


def _plan(folder: Path, chosen: tuple[str, ...]) -> tuple[str, ...]:
    command = str(Path(sys.executable).with_name("reconciler"))
    return (command, "--specs", str(folder / "specs"), *chosen, "plan", "--detailed-exitcode")


def _environment(url: str, targets: int) -> dict[str, str]:
    names = [f"RECONCILER_FLEET_{sandbox.upper()}" for sandbox in sandboxes(targets)]
    client = {"RECONCILER_CLIENT_ID": "bench", "RECONCILER_CLIENT_SECRET": "not-a-secret"}
    floor = {"RECONCILER_BENCH_BASE_URL": url + SERVICE, "RECONCILER_BENCH_TOKEN_URL": url + TOKENS}
    urls = {f"{name}_BASE_URL": url + SERVICE for name in names} | {f"{name}_TOKEN_URL": url + TOKENS for name in names}
    return client | floor | urls


def _middle(costs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return median(cost[0] for cost in costs), median(cost[1] for cost in costs)
