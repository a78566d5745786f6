"""The Dockerfile, read with a parser, and its steps run in a scratch folder in the place of the root: no engine, no base image.

Of an instruction, COPY, RUN, ENV, ARG, WORKDIR, USER and ENTRYPOINT are known. Absolute folders of the image lie below the scratch folder.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dockerfile_parse import DockerfileParser

PROJECT: Final = Path(__file__).parents[2]
_OURS: Final = re.compile(r"(?<![\w./}])/(src|opt|work)\b")
_ENV: Final = re.compile(r'(\w+)=("[^"]*"|\S+)')


def public_python() -> Path:
    """The folder of a Python that any user may run, or else of this one, which may lie in somebody's home."""
    check = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))"
    for folder in (Path("/usr/local/bin"), Path("/usr/bin")):
        program = folder / "python3"
        if program.exists() and subprocess.run([program, "-c", check], check=False, stderr=subprocess.DEVNULL).returncode == 0:  # noqa: S603
            return folder
    return Path(sys.base_prefix) / "bin"


@dataclass(frozen=True)
class Instruction:
    """One instruction, with its continued lines joined."""

    name: str
    value: str


@dataclass(frozen=True)
class Stage:
    """What one FROM begins."""

    base: str
    instructions: tuple[Instruction, ...]

    def all(self, name: str) -> list[str]:
        return [found.value for found in self.instructions if found.name == name]

    @property
    def env(self) -> dict[str, str]:
        return {name: value.strip('"') for line in self.all("ENV") for name, value in _ENV.findall(line)}

    @property
    def entrypoint(self) -> list[str]:
        found: list[str] = json.loads(self.all("ENTRYPOINT")[-1])
        return found


def stages() -> list[Stage]:
    """The stages of our Dockerfile."""
    parser = DockerfileParser(str(PROJECT / "Dockerfile"), cache_content=True)
    found: list[tuple[str, list[Instruction]]] = []
    for item in parser.structure:
        if item["instruction"] == "FROM":
            found.append((item["value"], []))
        elif item["instruction"] != "COMMENT" and found:
            found[-1][1].append(Instruction(item["instruction"], item["value"]))
    return [Stage(base, tuple(instructions)) for base, instructions in found]


def context() -> list[str]:
    """What .dockerignore lets into the build, from the project's root."""
    lines = [line for line in (PROJECT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*", "everything is left out but what is named"
    return [line.removeprefix("!") for line in lines if line.startswith("!")]


@dataclass
class Scratch:
    """A folder in the place of the root of the image."""

    root: Path
    environ: dict[str, str] = field(default_factory=dict)
    folder: str = "/"

    def run(self, stage: Stage) -> None:
        """Run the steps of a stage. Raises CalledProcessError if one fails."""
        for instruction in stage.instructions:
            match instruction.name:
                case "WORKDIR":
                    self.folder = instruction.value
                    self._at(self.folder).mkdir(parents=True, exist_ok=True)
                case "ARG" if "=" in instruction.value:
                    name, _, value = instruction.value.partition("=")
                    self.environ[name] = value
                case "COPY":
                    self._copy(instruction.value.split())
                case "RUN":
                    self._shell(instruction.value)

    def place(self, text: str) -> str:
        """The text, with folders of the image below the scratch folder."""
        return _OURS.sub(lambda found: f"{self.root}/{found[1]}", text)

    def _copy(self, words: list[str]) -> None:
        *sources, to = words
        if sources[0].startswith("--from="):
            assert sources[1] == to, "the same scratch folder has it in the same place"
            return
        names = context() if sources == ["."] else sources
        target = self._at(self.folder if to in (".", "./") else to)
        for name in names:
            if (PROJECT / name).is_dir():
                shutil.copytree(PROJECT / name, target / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
            else:
                shutil.copy(PROJECT / name, target / name)

    def _shell(self, script: str) -> None:
        python = public_python()
        environ = {
            "PATH": f"{python}:{os.environ['PATH']}",
            "HOME": str(self.root),
            "GIT_CONFIG_SYSTEM": str(self.root / "gitconfig"),
            **{name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_", "SSL_", "HTTP", "NO_PROXY"))},
            **self.environ,
        }
        folder = self._at(self.folder)
        subprocess.run(["sh", "-ec", self.place(script)], cwd=folder, env=environ, check=True)  # noqa: S603, S607 - our steps

    def _at(self, path: str) -> Path:
        return self.root / path.lstrip("/")
