"""`python -m tests.docs.pages docs/NAME.md` runs the blocks of a page, and prints each command that prints something else."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from tests.docs.console import PROJECT, Console
from tests.docs.pages.reading import scenes
from tests.docs.pages.running import differences


def begun(folder: Path) -> Path:
    """The example repository, applied to its target."""
    assert "10 created" in Console.begun(folder).run("reconciler apply --yes")
    shutil.rmtree(folder / ".reconciler" / "journal")
    return folder


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as root:
        applied = begun(Path(root) / "applied" / "aep-sources")
        wrong = 0
        for page in sys.argv[1:]:
            for number, scene in enumerate(scenes(page, (PROJECT / page).read_text())):
                for line in differences(scene, Path(root) / page.replace("/", "-") / str(number), applied):
                    sys.stdout.write(f"{line}\n")
                    wrong += 1
    sys.exit(1 if wrong else 0)
