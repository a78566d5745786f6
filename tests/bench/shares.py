"""Where the time of a command goes: `python -m tests.bench.shares FILE WORD…` runs `reconciler WORD…`, and looks at it 500 times a second.

At each look, what the main thread does, or waits for, counts for the innermost folder of the package on its stack that says what it is
for; what runs for several, such as `documents`, counts for who called it. FILE gets the looks of each share as JSON.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Final

from tests.bench.measure import measure

SHARES: Final = ("start", "read", "parse", "fetch", "decode", "compare", "rules", "render")
_EVERY: Final = 0.002
_PACKAGE: Final = f"{os.sep}reconciler{os.sep}"
_FOLDERS: Final[tuple[tuple[str, str], ...]] = (
    ("desired/tree", "read"),
    ("desired/file_source", "read"),
    ("desired/git/", "read"),
    ("disk.py", "read"),
    ("folders.py", "read"),
    ("cache/", "read"),
    ("texts/yaml", "parse"),
    ("texts/json", "parse"),
    ("desired/", "parse"),
    ("lint/", "rules"),
    ("http/", "fetch"),
    ("flowservice/", "decode"),
    ("breaking/", "compare"),
    ("planning/", "compare"),
    ("observing/rules", "rules"),
    ("observing/live", "fetch"),
    ("observing/", "compare"),
    ("reports/", "render"),
    ("cli/terminal/output", "render"),
    ("settings/", "start"),
    ("sessions/", "start"),
    ("cli/", "start"),
)
"""The first that the path in the package begins with."""


def share_of(files: Iterator[str]) -> str:
    """The share of a stack, from the files of its frames, innermost first."""
    for file in files:
        if file.startswith("<frozen importlib"):
            return "start"
        inside = file.rpartition(_PACKAGE)[2] if _PACKAGE in file else ""
        for begin, share in _FOLDERS:
            if inside.replace(os.sep, "/").startswith(begin):
                return share
    return "start"


def watch(words: Sequence[str], file: Path) -> None:
    """Run the command line in this process, and write the looks when it ends; it exits as the command does."""
    looks: Counter[str] = Counter()

    def look(_number: int, frame: FrameType | None) -> None:
        looks[share_of(_files(frame))] += 1

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, _EVERY, _EVERY)
    sys.argv = ["reconciler", *words]
    try:
        from reconciler.cli.entry import main  # noqa: PLC0415 - its import is a part of the start

        main()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        file.write_text(json.dumps(looks))


def _files(frame: FrameType | None) -> Iterator[str]:
    while frame is not None:
        yield frame.f_code.co_filename
        frame = frame.f_back


def measure_shares(words: Sequence[str], environ: Mapping[str, str], expected: int) -> dict[str, float]:
    """The share of each, from 0 to 1. What Python does before the first line of this module is not looked at."""
    with tempfile.TemporaryDirectory(prefix="reconciler-bench-") as folder:
        file = Path(folder, "looks.json")
        measure((sys.executable, "-m", "tests.bench.shares", str(file), *words), environ, None, expected)
        looks: dict[str, int] = json.loads(file.read_text())
    whole = sum(looks.values()) or 1
    return {share: looks.get(share, 0) / whole for share in SHARES}


def share_lines(found: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """The table: one line for each command."""
    yield f"{'shares of the time, %':<40} " + " ".join(f"{share:>8}" for share in SHARES)
    for name, shares in found.items():
        yield f"{name:<40} " + " ".join(f"{shares[share] * 100:>8.0f}" for share in SHARES)


if __name__ == "__main__":
    watch(sys.argv[2:], Path(sys.argv[1]))
