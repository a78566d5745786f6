"""How many commits live is behind the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.desired.git.command import Answer, Git
from reconciler.desired.git.lag import Lag
from tests.desired.git.repositories import Repository
from tests.desired.git.test_history import UNKNOWN_COMMIT, named
from tests.desired.trees import MAILCHIMP, SOURCE

START = 1_700_000_000


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.new(tmp_path / "repository")


def test_commits_that_changed_the_file_since_are_counted_from_the_first(repository: Repository) -> None:
    applied = repository.commit({MAILCHIMP: named("one")}, at=START)
    repository.commit({MAILCHIMP: named("two")}, at=START + 60)
    repository.commit({"sources/other/connection-spec.yaml": SOURCE}, at=START + 120)
    repository.commit({MAILCHIMP: named("three")}, at=START + 180)
    assert Lag(repository.specs).behind(applied, MAILCHIMP) == (2, START + 60)


def test_a_file_that_nobody_changed_since_is_not_behind(repository: Repository) -> None:
    applied = repository.commit({MAILCHIMP: named("one")}, at=START)
    repository.commit({"sources/other/connection-spec.yaml": SOURCE}, at=START + 60)
    assert Lag(repository.specs).behind(applied, MAILCHIMP) is None


@pytest.mark.parametrize("commit", [UNKNOWN_COMMIT, "HEAD", "--all", ""])
def test_a_commit_that_the_clone_does_not_have_says_nothing(repository: Repository, commit: str) -> None:
    repository.commit({MAILCHIMP: named("one")}, at=START)
    repository.commit({MAILCHIMP: named("two")}, at=START + 60)
    assert Lag(repository.specs).behind(commit, MAILCHIMP) is None


def test_without_a_repository_nothing_is_behind(tmp_path: Path) -> None:
    assert Lag(tmp_path).behind(UNKNOWN_COMMIT, MAILCHIMP) is None


def test_git_is_asked_once_for_each_commit_and_once_for_the_history(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    applied = repository.commit({MAILCHIMP: named("one")}, at=START)
    repository.commit({MAILCHIMP: named("two")}, at=START + 60)
    asked: list[str] = []
    ask = Git.ask

    def asking(git: Git, *words: str) -> Answer:
        asked.append(words[0])
        return ask(git, *words)

    monkeypatch.setattr(Git, "ask", asking)
    lag = Lag(repository.specs)
    for number in range(50):
        lag.behind(applied, MAILCHIMP if number % 2 else f"sources/{number}/connection-spec.yaml")
    assert asked == ["log", "rev-list"]
