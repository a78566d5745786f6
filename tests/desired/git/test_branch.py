from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.desired.git.branch import Branch
from tests.desired.git.repositories import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.new(tmp_path / "repository")


def merged(repository: Repository) -> tuple[list[str], str]:
    """The commits of main, oldest first, of which the last merges a branch; and the commit of that branch."""
    first = repository.commit({"a.yaml": "1"})
    repository.git("checkout", "-q", "-b", "change")
    inside = repository.commit({"a.yaml": "2"})
    repository.git("checkout", "-q", "main")
    (repository.root / "README.md").write_text("text")
    second = repository.commit({})
    repository.git("merge", "-q", "--no-ff", "-m", "merge", "change")
    return [first, second, repository.git("rev-parse", "HEAD")], inside


def test_a_merge_counts_as_the_change_of_the_specs_that_it_brings(repository: Repository) -> None:
    (first, _, merge), _ = merged(repository)
    assert list(Branch.of(repository.specs, merge).changes()) == [merge, first]


def test_every_commit_counts_where_the_specs_are_the_whole_repository(repository: Repository) -> None:
    commits, _ = merged(repository)
    assert list(Branch.of(repository.root, commits[-1]).changes()) == commits[::-1]


def test_a_commit_of_the_branch_has_a_position(repository: Repository) -> None:
    (first, second, merge), inside = merged(repository)
    branch = Branch.of(repository.specs, merge)
    assert [branch.position(commit) for commit in (merge, second, first, inside)] == [0, 1, 2, None]


def test_commits_since_another_are_those_that_it_does_not_contain(repository: Repository) -> None:
    (first, second, merge), inside = merged(repository)
    branch = Branch.of(repository.specs, merge)
    assert [branch.since(commit) for commit in (merge, second, first, inside)] == [0, 1, 2, 2]


@pytest.mark.parametrize("commit", ["0" * 40, "--all", "main", ""])
def test_an_unknown_commit_is_since_nobody_knows_when(repository: Repository, commit: str) -> None:
    (_, _, merge), _ = merged(repository)
    assert Branch.of(repository.specs, merge).since(commit) is None


def test_what_a_merge_was_merged_into_is_its_first_parent(repository: Repository) -> None:
    (first, second, merge), _ = merged(repository)
    assert Branch.of(repository.specs, merge).first_parent() == second
    assert Branch.of(repository.specs, first).first_parent() is None


def test_without_a_repository_a_branch_is_empty(tmp_path: Path) -> None:
    branch = Branch.of(tmp_path, "0" * 40)
    assert (list(branch.changes()), branch.position("0" * 40), branch.first_parent()) == ([], None, None)
