"""The picture of README.md: the plan of its tour, in a terminal."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.docs.console import PROJECT, Console
from tests.docs.pages.preparations import two_specs_change

_STEADY: Final = {
    r"[0-9a-f]{64}": "49d432276c7e18e716d30b6baa853e31eed223d723e45a9b54fe9ede7e4d6b9a",
    r"\d{4}-\d\d-\d\dT[\d:]+Z": "2026-11-23T18:00:34Z",
    r"(?<=cassette of |recorded on )\d{4}-\d\d-\d\d": "2026-11-20",
    r"(?<=connection-spec.yaml:81  )[0-9a-f-]{36}": "6343cc8b-0251-4a89-b0ed-9185e540a147",
    r"(?<=connection-spec.yaml:60  )[0-9a-f-]{36}": "341eb3fe-9c36-45d8-ac9b-4f8c6b265f05",
}
_PLAN: Final = """python -c "import pty; pty.spawn(['sh', '-c', 'reconciler plan 2>/dev/null'])" """


def in_a_terminal() -> str:
    """The plan of the second block with its colours; ids, times and digests are those of one run, so that the picture is stable."""
    with tempfile.TemporaryDirectory() as root:
        console = Console.begun(Path(root) / "tour")
        console.run("reconciler apply --yes")
        two_specs_change(console)
        shown = console.run(_PLAN).replace("\r\n", "\n")
    for volatile, steady in _STEADY.items():
        shown = re.sub(volatile, steady, shown)
    return f"\x1b[1m$ reconciler plan\x1b[0m\n{shown}"


def picture() -> str:
    """docs/plan.svg, as it is to be."""
    drawn = subprocess.run(  # noqa: S603 - a script of this project
        [sys.executable, str(PROJECT / "docs" / "picture.py")], input=in_a_terminal(), capture_output=True, text=True, check=True
    )
    return drawn.stdout


if __name__ == "__main__":
    sys.stdout.write(picture())
