"""The scope of a command: a specs folder and one of its targets, and where the cache is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from reconciler.cache.place import NO_CACHE, CachePlace


@dataclass(frozen=True, slots=True)
class Scope:
    """A specs folder and the name of a target; None is the default target."""

    specs: Path = Path("specs")
    target: str | None = None
    cache: CachePlace = field(default=NO_CACHE, compare=False)
    """Where earlier runs kept what they read of the spec files."""
