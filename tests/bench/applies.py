"""`python -m tests.bench.applies [COUNT [ROUNDS]]`: specs written and read back in a second, beside a bare client.

The client sends the same requests and compares nothing.

A write of the apply counts from its intent to its result, by the journal: the plan, and the waits for the lists, are not in it.
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
from tests.bench.measure import BenchFailed, emulator, environment

WRITES: Final = 1_000
LEAST_SHARE: Final = 0.9
WORKERS: Final = 4
"""The concurrency of a target whose settings do not say another."""
_HEADING: Final = f"{'applies':<44} {'specs/s':>8} {'of bare':>8} {'least':>6}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line: specs in a second, those of the bare client, and the least share of them."""

    name: str
    rate: float
    share: float | None = None

    @property
    def is_too_little(self) -> bool:
        return self.share is not None and self.share < LEAST_SHARE


def measure_applies(count: int, rounds: int) -> list[Row]:
    """Creates and edits of this many specs. In a round both clients run, each on a service of its own. Raises BenchFailed."""
    with tempfile.TemporaryDirectory(prefix="reconciler-bench-") as folder:
        base, edited, db = Path(folder, "base"), Path(folder, "edited"), Path(folder, "live.db")
        seeding = ("-m", "tests.bench.seed", str(base / "specs"), str(db), write_repository(base, count))
        subprocess.run((sys.executable, *seeding), check=True)  # noqa: S603 - our own arguments
        time.sleep(1.1)  # the files change after live was written, by clocks of whole seconds
        shutil.copytree(base, edited)
        _edit_all(edited, count)
        return [
            *_rows("create", count, rounds, base, EMPTY_SANDBOX, db),
            *_rows("edit", count, rounds, edited, FULL_SANDBOX, db),
        ]


def apply_lines(rows: Sequence[Row]) -> Iterator[str]:
    """The table; `!` marks what is less than it should be."""
    yield _HEADING
    for row in rows:
        share, least = ("", "") if row.share is None else (f"{row.share:.2f}", f"{LEAST_SHARE:g}")
        yield f"{row.name:<44} {row.rate:>8.1f} {share:>8} {least:>6}{' !' if row.is_too_little else ''}".rstrip()


def writes_per_second(events: Sequence[Mapping[str, Any]]) -> float:
    """How many writes of a journal were done in a second, but for the first, which may be alone until it is seen to be right."""
    intents: list[float] = [event["at"] for event in events if event["event"] == "intent"][1:]
    results: list[float] = [event["at"] for event in events if event["event"] == "result"]
    if not intents or not results:
        raise BenchFailed("the journal has fewer than two writes")
    return len(intents) / max(results[-1] - intents[0], 0.001)


def _edit_all(folder: Path, count: int) -> None:
    for index in range(count):
        edited = body(index)
        edited["sourceSpec"]["attributes"]["paginationParams"]["limitValue"] = "250"
        write_spec(folder, index, edited)
    commit(folder)


def _rows(what: str, count: int, rounds: int, repository: Path, sandbox: str, db: Path) -> Iterator[Row]:
    pairs = []
    for _ in range(rounds):
        bare = (sys.executable, "-m", "tests.bench.bare_writes", what, str(count), str(WORKERS))
        with tempfile.TemporaryDirectory(prefix="reconciler-bench-") as folder:
            said = _run(bare, Path(folder), db, sandbox)
            journal = Path(folder, "journal.jsonl")
            command = str(Path(sys.executable).with_name("reconciler"))
            words = ("--specs", str(repository / "specs"), "apply", "--yes", "--journal", str(journal))
            _run((command, *words), Path(folder), db, sandbox)
            events = [json.loads(line) for line in journal.read_bytes().splitlines()]
        pairs.append((json.loads(said)["specs"] / json.loads(said)["seconds"], writes_per_second(events)))
    yield Row(f"floor: bare client, {count:,} {what}s", median(bare for bare, _ in pairs))
    yield Row(f"apply, {count:,} {what}s", median(applied for _, applied in pairs), median(mine / bare for bare, mine in pairs))


def _run(command: Sequence[str], folder: Path, db: Path, sandbox: str) -> str:
    """What a command said that wrote to a copy of this service."""
    copy = folder / "live.db"
    for old in folder.glob("live.db*"):
        old.unlink()
    shutil.copy(db, copy)
    with emulator(copy) as url:
        done = subprocess.run(  # noqa: S603 - our own arguments
            command, env=environment(url, sandbox), capture_output=True, text=True, check=False
        )
    if done.returncode != 0:
        raise BenchFailed(f"{' '.join(command)} exited with {done.returncode}, not 0:\n{(done.stdout + done.stderr)[-2000:]}")
    return done.stdout


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:]] or [WRITES]
    sys.stdout.write("".join(f"{line}\n" for line in apply_lines(measure_applies(asked[0], *(asked[1:] or [1])))))
