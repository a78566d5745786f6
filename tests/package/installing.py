"""Install the wheel as a user does, and use it: `python -m tests.package.installing FOLDER`, where FOLDER has the wheel.

uv makes a fresh environment outside the checkout. Then the command says its version, checks spec files and plans them, and what it
says about the missing extra is done to the letter.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from reconciler import __version__
from tests.package.paths import ROOT
from tests.package.processes import UV, Failed, run, say


def use(folder: Path) -> None:
    """Install and use the wheel in this folder. Raises Failed."""
    (wheel,) = folder.glob("*.whl")
    with tempfile.TemporaryDirectory() as name:
        User(Path(name)).does_it_all(wheel)


class User:
    """Somebody with uv and a repository of spec files, in this folder."""

    def __init__(self, folder: Path) -> None:
        self.repository = folder / "repository"
        self.bin = folder / "bin"
        self.env = {
            "UV_TOOL_DIR": str(folder / "tools"),
            "UV_TOOL_BIN_DIR": str(self.bin),
            "UV_CONSTRAINT": str(ROOT / "requirements-demo.lock"),
        }
        shutil.copytree(ROOT / "specs", self.repository / "specs", ignore=shutil.ignore_patterns(".reconciler"))
        who = ("-c", "user.name=Jane", "-c", "user.email=jane@acme.example", "-c", "commit.gpgsign=false")
        for step in (("init", "--quiet"), ("add", "."), ("commit", "--quiet", "--message", "Add the spec files")):
            self.runs(["git", *who, *step])

    def runs(self, command: Sequence[str], expected: int = 0) -> str:
        return run(*command, cwd=self.repository, env=self.env, expected=expected)

    def does_it_all(self, wheel: Path) -> None:
        self.runs([UV, "tool", "install", "--python", sys.executable, str(wheel)])
        for name in ("reconciler", "aep-spec-reconciler"):
            expect(self.runs([str(self.bin / name), "--version"]), f"reconciler {__version__}\n")
        command = str(self.bin / "reconciler")
        self.runs([command, "validate"])
        refused = self.runs([command, "plan"], expected=1)
        hint = refused.partition("hint: ")[2].strip()
        expect(hint, f"uv tool install 'aep-spec-reconciler[emulator] @ {wheel.as_uri()}'")
        self.runs(["sh", "-c", hint.replace("uv ", f"'{UV}' ", 1)])
        planned = self.runs([command, "plan"])
        expect(planned.splitlines()[1][:12], "10 to create")
        say("installed the wheel with uv: --version, validate, plan, and the hint for the missing extra work")


def expect(found: str, wanted: str) -> None:
    """Raises Failed if this is not what was wanted."""
    if found != wanted:
        raise Failed(f"found {found!r}, expected {wanted!r}")


if __name__ == "__main__":
    try:
        use(Path(sys.argv[1]).resolve())
    except Failed as error:
        sys.exit(str(error))
