"""The initial content: specs that Adobe ships, one JSON file each, as published."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import Any

import msgspec

from reconciler.emulator.model import SPEC_KINDS


def stock_specs() -> Iterator[tuple[str, dict[str, Any]]]:
    """Kind and body of each stock spec, ordered by kind and file name."""
    for kind in SPEC_KINDS:
        files = sorted(resources.files(__name__).joinpath(kind).iterdir(), key=lambda file: file.name)
        for file in files:
            yield kind, msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
