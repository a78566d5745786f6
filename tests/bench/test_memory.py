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


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs the processes of Linux")
def test_a_process_without_a_program_of_its_own_yet_is_not_counted_beside_its_parent() -> None:
    asleep, wakes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(wakes)
        os.read(asleep, 1)
        os._exit(0)
    try:
        alone, both = Peak(), Peak()
        alone.look(child)
        both.look(os.getpid())
    finally:
        os.close(wakes)
        os.waitpid(child, 0)
        os.close(asleep)
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)
    assert alone.mebibytes > 0
    assert both.mebibytes < resident + alone.mebibytes / 2
