"""The ways in which the same commands are run: by which code, on how many cores."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

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
    environ: dict[str, str] = field(default_factory=dict)
    patches: tuple[tuple[str, str, Any], ...] = ()


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
    """What each command of the world reports in this way. `out` is a folder for what they print."""
    out.mkdir(parents=True, exist_ok=True)
    return [
        _report(world, way, started, _environ(world, way, base_url), out / str(number)) for number in range(len(world.commands))
    ]


def _report(world: World, way: Way, started: Runners, environ: dict[str, str], at: Path) -> Report:
    out, err = at.with_suffix(".out"), at.with_suffix(".err")
    job = {
        "arguments": world.commands[int(at.name)],
        "folder": str(world.folder),
        "environ": environ,
        "out": str(out),
        "err": str(err),
        "cores": way.cores,
        "patches": way.patches,
        "now": NOW,
    }
    code = started.of(way.code).run(job)
    return Report(code, out.read_bytes(), err.read_bytes())


def _environ(world: World, way: Way, base_url: str) -> dict[str, str]:
    tokens = base_url.partition("/data/")[0] + TOKENS
    found = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(world.folder.parent / "home"),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    found |= {
        "RECONCILER_CLIENT_ID": "client-of-identity",
        "RECONCILER_CLIENT_SECRET": "not-a-secret-at-all",
        "PYTHONPATH": str(way.code),
    }
    for target in world.targets:
        name = target.upper().replace("-", "_")
        found |= {f"RECONCILER_{name}_BASE_URL": base_url, f"RECONCILER_{name}_TOKEN_URL": tokens}
    return found | way.environ


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


def usual_ways(before: Sequence[Path] = ()) -> tuple[Way, ...]:
    """The ways that are compared with each other; the first is what the others must equal. `before` are folders of older code."""
    return (*(Way(f"before, {code.name}", code) for code in before), Way("one core", cores=1), Way("all cores"))
