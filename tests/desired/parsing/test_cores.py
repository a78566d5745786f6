"""How many processors may be used: no more than the container allows, and always one."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.desired.parsing.cores import cores


@pytest.mark.parametrize("said", ["100000 100000", "50000 100000", "150000 100000"])
def test_a_container_with_less_than_two_processors_has_one(tmp_path: Path, said: str) -> None:
    (tmp_path / "cpu.max").write_text(said + "\n")
    assert cores(tmp_path / "cpu.max") == 1


@pytest.mark.parametrize("said", ["max 100000", "", "much", "1 2 3", "100000 0", "\N{SNOWMAN} 1", "900000000 100000"])
def test_anything_else_is_no_limit(tmp_path: Path, said: str) -> None:
    (tmp_path / "cpu.max").write_text(said, encoding="utf-8")
    assert cores(tmp_path / "cpu.max") == cores(tmp_path / "none") >= 1
