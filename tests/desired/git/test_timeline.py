"""What the branch that is checked out said at a moment."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.desired.git.history import History
from reconciler.desired.load import load_desired
from reconciler.desired.tree import WorkingTree
from reconciler.documents.kinds import Kind
from tests.desired.git.repositories import Repository
from tests.desired.git.test_history import UNKNOWN_COMMIT, named
from tests.desired.trees import MAILCHIMP, SOURCE

HOUR = 3_600
START = 1_700_000_000


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.new(tmp_path / "repository")


def hourly(repository: Repository, *names: str) -> list[str]:
    """A commit an hour, each with another name of the spec."""
    return [repository.commit({MAILCHIMP: named(name)}, at=START + hour * HOUR) for hour, name in enumerate(names)]


def milliseconds(hours: float) -> int:
    return int((START + hours * HOUR) * 1000)


def test_a_branch_is_at_the_newest_commit_before_the_moment(repository: Repository) -> None:
    commits = hourly(repository, "one", "two", "three")
    history = History(repository.specs)
    assert [history.commit_before(milliseconds(hours), None) for hours in (0.5, 1.5, 2.5, 99)] == [*commits, commits[2]]


def test_before_its_first_commit_a_branch_said_nothing(repository: Repository) -> None:
    hourly(repository, "one")
    assert History(repository.specs).commit_before(milliseconds(-1), None) is None


def test_a_commit_of_the_same_second_is_not_before_the_moment(repository: Repository) -> None:
    first, _ = hourly(repository, "one", "two")
    assert History(repository.specs).commit_before(milliseconds(1) + 999, None) == first


def test_a_clock_that_was_ahead_hides_no_older_commit(repository: Repository) -> None:
    ahead = repository.commit({MAILCHIMP: named("one")}, at=START + 9 * HOUR)
    newer = repository.commit({MAILCHIMP: named("two")}, at=START + HOUR)
    history = History(repository.specs)
    assert (history.commit_before(milliseconds(2), None), history.commit_before(milliseconds(0.5), None)) == (newer, None)
    assert history.commit_before(milliseconds(99), None) == newer
    assert ahead != newer


def test_a_branch_counts_from_when_it_was_merged(repository: Repository) -> None:
    first = repository.commit({MAILCHIMP: named("one")}, at=START)
    repository.git("switch", "--quiet", "--create", "topic")
    repository.commit({MAILCHIMP: named("two")}, at=START + HOUR)
    repository.git("switch", "--quiet", "main")
    repository.git("merge", "--quiet", "--no-ff", "--message", "x", "topic", at=START + 2 * HOUR)
    history = History(repository.specs)
    merged = history.head()
    assert [history.commit_before(milliseconds(hours), None) for hours in (1.5, 2.5)] == [first, merged]


def test_a_commit_that_has_not_what_was_applied_does_not_count(repository: Repository) -> None:
    first, second, third = hourly(repository, "one", "two", "three")
    history = History(repository.specs)
    assert history.commit_before(milliseconds(1.5), third) is None
    assert history.commit_before(milliseconds(1.5), second) == second
    assert history.commit_before(milliseconds(1.5), first) == second


def test_an_applied_commit_that_git_does_not_know_is_no_reason_to_know_nothing(repository: Repository) -> None:
    (first,) = hourly(repository, "one")
    assert History(repository.specs).commit_before(milliseconds(1), UNKNOWN_COMMIT) == first


def names(repository: Repository) -> list[tuple[str, int]]:
    """What the spec was called in the commits that changed its file, and the hour."""
    desired = load_desired(WorkingTree(repository.specs), "stage").specs
    versions = History(repository.specs, desired).versions(Kind.CONNECTION_SPEC, ("mailchimp",), "stage")
    return [(version.spec.name, (version.time - START) // HOUR) for version in versions]


def test_a_file_is_known_as_it_was_in_each_commit_that_changed_it(repository: Repository) -> None:
    hourly(repository, "one", "two", "three")
    repository.commit({"sources/other/connection-spec.yaml": SOURCE}, at=START + 9 * HOUR)
    assert names(repository) == [("three", 2), ("two", 1), ("one", 0)]


def test_what_a_branch_said_before_it_was_merged_is_not_what_main_said(repository: Repository) -> None:
    repository.commit({MAILCHIMP: named("one")}, at=START)
    repository.git("switch", "--quiet", "--create", "topic")
    repository.commit({MAILCHIMP: named("draft")}, at=START + HOUR)
    repository.commit({MAILCHIMP: named("two")}, at=START + 2 * HOUR)
    repository.git("switch", "--quiet", "main")
    repository.git("merge", "--quiet", "--no-ff", "--message", "x", "topic", at=START + 3 * HOUR)
    assert names(repository) == [("two", 3), ("one", 0)]


def test_a_file_that_was_never_committed_said_nothing(repository: Repository) -> None:
    repository.commit({})
    repository.write({MAILCHIMP: named("one")})
    assert names(repository) == []


def test_without_a_repository_nothing_is_known_of_a_moment(tmp_path: Path) -> None:
    assert History(tmp_path).commit_before(milliseconds(1), None) is None


def test_without_a_commit_nothing_is_known_of_a_moment(repository: Repository) -> None:
    assert History(repository.specs).commit_before(milliseconds(1), None) is None


def test_a_commit_that_was_amended_or_rebased_says_nothing_new(repository: Repository) -> None:
    repository.commit({MAILCHIMP: named("one")}, at=START)
    repository.commit({MAILCHIMP: named("two")}, at=START + HOUR)
    repository.git("-c", "user.name=A", "commit", "--quiet", "--amend", "--message", "y", committed_at=START + 5 * HOUR)
    history = History(repository.specs)
    assert history.commit_before(milliseconds(2), None) == history.head()
    assert names(repository) == [("two", 1), ("one", 0)]
