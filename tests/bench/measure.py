"""One command in a fresh process: how long, how much memory of all its processes, how many requests to the emulator."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.memory import peak_of

MEBIBYTE_IN_KIBIBYTES = 1024
"""`ru_maxrss` is in KiB on Linux, where this is run."""
SERVICE = "/data/foundation/flowservice"
TOKENS = "/ims/token/v3"
UNCACHED = {"RECONCILER_NO_CACHE": "1"}
"""For commands that keep nothing of the files for the next one, and use nothing that another kept."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Wall-clock seconds, the peak of resident memory, requests (those for tokens included), and processor seconds of all processes.

    Memory is that of the command and of the processes that it starts together; pages that they share are counted in each of them.
    """

    seconds: float
    mebibytes: float
    requests: int
    cpu_seconds: float = 0.0


class BenchFailed(Exception):
    """A command did something else than the benchmark is about."""


@contextmanager
def emulator(db: Path, *sandboxes: str, after: float = 0.0) -> Iterator[str]:
    """The address of an emulator on this database, in a process of its own, for as long as the context is open.

    Each answer takes `after` seconds longer than the emulator's own work.
    """
    with served("tests.bench.services.serve", str(db), *sandboxes, "--after", str(after)) as address:
        yield address


@contextmanager
def served(module: str, *arguments: str) -> Iterator[str]:
    """The address that this module prints when it serves, in a process of its own, for as long as the context is open."""
    command = (sys.executable, "-m", module, *arguments)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own arguments
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def environment(url: str, sandbox: str) -> dict[str, str]:
    """What a command needs to find the emulator: hosts other than Adobe's are named by the environment alone."""
    return _without_ours() | {
        "RECONCILER_BENCH_BASE_URL": url + SERVICE,
        "RECONCILER_BENCH_TOKEN_URL": url + TOKENS,
        "RECONCILER_BENCH_SANDBOX": sandbox,
        "RECONCILER_CLIENT_ID": "bench",
        "RECONCILER_CLIENT_SECRET": "not-a-secret",
        **UNCACHED,
    }


def measure(
    command: Sequence[str], environ: Mapping[str, str], url: str | None, expected: int, cores: frozenset[int] = frozenset()
) -> Measure:
    """Run a command, which must exit as expected. Raises BenchFailed with the end of what it said.

    `cores` are the processors that it may use; empty for all. Requests are not counted without the `url` of an emulator.
    """
    if url is not None:
        _requests(url, "DELETE")
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, env=environ, stdout=output, stderr=output)  # noqa: S603 - our own arguments
        if cores:
            os.sched_setaffinity(process.pid, cores)
        with peak_of(process.pid) as peak:
            _, status, usage = os.wait4(process.pid, 0)  # the only way to learn the peak of this one child
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != expected:
            output.seek(0)
            said = output.read()[-2000:].decode(errors="replace")
            raise BenchFailed(f"{' '.join(command)[:200]} exited with {process.returncode}, not {expected}:\n{said}")
    memory = max(usage.ru_maxrss / MEBIBYTE_IN_KIBIBYTES, peak.mebibytes)
    requests = 0 if url is None else len(_requests(url, "GET"))
    return Measure(seconds, memory, requests, usage.ru_utime + usage.ru_stime)


def cost(command: Sequence[str], environ: Mapping[str, str]) -> tuple[float, float]:
    """Processor seconds, and the peak of resident memory in MiB, of a command that must exit with 0. Raises BenchFailed."""
    found = measure(command, {**_without_ours(), **UNCACHED, **environ}, None, 0)
    return found.cpu_seconds, found.mebibytes


def make_live(specs: Path, db: Path, commit: str, *sandboxes: str) -> None:
    """Fill the database of an emulator with what an apply of this commit would have left there, in a process of its own."""
    seeding = (sys.executable, "-m", "tests.bench.services.seed", str(specs), str(db), commit, *sandboxes)
    subprocess.run(seeding, check=True)  # noqa: S603 - our own arguments


def middle(measures: Sequence[Measure]) -> Measure:
    """The median of each figure."""
    return Measure(
        median(one.seconds for one in measures),
        median(one.mebibytes for one in measures),
        int(median(one.requests for one in measures)),
        median(one.cpu_seconds for one in measures),
    )


def _without_ours() -> dict[str, str]:
    left_out = ("RECONCILER_", "PYTHONDONTWRITEBYTECODE")  # what is not compiled once is compiled in each run
    return {name: value for name, value in os.environ.items() if not name.startswith(left_out)}


def _requests(url: str, method: str) -> list[object]:
    request = urllib.request.Request(f"{url}/_emulator/requests", method=method)  # noqa: S310 - our own emulator on the loopback
    with urllib.request.urlopen(request, timeout=600) as answer:  # noqa: S310 - see above
        listed: list[object] = json.loads(answer.read() or b"[]")
        return listed
