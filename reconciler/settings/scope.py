"""The scope of a command: a specs folder and one of its targets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Scope:
    """A specs folder and the name of a target; None is the default target."""

    specs: Path = Path("specs")
    target: str | None = None
