"""What a user asked of `try`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from reconciler.settings.scope import Scope
from reconciler.sources.window import Mode, Window
from reconciler.trying.report import Origin


@dataclass(frozen=True, slots=True)
class TryOptions:
    """The options of one run of `try`."""

    auth: str | None = None
    sets: Mapping[str, str] = field(default_factory=dict)
    proof: Path | None = None
    """Another proof file than the one of the key."""
    origin: Origin = "live"
    pages: int = 25
    rows: int = 3
    delay: bool = False
    """Wait as long between requests as `delayRequestMillis` says, and not a second at most."""
    mode: Mode = Mode.BACKFILL
    window: Window | None = None
    """The time range given by `--window`."""
    windows: bool = False
    record: Literal["redacted", "raw"] | None = None
    """What `--record` keeps."""
    writes_stub: bool = False
    """If there is no provider file, ask the third party instead, and write one from what was seen."""
    dry_run: bool = False
    assume: Mapping[str, str] = field(default_factory=dict)
    assumptions: bool = False
    curl: bool = False
    allow_local: bool = False
    probe_auth: bool = False


@dataclass(frozen=True, slots=True)
class TryRequest:
    """What is to be tried: these sources, or every one, and how."""

    scope: Scope
    keys: tuple[str, ...]
    everything: bool
    options: TryOptions
