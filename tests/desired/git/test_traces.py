"""Whether a folder is new, or was emptied."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from reconciler.desired.git.traces import is_new

NAMES = ("sources", "flow-specs")


def git(folder: Path, *words: str) -> None:
    """Run git as somebody."""
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example", *words], cwd=folder, check=True)  # noqa: S603, S607


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """A specs folder with one committed source."""
    folder = tmp_path / "data" / "specs"
    (folder / "sources").mkdir(parents=True)
    (folder / "sources" / "a.yaml").write_text("a\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    return folder


def emptied(specs: Path) -> None:
    git(specs, "rm", "-q", "sources/a.yaml")
    specs.mkdir(exist_ok=True)


def test_a_folder_with_files_is_not_new(specs: Path) -> None:
    assert not is_new(specs, NAMES)


def test_a_folder_that_was_emptied_is_not_new(specs: Path) -> None:
    emptied(specs)
    assert not is_new(specs, NAMES)
    git(specs.parent, "commit", "-qm", "second")
    assert not is_new(specs, NAMES)


def test_a_folder_without_any_trace_is_new(specs: Path) -> None:
    other = specs.parent / "others"
    other.mkdir()
    assert is_new(other, NAMES)


def test_without_a_repository_or_a_commit_the_folder_counts(tmp_path: Path) -> None:
    assert is_new(tmp_path, NAMES)
    git(tmp_path, "init", "-q")
    assert is_new(tmp_path, NAMES)
    (tmp_path / "flow-specs").mkdir()
    assert not is_new(tmp_path, NAMES)


def test_a_history_that_is_cut_off_shows_nothing(specs: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    emptied(specs)
    git(specs.parent, "commit", "-qm", "second")
    shallow = tmp_path_factory.mktemp("clone")
    git(shallow, "clone", "-q", "--depth", "1", f"file://{specs.parents[1]}", ".")
    (shallow / "data" / "specs").mkdir(parents=True)
    assert not is_new(shallow / "data" / "specs", NAMES)
