"""The tour of README.md, as somebody takes it: every command of its blocks, in the example repository, against the embedded service."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reconciler.documents.json_text import decode
from reconciler.documents.merge import merge_patch
from reconciler.emulator import build
from reconciler.emulator.model import CONNECTION_SPECS, Author, Place

PROJECT: Final = Path(__file__).parents[2]
PLACE: Final = Place("0000000000@AdobeOrg", "dev")
JANE: Final = Author("jane@acme.example", "exc_app")
NO_WAITING: Final = "\nnetwork: {consistency_window: 0s, settle: 0s}\n"


@dataclass(frozen=True)
class Step:
    """One command of the tour, in its block, and the lines that are shown below it."""

    block: int
    command: str
    shown: tuple[str, ...]

    @property
    def pattern(self) -> re.Pattern[str]:
        """What the output must be: a line `…` stands for any lines, `…` in a line for any text."""
        lines = [
            r"(?:.*\n)*?" if line.strip() == "…" else ".*".join(map(re.escape, line.split("…"))) + "\n" for line in self.shown
        ]
        return re.compile("".join(lines))


def steps(page: str) -> Iterator[Step]:
    """The steps of the section `Five minutes`, in order."""
    section = page.partition("\n## Five minutes\n")[2].partition("\n| command |")[0]
    blocks = re.findall(r"^```console\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    for number, block in enumerate(blocks):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.splitlines()
            yield Step(number, command.partition("  #")[0].strip(), tuple(shown))


@dataclass(frozen=True)
class Tour:
    """A copy of the example repository, with the installed command on PATH."""

    folder: Path

    @classmethod
    def begun(cls, folder: Path) -> Tour:
        shutil.copytree(PROJECT / "specs", folder / "specs")
        settings = folder / "specs" / "reconciler.yaml"
        settings.write_text(settings.read_text() + NO_WAITING)
        tour = cls(folder)
        for command in ("git init -q", "git add -A"):
            tour.run(command)
        tour.run("git -c user.name=Demo -c user.email=demo@acme.example commit -qm 'Add our sources'")
        return tour

    @property
    def environ(self) -> Mapping[str, str]:
        return {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}

    def run(self, command: str) -> str:
        """What a shell prints that runs this, on both streams."""
        ran = subprocess.run(  # noqa: S603 - a line of our own README
            ["sh", "-c", command],  # noqa: S607
            cwd=self.folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return ran.stdout

    def edit_file(self) -> None:
        """What the tour says between its two blocks: the file of zendesk-organizations, and Jane in Flow Service."""
        path = self.folder / "specs/sources/zendesk-organizations/connection-spec.yaml"
        path.write_text(path.read_text().replace("page[after]", "page[next]"))
        change = {"sourceSpec": {"attributes": {"paginationParams": {"limitValue": "500"}}}}
        with build(self.folder / ".reconciler/local.db") as emulator:
            rows = emulator.store.rows(CONNECTION_SPECS, PLACE)
            spec_id = next(row.id for row in rows if decode(row.body)["name"] == "MailChimp Members source")
            emulator.service.edit(spec_id, lambda live: merge_patch(live, change), JANE)


def taken(folder: Path, page: str) -> Iterator[tuple[Step, str]]:
    """Each step with what it printed, the edits between the two blocks done."""
    tour, edited = Tour.begun(folder), False
    for step in steps(page):
        if step.block and not edited:
            tour.edit_file()
            edited = True
        yield step, tour.run(step.command)


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as root:
        for one, printed in taken(Path(root) / "tour", (PROJECT / "README.md").read_text()):
            sys.stdout.write(f"$ {one.command}\n{printed}\n")
