"""The console blocks of a page, and a scratch copy of the example repository to run their commands in."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from reconciler.documents.json_text import Document, decode
from reconciler.documents.merge import merge_patch
from reconciler.emulator import build
from reconciler.emulator.model import CONNECTION_SPECS, Author, Place

PROJECT: Final = Path(__file__).parents[2]
PLACE: Final = Place("0000000000@AdobeOrg", "dev")
JANE: Final = Author("jane@acme.example", "exc_app")
NO_WAITING: Final = "\nnetwork: {consistency_window: 0s, settle: 0s}\n"
_IDENTITY: Final = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Demo"), ("EMAIL", "demo@acme.example"))
}
_END: Final = "--- end of a command ---"
_BLOCK: Final = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    language: str
    text: str


@dataclass(frozen=True)
class Step:
    """One command of a console block, and the lines that the page shows below it."""

    command: str
    shown: tuple[str, ...] = ()


def section(page: str, heading: str) -> str:
    """The text below a heading of level two, to the next one."""
    return page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def blocks(text: str) -> list[Block]:
    """The fenced blocks, in order."""
    return [Block(found["language"], found["text"]) for found in _BLOCK.finditer(text)]


def steps(block: Block) -> Iterator[Step]:
    """The commands of a console block, or of a `sh` block, where each line is one and no output is shown.

    A command goes on behind a backslash at the end of its line; a comment after it is left out.
    """
    if block.language == "sh":
        lines = block.text.replace("\\\n", " ").splitlines()
        yield from (Step(command) for line in lines if (command := re.sub(r"(^|\s\s)#.*", "", line).strip()))
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, *shown = part.replace("\\\n", " ").splitlines()
        yield Step(command.partition("  #")[0].strip(), tuple(shown))


@dataclass(frozen=True)
class Console:
    """A folder with a copy of the example repository, and a shell that finds the installed command."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    @classmethod
    def begun(cls, folder: Path) -> Console:
        """Everything is committed, and nothing is applied."""
        shutil.copytree(PROJECT / "specs", folder / "specs")
        settings = folder / "specs" / "reconciler.yaml"
        settings.write_text(settings.read_text() + NO_WAITING)
        (folder / ".gitignore").write_text(".reconciler/\n")
        console = cls(folder)
        console.run("git init -q -b main && git add -A && git commit -qm 'Add our sources'")
        return console

    @property
    def environ(self) -> Mapping[str, str]:
        home = {"HOME": str(self.folder.parent / "home")}  # a page changes nothing of who runs the tests
        return {
            **os.environ,
            **_IDENTITY,
            **home,
            **self.variables,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }

    def run(self, command: str) -> str:
        """What a shell prints that runs this, on both streams."""
        ran = subprocess.run(  # noqa: S603 - a line of our own pages
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

    def take(self, block: Block) -> Iterator[tuple[Step, str]]:
        """Each command of a block with what it printed; one shell runs them all, as when somebody types them."""
        taken = list(steps(block))
        script = "".join(f"{step.command}\nprintf '%s\\n' '{_END}'\n" for step in taken)
        yield from zip(taken, self.run(script).split(f"{_END}\n"), strict=False)

    def id_of(self, name: str) -> str:
        """The id of the live connection spec with this name."""
        with build(self.folder / ".reconciler/local.db") as emulator:
            rows = emulator.store.rows(CONNECTION_SPECS, PLACE)
            return next(row.id for row in rows if decode(row.body)["name"] == name)

    def edit_live(self, name: str, change: Document) -> None:
        """Jane changes a spec in Flow Service: a JSON Merge Patch of its body."""
        spec_id = self.id_of(name)
        with build(self.folder / ".reconciler/local.db") as emulator:
            emulator.service.edit(spec_id, lambda live: merge_patch(live, change), JANE)
