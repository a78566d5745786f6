"""The memory of processes that come and go while they are looked at."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.memory import Peak


def test_a_process_that_ends_while_its_children_are_listed_is_counted_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(folder: Path, _pattern: str) -> Iterator[Path]:
        yield folder / "no such thread"
        raise ProcessLookupError

    monkeypatch.setattr(Path, "glob", ended)
    peak = Peak()
    peak.look(os.getpid())
    assert (peak.mebibytes > 0) is Path("/proc/self/statm").exists()
