"""`python -m tests.bench.applies [COUNT [ROUNDS]]`: specs written and read back in a second, beside a bare client.

The client sends the same requests, as many at a time, and compares nothing. A write of the apply counts from its intent to its result, by
the journal. Not in it is what takes as long for one create as for a thousand: the plan, and the waits for specs of another run, before the
first create and after the last one; nor the flow spec that gets the ids of all creates.

The rows differ in how long an answer is under way. `far` is a service over a network. With `near`, all on one machine, no client waits: two
processors are shared by the emulator and what a client does itself, so that row says what the apply does besides.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from tests.bench.generate import EMPTY_SANDBOX, FULL_SANDBOX, body, commit, write_repository, write_spec
from tests.bench.measure import BenchFailed, emulator, environment, make_live

WRITES: Final = 1_000
LEAST_SHARE: Final = 0.9
WORKERS: Final = 4
"""The concurrency of a target whose settings do not say another."""
FAR: Final = 0.05
"""Seconds that an answer is under way: few services over a network are faster."""
_HEADING: Final = f"{'applies':<44} {'specs/s':>8} {'of bare':>8} {'least':>6}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line: specs in a second, their share of those of the bare client, and the least that the share should be."""

    name: str
    rate: float
    share: float | None = None
    least: float | None = None

    @property
    def is_too_little(self) -> bool:
        return self.share is not None and self.least is not None and self.share < self.least


def measure_applies(count: int, rounds: int) -> list[Row]:
    """Creates and edits of this many specs. In a round both clients run, each on a service of its own. Raises BenchFailed."""
    with tempfile.TemporaryDirectory(prefix="reconciler-bench-") as folder:
        base, edited, db = Path(folder, "base"), Path(folder, "edited"), Path(folder, "live.db")
        make_live(base / "specs", db, write_repository(base, count))
        time.sleep(1.1)  # the files change after live was written, by clocks of whole seconds
        shutil.copytree(base, edited)
        _edit_all(edited, count)
        return [
            row
            for after in (FAR, 0.0)
            for case in (_Case("create", base, EMPTY_SANDBOX, db, after), _Case("edit", edited, FULL_SANDBOX, db, after))
            for row in _rows(case, count, rounds)
        ]


def apply_lines(rows: Sequence[Row]) -> Iterator[str]:
    """The table; `!` marks what is less than it should be."""
    yield _HEADING
    for row in rows:
        share, least = (
            "" if number is None else form.format(number) for number, form in ((row.share, "{:.2f}"), (row.least, "{:g}"))
        )
        yield f"{row.name:<44} {row.rate:>8.1f} {share:>8} {least:>6}{' !' if row.is_too_little else ''}".rstrip()


def writes_per_second(events: Sequence[Mapping[str, Any]]) -> float:
    """Connection specs of a journal that were written in a second, but for the first, which may be alone until it is seen to be right."""
    own = [event for event in events if event.get("kind") == "ConnectionSpec"]
    intents: list[float] = [event["at"] for event in own if event["event"] == "intent"][1:]
    results: list[float] = [event["at"] for event in own if event["event"] == "result"]
    if not intents or not results:
        raise BenchFailed("the journal has fewer than two writes")
    return len(intents) / max(results[-1] - intents[0], 0.001)


def _edit_all(folder: Path, count: int) -> None:
    for index in range(count):
        edited = body(index)
        edited["sourceSpec"]["attributes"]["paginationParams"]["limitValue"] = "250"
        write_spec(folder, index, edited)
    commit(folder)


@dataclass(frozen=True, slots=True)
class _Case:
    """What both clients do, with a copy of the service `db` that takes `after` seconds longer to answer."""

    what: str
    repository: Path
    sandbox: str
    db: Path
    after: float


def _rows(case: _Case, count: int, rounds: int) -> Iterator[Row]:
    pairs = []
    for _ in range(rounds):
        bare = (sys.executable, "-m", "tests.bench.clients.bare_writes", case.what, str(count), str(WORKERS))
        with tempfile.TemporaryDirectory(prefix="reconciler-bench-") as folder:
            said = json.loads(_run(bare, case, Path(folder)))
            journal = Path(folder, "journal.jsonl")
            command = str(Path(sys.executable).with_name("reconciler"))
            words = ("--specs", str(case.repository / "specs"), "apply", "--yes", "--journal", str(journal))
            _run((command, *words), case, Path(folder))
            events = [json.loads(line) for line in journal.read_bytes().splitlines()]
        pairs.append((said["specs"] / said["seconds"], writes_per_second(events)))
    where, least = ("far", LEAST_SHARE) if case.after else ("near", None)
    name, share = f"{count:,} {case.what}s, {where}", median(mine / bare for bare, mine in pairs)
    yield Row(f"floor: bare client, {name}", median(bare for bare, _ in pairs))
    yield Row(f"apply, {name}", median(mine for _, mine in pairs), share, least)


def _run(command: Sequence[str], case: _Case, folder: Path) -> str:
    """What a command said that wrote to a copy of this service."""
    copy = folder / "live.db"
    for old in folder.glob("live.db*"):
        old.unlink()
    shutil.copy(case.db, copy)
    with emulator(copy, after=case.after) as url:
        done = subprocess.run(  # noqa: S603 - our own arguments
            command, env=environment(url, case.sandbox), capture_output=True, text=True, check=False
        )
    if done.returncode != 0:
        raise BenchFailed(f"{' '.join(command)} exited with {done.returncode}, not 0:\n{(done.stdout + done.stderr)[-2000:]}")
    return done.stdout


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:]] or [WRITES]
    sys.stdout.write("".join(f"{line}\n" for line in apply_lines(measure_applies(asked[0], *(asked[1:] or [1])))))
