"""`python -m tests.bench.compare REV`: the same commands by the code of a commit and by the code here, in turn, as ratios.

A round runs each command by both, one after the other, and the order changes from round to round; the ratio of a command is the median
over the rounds, so what else the machine does falls on both sides. Both use the dependencies of this environment, the same repository and
the same emulator, and each has a cache folder of its own.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from tests.bench.generate import EMPTY_SANDBOX, FULL_SANDBOX, change_some, write_repository
from tests.bench.measure import BenchFailed, Measure, emulator, environment, make_live, measure
from tests.revisions_of_code import ROOT, code_at

SIZES: Final = (10, 1_000)
ROUNDS: Final = 5
_MAIN: Final = "import sys; sys.argv[0] = 'reconciler'; from reconciler.cli.entry import main; main()"
_HEADINGS: Final = f"{'specs':>7}  {'what':<30} {'seconds':>8} {'ratio':>6} {'cpu s':>8} {'ratio':>6} {'MiB':>7} {'ratio':>6}"


@dataclass(frozen=True, slots=True)
class Compared:
    """One command. `cached` leaves the cache on, which the round before has filled."""

    name: str
    words: tuple[str, ...]
    sandbox: str = FULL_SANDBOX
    exit_code: int = 0
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """What one command took in one round: by the commit, and here."""

    before: Measure
    here: Measure


def commands(base: Path, changed: Path) -> tuple[Compared, ...]:
    """What is compared for one size."""
    plan = ("--specs", str(base / "specs"), "plan", "--detailed-exitcode")
    edited = ("--specs", str(changed / "specs"), "plan", "--detailed-exitcode")
    return (
        Compared("validate", ("--specs", str(base / "specs"), "validate")),
        Compared("quiet plan", plan),
        Compared("quiet plan, files are cached", plan, cached=True),
        Compared("2% changed plan", edited, exit_code=2),
        Compared("all-new plan", plan, EMPTY_SANDBOX, 2),
        Compared("all-new plan, HTML", (*plan, "--format", "html"), EMPTY_SANDBOX, 2),
        Compared("drift", (*plan[:2], "drift")),
        Compared("status", (*plan[:2], "status")),
    )


@dataclass(frozen=True, slots=True)
class Side:
    """The code of one side, and the cache folder that only it uses."""

    code: Path
    cache: Path

    def run(self, one: Compared, url: str) -> Measure:
        """One run in a fresh process."""
        found = environment(url, one.sandbox) | {"PYTHONPATH": str(self.code), "RECONCILER_CACHE_DIR": str(self.cache)}
        if one.cached:
            found["RECONCILER_NO_CACHE"] = ""
        return measure((sys.executable, "-P", "-c", _MAIN, *one.words), found, url, one.exit_code)


def compare_size(count: int, rounds: int, before: Path) -> Iterator[str]:
    """The lines of one size."""
    with tempfile.TemporaryDirectory(prefix="reconciler-bench-") as temporary:
        folder = Path(temporary)
        base, changed, db = folder / "base", folder / "changed", folder / "emulator.db"
        commit = write_repository(base, count)
        shutil.copytree(base, changed)
        change_some(changed, count)
        make_live(base / "specs", db, commit)
        sides = (Side(before, folder / "cache-before"), Side(ROOT, folder / "cache-here"))
        with emulator(db) as url:
            for one in commands(base, changed):
                yield line(count, one.name, _pairs(one, rounds, sides, url))


def _pairs(one: Compared, rounds: int, sides: tuple[Side, Side], url: str) -> list[Pair]:
    """One more round comes before several: it writes compiled modules and fills the caches."""
    found = []
    for number in range(rounds + (rounds > 1)):
        first = number % 2
        measured = {index: sides[index].run(one, url) for index in (first, 1 - first)}
        found.append(Pair(measured[0], measured[1]))
    return found[-rounds:]


def line(count: int, name: str, pairs: Sequence[Pair]) -> str:
    """The medians of the code here, each with its ratio to the commit's; less than 1 is less than before."""
    told = []
    for what, digits in (("seconds", 2), ("cpu_seconds", 2), ("mebibytes", 0)):
        here = median(getattr(pair.here, what) for pair in pairs)
        ratio = median(getattr(pair.here, what) / getattr(pair.before, what) for pair in pairs)
        told.append(f"{here:>{7 if what == 'mebibytes' else 8}.{digits}f} {ratio:>6.2f}")
    return f"{count:>7,}  {name:<30} {' '.join(told)}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table; exit with 1 where there is no such commit, or a command did something else than it should."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.compare", description=__doc__)
    parser.add_argument("revision", metavar="REV", help="the commit to compare with")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="specs (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help="runs of each (default: %(default)s)")
    asked = parser.parse_args(arguments)
    try:
        with code_at(asked.revision) as before:
            _say(_HEADINGS)
            for count in asked.sizes:
                for one in compare_size(count, asked.rounds, before):
                    _say(one)
    except subprocess.CalledProcessError as error:
        sys.exit(f"error: {(error.stderr or b'').decode(errors='replace').strip() or error}")
    except BenchFailed as error:
        sys.exit(f"error: {error}")


def _say(said: str) -> None:
    sys.stdout.write(f"{said}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
