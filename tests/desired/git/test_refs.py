"""The names of commits, read without git: what git itself says of them is right."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reconciler.desired.git.checkout import find_checkout
from reconciler.desired.git.history import History
from reconciler.desired.git.refs import Refs
from tests.desired.git.repositories import Repository
from tests.desired.trees import MAILCHIMP, SOURCE

REVISIONS = [
    "HEAD",
    "@",
    "main",
    "heads/main",
    "refs/heads/main",
    "HEAD~1",
    "main^",
    "HEAD^{commit}",
    "v1",
    "v1^{}",
    "v1~1",
    "topic/a.b",
    "origin/main",
    "origin",
    "HEAD~1^0",
    "nowhere",
    "v9",
    "HEAD~9",
    "-n",
    "--all",
    "a..b",
    "..",
    "",
    "HEAD:",
    "HEAD@{1}",
    ":/x",
    "main.lock",
    "heads/",
]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository.new(tmp_path / "repository")
    repository.commit({MAILCHIMP: SOURCE})
    repository.git("tag", "--annotate", "--message", "x", "v1")
    repository.git("branch", "topic/a.b")
    repository.commit({MAILCHIMP: SOURCE + "# 2\n"})
    repository.git("update-ref", "refs/remotes/origin/main", "HEAD~1")
    repository.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    return repository


def by_git(repository: Repository, revision: str) -> str | None:
    if revision in ("HEAD@{1}", ":/x", "HEAD:") or not revision:
        return None
    try:
        return repository.git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except Exception:  # noqa: BLE001 - git says that there is none
        return None


@pytest.mark.parametrize("packed", [False, True], ids=["loose", "packed"])
@pytest.mark.parametrize("revision", REVISIONS)
def test_a_revision_is_what_git_says_that_it_is(repository: Repository, revision: str, packed: bool) -> None:
    if packed:
        repository.git("pack-refs", "--all")
    assert History(repository.specs).resolve(revision) == by_git(repository, revision)


def test_short_names_of_commits_are_understood(repository: Repository) -> None:
    head = repository.git("rev-parse", "HEAD")
    history = History(repository.specs)
    assert [history.resolve(name) for name in (head[:8], head, f"v1-1-g{head[:10]}")] == [head] * 3


def test_the_branches_that_are_here_are_named(repository: Repository) -> None:
    expected = ("main", "topic/a.b", "origin/main")
    assert History(repository.specs).branches == expected
    repository.git("pack-refs", "--all")
    assert History(repository.specs).branches == expected


@pytest.mark.parametrize(
    "content", ["ref: refs/heads/../../../secret", "ref: /etc/passwd", "ref: HEAD", "junk", "", "ref: refs/heads/none"]
)
def test_a_head_that_leads_to_no_commit_is_none(repository: Repository, content: str) -> None:
    (repository.root / ".git/HEAD").write_text(content)
    assert Refs(find_checkout(repository.specs)).head() is None


def test_a_branch_that_is_a_pipe_is_not_waited_for(repository: Repository) -> None:
    branch = repository.root / ".git/refs/heads/main"
    branch.unlink()
    os.mkfifo(branch)
    assert Refs(find_checkout(repository.specs)).head() is None


def test_branches_kept_as_reftable_are_said_to_be_unreadable(repository: Repository) -> None:
    (repository.root / ".git/reftable").mkdir()
    history = History(repository.specs)
    assert "reftable" in (history.why_not or "")
    assert history.head() is None
