"""`python -m tests.identity`: the same reports, byte for byte, however they are made.

For each seed it draws a git repository and what is live in its sandboxes, and runs validate, plan, status, drift and one more report in
several ways: by the code of an older commit (`--against REV`), and by the code here on one core without a cache; and in two of the
others, which change from seed to seed (`--every-way` for all): parsed by workers, by workers that fail, with a cache that is empty,
filled, spoilt, of the first commit's files, of another version, on a full disk, or not to be used. A difference in an exit code, in
standard output or in standard error ends the run with 1, and says how to see it again; nothing is random but the seed.

After a change that is meant to change a report, compare with a commit that has it; `--json` leaves out what is not JSON.

`--keep FOLDER` leaves the worlds there, with what each command printed: FOLDER/SEED/repository and FOLDER/SEED/out/WAY/NUMBER.out.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.identity.service import Service, serving
from tests.identity.ways import Runners, Way, difference, reports, runners, ways_of
from tests.identity.worlds import World, draw_world
from tests.revisions_of_code import code_at

_SHOWN_EVERY = 100


@contextmanager
def code_of(revision: str | None) -> Iterator[list[Path]]:
    """A folder with the package as it was at a commit of this repository; none without a commit."""
    if revision is None:
        yield []
        return
    with code_at(revision) as code:
        yield [code]


def judge(world: World, ways: Sequence[Way], started: Runners, service: Service, out: Path) -> tuple[str | None, Counter[str]]:
    """The first difference between the first way and another one, and how often each command ended with which code."""
    service.sandboxes = world.sandboxes
    first, *others = ways
    expected = reports(world, first, started, service.base_url, out / first.name)
    ended = Counter(f"{_name(command)} {report.code}" for command, report in zip(world.commands, expected, strict=True))
    for way in others:
        for command, one, other in zip(
            world.commands, expected, reports(world, way, started, service.base_url, out / way.name), strict=True
        ):
            found = difference(command, one, other)
            if found is not None:
                return f"{first.name!r} and {way.name!r} differ in `{' '.join(command)}`: {found}", ended
    return None, ended


def _name(command: Sequence[str]) -> str:
    return next(word for word in command if not word.startswith("-") and word not in ("prod", "all", "dev"))


@dataclass(frozen=True, slots=True)
class Options:
    """How worlds are judged: `before` are folders of older code, and `kept` is where the worlds stay."""

    before: Sequence[Path] = ()
    kept: Path | None = None
    every_way: bool = False
    only_json: bool = False
    goes_on: bool = False


def run(seeds: Sequence[int], options: Options) -> int:
    """Judge the worlds of these seeds; how many differ. Prints each difference, and a summary."""
    ended: Counter[str] = Counter()
    used: Counter[str] = Counter()
    differing = 0
    with runners() as started, serving() as service, tempfile.TemporaryDirectory(prefix="reconciler-identity-") as temporary:
        for number, seed in enumerate(seeds, start=1):
            folder = (options.kept or Path(temporary)) / str(seed)
            shutil.rmtree(folder, ignore_errors=True)
            world = draw_world(seed, folder / "repository")
            if options.only_json:
                world = replace(world, commands=tuple(one for one in world.commands if "json" in one))
            ways = ways_of(seed, options.before, every=options.every_way)
            used.update(way.name for way in ways)
            found, codes = judge(world, ways, started, service, folder / "out")
            ended += codes
            if found is not None:
                differing += 1
                _say(f"seed {seed}: {found}", f"see it again: python -m tests.identity --first {seed} --seeds 1 --keep FOLDER")
            if options.kept is None:
                shutil.rmtree(folder)
            if found is not None and not options.goes_on:
                break
            if number % _SHOWN_EVERY == 0:
                _say(f"{number} worlds")
    _say(
        f"{max(used.values(), default=0)} worlds in {len(used)} ways: {differing} differ",
        "worlds by way: " + ", ".join(f"{name}: {times}" for name, times in used.items()),
        "exit codes: " + ", ".join(f"{name}: {times}" for name, times in sorted(ended.items())),
    )
    return differing


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge as many worlds as are asked for; 1 if one differs."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.identity", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=100, metavar="N", help="worlds to draw (default: %(default)s)")
    parser.add_argument("--first", type=int, default=0, metavar="SEED", help="the first seed (default: %(default)s)")
    parser.add_argument("--against", metavar="REV", help="compare with the code of this commit, too")
    parser.add_argument("--every-way", action="store_true", help="judge each world in every way")
    parser.add_argument("--json", action="store_true", help="run only the commands that print JSON")
    parser.add_argument("--all", action="store_true", help="go on after a difference")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the worlds and what was printed in this folder")
    asked = parser.parse_args(arguments)
    with code_of(asked.against) as before:
        seeds = range(asked.first, asked.first + asked.seeds)
        options = Options(before, asked.keep, asked.every_way, asked.json, asked.all)
        return 1 if run(seeds, options) else 0


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
