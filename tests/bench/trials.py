"""Trials: how fast and in how much memory `try` reads many pages, beside a bare loop that reads them, and how long a replay takes.

A trial may take 1.25 times the CPU time of the loop, and 16 MiB more memory for many pages than for a hundred.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.generate import body, key_of, write_repository, write_spec
from tests.bench.measure import cost, served

HEADING: Final = f"{'trials':<40} {'CPU ms':>8} {'x floor':>8} {'at most':>8} {'MiB':>7} {'at most':>8}"
FEW: Final = 100
"""Pages of the trial whose memory that of a long one is compared with."""
RECORDED: Final = 25
_MOST_TIMES: Final = 1.25
_MOST_REPLAY: Final = 25
_MOST_ALL: Final = 33
_MOST_GROWTH: Final = 16
_EXAMPLES: Final = Path(__file__).parents[2] / "specs"
_PROOF: Final = """\
kind: Proof
auth:
  name: Basic Authentication
  params: {username: {env: USER}, password: {env: PW}}
expect: {fields: [id, name]}
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: CPU seconds, those of its floor, and how many times as long it may take; memory in MiB, and how much it may be."""

    name: str
    seconds: float
    floor: float
    mebibytes: float
    most_times: float | None = None
    most_mebibytes: float | None = None


def measure_trials(pages: int) -> list[Row]:
    """All lines, each measured once. Raises BenchFailed if a command fails."""
    nothing, _ = cost((sys.executable, "-c", "pass"), {})
    with tempfile.TemporaryDirectory(prefix="reconciler-bench-") as folder:
        specs = Path(folder, "base/specs")
        rows = list(_live(specs, pages))
        seconds, memory = cost(_reconciler(specs, key_of(0), "--replay"), {})
        rows.append(Row(f"try --replay, {RECORDED} pages", seconds, nothing, memory, _MOST_REPLAY))
    seconds, memory = cost(_reconciler(_EXAMPLES, "--all", "--replay"), {})
    return [*rows, Row("try --all --replay, the examples", seconds, nothing, memory, _MOST_ALL)]


def _live(specs: Path, pages: int) -> Iterator[Row]:
    """The trials of a third party that answers; the last one is recorded."""
    key = key_of(0)
    with served("tests.bench.services.third_party", str(FEW)) as url:
        _write(specs, url)
        _, few = cost(_reconciler(specs, key, "--pages", str(FEW)), _SECRET)
    with served("tests.bench.services.third_party", str(pages)) as url:
        _write(specs, url)
        floor, memory = cost((sys.executable, "-m", "tests.bench.clients.bare", url), {})
        yield Row(f"floor: bare loop, {pages:,} pages", floor, floor, memory)
        for name, words in (("try", ()), ("try --format json", ("--format", "json"))):
            seconds, memory = cost(_reconciler(specs, key, "--pages", str(pages), *words), _SECRET)
            yield Row(f"{name}, {pages:,} pages", seconds, floor, memory, _MOST_TIMES, few + _MOST_GROWTH)
        cost(_reconciler(specs, key, "--pages", str(RECORDED), "--record"), _SECRET)


_SECRET: Final = {
    "RECONCILER_PROOF_USER": "anna-of-bench",
    "RECONCILER_PROOF_PW": "not-a-secret-1",
    "RECONCILER_PROOF_HOSTS": "127.0.0.1",
}


def _reconciler(specs: Path, *words: str) -> tuple[str, ...]:
    local = () if "--replay" in words else ("--allow-local",)
    return (str(Path(sys.executable).with_name("reconciler")), "--specs", str(specs), "try", *words, *local)


def _write(specs: Path, url: str) -> None:
    """One spec that reads the pages of this third party, with its proof file."""
    if not specs.exists():
        write_repository(specs.parent, 1)
    spec = body(0)
    attributes = spec["sourceSpec"]["attributes"]
    attributes["urlParams"] = {"host": url, "path": "/members", "method": "GET"}
    attributes["contentPath"] = {"path": "$.members"}
    attributes["paginationParams"] = {
        "type": "OFFSET",
        "limitName": "limit",
        "limitValue": "100",
        "offSetName": "offset",
        "endConditionName": "$.hasMore",
        "endConditionValue": "Const:false",
    }
    del attributes["scheduleParams"]
    write_spec(specs.parent, 0, spec)
    proof = specs / "proofs" / key_of(0) / "proof.yaml"
    proof.parent.mkdir(parents=True, exist_ok=True)
    proof.write_text(_PROOF)


def trial_lines(rows: list[Row]) -> list[str]:
    """The lines of the table, with a mark at what takes more than it may."""
    return [HEADING, *map(_line, rows)]


def _line(row: Row) -> str:
    times = row.seconds / row.floor
    said = f"{row.name:<40} {row.seconds * 1000:>8.0f} {times:>8.2f} {_bound(times, row.most_times):>8} {row.mebibytes:>7.0f}"
    return f"{said} {_bound(row.mebibytes, row.most_mebibytes):>8}".rstrip()


def _bound(value: float, most: float | None) -> str:
    return "" if most is None else f"{most:.4g}" + (" !" if value > most else "")
