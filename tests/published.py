"""What Adobe has published: bodies, kept in the folder that RECONCILER_REFERENCE names. Without it their tests are skipped."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

import pytest

_FOLDER: Final = os.environ.get("RECONCILER_REFERENCE")
_PARTS: Final = ("connection", "flow", "fragments")


def published(*parts: str) -> list[Path]:
    """The files of these parts (`connection`, `flow`, `fragments`); of all, if none is named. None where there is no such folder."""
    return [file for part in parts or _PARTS for file in sorted(Path(_FOLDER, "specs", part).glob("*.json"))] if _FOLDER else []


def published_file(path: str) -> Path:
    """The file at this path below the folder `specs`."""
    return Path(_FOLDER or "", "specs", path)


def bodies_in(file: Path) -> list[dict[str, Any]]:
    """The bodies of a file: its items, if it is an answer of the service, or all of it."""
    document: dict[str, Any] = json.loads(file.read_bytes())
    bodies: list[dict[str, Any]] = document.get("items", [document])
    return bodies


needs_published: Final = pytest.mark.skipif(
    not all(published(part) for part in _PARTS), reason="RECONCILER_REFERENCE names no folder with published bodies"
)
