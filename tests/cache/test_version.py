"""The version of the reader: whatever decides what is read is in it."""

from __future__ import annotations

from pathlib import Path

import grimp
import pytest

from reconciler.cache import version
from reconciler.cache.version import READERS, reader_version, version_of

READING = ("reconciler.desired.load", "reconciler.lint.run")


def test_every_module_that_decides_what_is_read_is_in_the_version() -> None:
    graph = grimp.build_graph("reconciler")
    needed = set(READING).union(*(graph.find_upstream_modules(module) for module in READING))
    parts = {f"reconciler.{part.removesuffix('.py')}" for part in READERS}
    missing = [name for name in needed if not any(name == part or name.startswith(f"{part}.") for part in parts)]
    assert sorted(missing) == []


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "texts/deep").mkdir(parents=True)
    (tmp_path / "texts/deep/yaml.py").write_text("A = 1\n")
    (tmp_path / "disk.py").write_text("B = 1\n")
    (tmp_path / "other.py").write_text("C = 1\n")
    return tmp_path


PARTS = ("texts", "disk.py")


@pytest.mark.parametrize("changed", ["texts/deep/yaml.py", "texts/new.py", "disk.py"])
def test_a_change_of_the_code_is_another_version(package: Path, changed: str) -> None:
    before = version_of(package, PARTS, ["3.11"])
    (package / changed).write_text("A = 2\n")
    assert version_of(package, PARTS, ["3.11"]) not in (before, None)


def test_a_moved_module_is_another_version(package: Path) -> None:
    before = version_of(package, PARTS, ["3.11"])
    (package / "texts/deep/yaml.py").rename(package / "texts/yaml.py")
    assert version_of(package, PARTS, ["3.11"]) != before


def test_other_code_or_the_same_again_is_the_same_version(package: Path) -> None:
    before = version_of(package, PARTS, ["3.11"])
    (package / "other.py").write_text("C = 2\n")
    assert version_of(package, PARTS, ["3.11"]) == before


def test_another_python_or_library_is_another_version(package: Path) -> None:
    assert version_of(package, PARTS, ["3.11"]) != version_of(package, PARTS, ["3.12"])


def test_without_its_code_a_part_has_no_version(package: Path) -> None:
    assert version_of(package, ("texts", "nowhere"), []) is None
    with pytest.raises(OSError, match="nowhere"):
        version_of(package, ("nowhere.py",), [])


def test_this_copy_has_a_version_and_a_missing_library_is_no_obstacle() -> None:
    assert len(reader_version() or b"") == 32
    assert version._installed("no-such-library-at-all") == "no-such-library-at-all"  # noqa: SLF001
