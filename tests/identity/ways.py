"""The ways in which the same commands are run: by which code, on how many cores, with which cache."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from tests.identity.caches import FEW_ARE_KEPT, STATES, CacheState, Patch, remove
from tests.identity.service import TOKENS
from tests.identity.worlds import NOW, World
from tests.revisions_of_code import ROOT

_RUNNER: Final = Path(__file__).with_name("runner.py")


@dataclass(frozen=True, slots=True)
class Way:
    """One way to run the commands of a world. `cores` is how many may be used, 0 for all."""

    name: str
    code: Path = ROOT
    cores: int = 0
    patches: tuple[Patch, ...] = ()
    cache: CacheState | None = None
    """None for no cache."""


@dataclass(frozen=True, slots=True)
class Report:
    """How one command ended, and what it printed."""

    code: int
    out: bytes
    err: bytes


class Runner:
    """A process that has imported the package of one folder, and runs commands in forks of itself."""

    def __init__(self, code: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own arguments
            (sys.executable, "-P", str(_RUNNER)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={"PYTHONPATH": str(code), "PATH": "/usr/bin:/bin"},
        )

    def run(self, job: dict[str, Any]) -> int:
        """The exit code of one job."""
        stdin, stdout = self._pipes()
        stdin.write(json.dumps(job) + "\n")
        stdin.flush()
        return int(stdout.readline())

    def close(self) -> None:
        with self._process:
            self._pipes()[0].close()

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        return stdin, stdout


class Runners:
    """The runners that were asked for, one for each folder of code."""

    def __init__(self) -> None:
        self._started: dict[Path, Runner] = {}

    def of(self, code: Path) -> Runner:
        if code not in self._started:
            self._started[code] = Runner(code)
        return self._started[code]

    def close(self) -> None:
        for runner in self._started.values():
            runner.close()


@contextmanager
def runners() -> Iterator[Runners]:
    """Runners that end with the context."""
    with ExitStack() as stack:
        started = Runners()
        stack.callback(started.close)
        yield started


def reports(world: World, way: Way, started: Runners, base_url: str, out: Path) -> list[Report]:
    """What each command of the world reports in this way. `out` is a folder for what they print, and the cache is beside it."""
    out.mkdir(parents=True, exist_ok=True)
    runs = _Runs(world, way, started, base_url, out.with_name(f"{out.name} cache"))
    state, rng = way.cache, random.Random(world.seed)  # noqa: S311 - the same damage in every run
    if state is not None and state.fills:
        runs.fill(state, out / "filling")
    found = []
    for number, command in enumerate(world.commands):
        if state is not None:
            state.spoil(runs.cache, rng)
        patches = (*way.patches, *(() if state is None else (FEW_ARE_KEPT, *state.patches)))
        found.append(runs.run(command, world.folder, out / str(number), patches))
    remove(runs.cache)
    return found


@dataclass(frozen=True, slots=True)
class _Runs:
    """The commands of one world in one way; `cache` is the cache folder."""

    world: World
    way: Way
    started: Runners
    base_url: str
    cache: Path

    def fill(self, state: CacheState, at: Path) -> None:
        """Run every command once, for what it keeps."""
        folder = self.world.folder
        if state.of_before:
            folder = self.cache.with_name("before")
            shutil.copytree(self.world.folder, folder, symlinks=True)
            checkout = ("git", "-C", str(folder), "checkout", "--quiet", "--force", self.world.first)
            subprocess.run(checkout, check=True, capture_output=True)  # noqa: S603 - our own arguments
        for command in self.world.commands:
            self.run(command, folder, at, (FEW_ARE_KEPT, *state.filled_by))
        if state.of_before:
            shutil.rmtree(folder)

    def run(self, command: Sequence[str], folder: Path, at: Path, patches: Sequence[Patch]) -> Report:
        """One command, there."""
        out, err = at.with_suffix(".out"), at.with_suffix(".err")
        job = {
            "arguments": command,
            "folder": str(folder),
            "environ": self._environ(),
            "out": str(out),
            "err": str(err),
            "cores": self.way.cores,
            "patches": patches,
            "now": NOW,
        }
        code = self.started.of(self.way.code).run(job)
        return Report(code, out.read_bytes(), err.read_bytes())

    def _environ(self) -> dict[str, str]:
        found = {"PATH": "/usr/bin:/bin", "HOME": str(self.world.folder.parent / "home"), "LANG": "C.UTF-8", "TZ": "UTC"}
        found |= {"GIT_CONFIG_NOSYSTEM": "1", "RECONCILER_CLIENT_ID": "client-of-identity", "PYTHONPATH": str(self.way.code)}
        found |= {"RECONCILER_CLIENT_SECRET": "not-a-secret-at-all", "RECONCILER_CACHE_DIR": str(self.cache)}
        for target in self.world.targets:
            name = target.upper().replace("-", "_")
            tokens = self.base_url.partition("/data/")[0] + TOKENS
            found |= {f"RECONCILER_{name}_BASE_URL": self.base_url, f"RECONCILER_{name}_TOKEN_URL": tokens}
        return found if self.way.cache is not None else found | {"RECONCILER_NO_CACHE": "1"}


def difference(command: Sequence[str], one: Report, other: Report) -> str | None:
    """What differs first between two reports; None if nothing does. With `-v`, standard error is a log with times, and not compared."""
    if one.code != other.code:
        return f"exit code {one.code}, then {other.code}"
    found = _of_bytes("standard output", one.out, other.out)
    return found or (None if "-v" in command else _of_bytes("standard error", one.err, other.err))


def _of_bytes(what: str, one: bytes, other: bytes) -> str | None:
    if one == other:
        return None
    at = next(
        (index for index, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), min(len(one), len(other))
    )
    shown = tuple(text[max(at - 60, 0) : at + 60].decode(errors="replace") for text in (one, other))
    return f"{what} from byte {at}: {shown[0]!r}, then {shown[1]!r}"


WORKERS: Final[tuple[Patch, ...]] = (
    ("reconciler.desired.parsing.cores", "FEWEST", 1),
    ("reconciler.desired.parsing.cores", "_FILES_OF_ONE", 1),
)
"""Files are parsed by workers, however few there are."""
_FAILING: Final[Patch] = ("reconciler.desired.parsing.process", "_START", "import sys; sys.exit(1)")
WAYS: Final[tuple[Way, ...]] = (
    Way("one core", cores=1),
    Way("workers", patches=WORKERS),
    Way("workers that fail", patches=(*WORKERS, _FAILING)),
    Way("workers, empty cache", patches=WORKERS, cache=STATES["empty cache"]),
    *(Way(name, cache=state) for name, state in STATES.items()),
)
_OTHERS_OF_A_WORLD: Final = 2


def ways_of(seed: int, before: Sequence[Path] = (), *, every: bool = False) -> tuple[Way, ...]:
    """The ways of one world; the first is what the others must equal. `before` are folders of older code.

    Unless every way is wanted, one core and two others, which change from seed to seed, so that all have their turn.
    """
    first, *others = WAYS
    chosen = (
        others if every else [others[(seed * _OTHERS_OF_A_WORLD + index) % len(others)] for index in range(_OTHERS_OF_A_WORLD)]
    )
    return (*(Way(f"before, {code.name}", code) for code in before), first, *chosen)
