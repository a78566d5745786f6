"""What a run of the tests left out, counted in one line: `python -m tests.skips FILE` prints the line for all runs that wrote to FILE."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final

OPTION: Final = "--count-skips"


def line(reasons: Iterable[str]) -> str:
    """How many tests were skipped and why, most first."""
    counted = sorted(Counter(reasons).items(), key=lambda item: (-item[1], item[0]))
    if not counted:
        return "skipped: 0 tests"
    total = sum(count for _, count in counted)
    return f"skipped: {total} test{'s' * (total != 1)}: " + "; ".join(f"{count} because {reason}" for reason, count in counted)


def note(file: Path, reasons: Iterable[str]) -> None:
    """Add a run's reasons to the file."""
    with file.open("a") as out:
        out.writelines(json.dumps(reason) + "\n" for reason in reasons)


def noted(file: Path) -> list[str]:
    """The reasons that runs added."""
    return [json.loads(written) for written in file.read_text().splitlines()] if file.exists() else []


if __name__ == "__main__":
    sys.stdout.write(line(noted(Path(sys.argv[1]))) + "\n")
