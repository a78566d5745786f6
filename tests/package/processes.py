"""Runs other programs, from outside the checkout and without what the caller's shell or pipeline sets."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

BIN: Final = Path(sys.executable).parent
UV: Final = str(BIN / "uv")
_OF_THE_CALLER: Final = ("PYTHON", "VIRTUAL_ENV", "GIT_", "GITHUB_", "RECONCILER_")


class Failed(Exception):
    """A check of the package failed; the message says which and why."""


def run(*command: str | Path, cwd: Path, env: Mapping[str, str] | None = None, expected: int = 0) -> str:
    """Run a command; returns what it printed on both streams. Raises Failed if it ends with another exit code."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OF_THE_CALLER) and name != "CI"}
    words = [str(word) for word in command]
    done = subprocess.run(  # noqa: S603
        words,
        cwd=cwd,
        env={**kept, "UV_NO_PROGRESS": "1", **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != expected:
        raise Failed(f"{' '.join(words)}: exited with {done.returncode}, expected {expected}\n{done.stdout}")
    return done.stdout


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
