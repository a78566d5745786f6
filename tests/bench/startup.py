"""Start-up: CPU time of short commands, as multiples of a Python that does nothing in the same run.

Everybody meets it in every command, and an editor or a hook many times an hour. The least of some runs counts, because a busy machine
can only add to it.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.bench.generate import FULL_SANDBOX, write_repository
from tests.bench.measure import emulator, environment, make_live, measure

SPECS: Final = 10
HEADING: Final = f"{'start-up, ' + str(SPECS) + ' specs':<40} {'CPU ms':>8} {'x pass':>8} {'at most':>8}"


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """One line: a command, and how many times the CPU time of `python -c pass` it may take; None for a floor."""

    name: str
    command: tuple[str, ...]
    most: float | None = None
    environ: Mapping[str, str] = field(default_factory=dict)


PASS: Final = Start("python -c pass", (sys.executable, "-c", "pass"))


def starts(specs: Path) -> tuple[Start, ...]:
    """The floors, then the commands."""
    reconciler = str(Path(sys.executable).with_name("reconciler"))
    completion = {"_RECONCILER_COMPLETE": "bash_complete", "COMP_WORDS": "reconciler plan --", "COMP_CWORD": "2"}
    return (
        PASS,
        Start("floor: import click", (sys.executable, "-c", "import click")),
        Start("floor: import click, httpx, msgspec", (sys.executable, "-c", "import click, httpx, msgspec")),
        Start("--help", (reconciler, "--help"), 4),
        Start("plan --help", (reconciler, "plan", "--help"), 5),
        Start("completion of an option of plan", (reconciler,), 6, completion),
        Start("validate", (reconciler, "--specs", str(specs), "validate"), 17),
        Start("quiet plan", (reconciler, "--specs", str(specs), "plan", "--detailed-exitcode"), 21),
    )


def measure_starts(rounds: int) -> dict[Start, float]:
    """The least CPU seconds of each; in a round each runs once, and one more round comes before several that count."""
    with tempfile.TemporaryDirectory(prefix="reconciler-bench-") as folder:
        specs, db = Path(folder, "base/specs"), Path(folder, "emulator.db")
        commit = write_repository(specs.parent, SPECS)
        make_live(specs, db, commit)
        with emulator(db) as url:
            environ = environment(url, FULL_SANDBOX)
            found: dict[Start, list[float]] = {start: [] for start in starts(specs)}
            for _ in range(rounds + (rounds > 1)):
                for start, seconds in found.items():
                    seconds.append(measure(start.command, {**environ, **start.environ}, None, 0).cpu_seconds)
    return {start: min(seconds[-rounds:]) for start, seconds in found.items()}  # the first round writes compiled modules


def start_lines(found: Mapping[Start, float]) -> list[str]:
    """The lines of the table, with a mark at what takes longer than it may."""
    least = next(seconds for start, seconds in found.items() if start.name == PASS.name)
    return [HEADING, *(_line(start, seconds, seconds / least) for start, seconds in found.items())]


def _line(start: Start, seconds: float, times: float) -> str:
    most = "" if start.most is None else f"{start.most:>8g}" + (" !" if times > start.most else "")
    return f"{start.name:<40} {seconds * 1000:>8.0f} {times:>8.1f} {most}".rstrip()
