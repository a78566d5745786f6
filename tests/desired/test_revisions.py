"""What git knows of a revision: its commit, and the specs folder of then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from reconciler.desired.git.commit_tree import UnreadableTree
from reconciler.desired.git.history import History
from tests.desired.git.repositories import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.new(tmp_path / "checkout")


@pytest.fixture
def history(repository: Repository) -> Iterator[History]:
    repository.commit({"sources/a.yaml": "a: 1\n"})
    repository.commit({"sources/a.yaml": "a: 2\n"})
    with closing(History(repository.specs)) as history:
        yield history


def test_a_revision_is_resolved_to_its_commit(repository: Repository, history: History) -> None:
    assert history.resolve("HEAD^1") == repository.git("rev-parse", "HEAD^1")


@pytest.mark.parametrize("revision", ["nowhere", "--help", "-n1", "HEAD:specs", "HEAD..HEAD", "", "a\0b", "HEAD\n"])
def test_what_names_no_commit_is_none(history: History, revision: str) -> None:
    assert history.resolve(revision) is None


def test_the_folder_of_then_can_be_read(repository: Repository, history: History) -> None:
    tree = history.folder_at(repository.git("rev-parse", "HEAD^1"))
    assert tree.read("sources/a.yaml") == b"a: 1\n"


def test_a_commit_that_is_not_here_has_no_folder(history: History) -> None:
    with pytest.raises(UnreadableTree):
        history.folder_at("0" * 40)


def test_without_a_repository_there_is_no_revision(tmp_path: Path) -> None:
    with closing(History(tmp_path)) as history:
        assert history.resolve("HEAD") is None
        with pytest.raises(UnreadableTree, match="not in a git work tree"):
            history.folder_at("0" * 40)
