"""The cache folder of a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.cache.place import CachePlace


@pytest.fixture
def place(tmp_path: Path) -> CachePlace:
    return CachePlace(tmp_path / "cache")
