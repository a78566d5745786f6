"""What the drift issue says of the apply of a commit: its run may be at a newer commit of the same push."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.desired.git.branch import Branch
from reconciler.documents.kinds import Kind
from reconciler.github import apply_runs
from reconciler.github.apply_runs import ApplyRuns
from reconciler.github.checks import CheckScope, Report
from reconciler.planning.overdue import Overdue
from tests.desired.git.repositories import Repository
from tests.github.situations import REPO, World

APPLY = CheckScope("apply", "stage")


@pytest.fixture
def pushed(world: World, tmp_path: Path) -> tuple[str, ...]:
    """Three commits that GitHub has, oldest first."""
    repository = Repository.new(tmp_path / "checkout")
    made = []
    for number in range(3):
        made.append(repository.commit({"a.yaml": str(number)}))
        world.fake.repository(REPO).commits.add(made[-1])
    return tuple(made)


def said(world: World, folder: Path, *commits: str) -> str:
    tip = Repository(folder / "checkout").git("rev-parse", "HEAD")
    branch = Branch.of(folder / "checkout" / "specs", tip)
    late = [Overdue(Kind.CONNECTION_SPEC, f"orders-{index}", None, commit) for index, commit in enumerate(commits)]
    return ApplyRuns.of(world.checks, "stage", "specs", branch).section(late)


def test_the_run_of_a_push_is_that_of_each_of_its_commits(world: World, tmp_path: Path, pushed: tuple[str, ...]) -> None:
    first, second, _ = pushed
    world.checks.complete(APPLY, second, 1, None, "failure", Report("failed", "why"))
    text = said(world, tmp_path, first, second)
    assert f"apply ended with failure at <code>{second[:10]}</code>, which contains it" in text
    assert f"<code>{second[:10]}</code>: apply ended with failure: " in text


def test_an_older_run_is_of_nothing_that_came_later(world: World, tmp_path: Path, pushed: tuple[str, ...]) -> None:
    first, second, _ = pushed
    world.checks.complete(APPLY, first, 1, None, "failure", Report("failed", "why"))
    assert "no apply ran for this commit, nor for the 1 newer commit" in said(world, tmp_path, second)


def test_where_not_every_commit_is_looked_up_a_later_run_may_exist(
    world: World, tmp_path: Path, pushed: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apply_runs, "_PUSHES", 2)
    world.checks.complete(APPLY, pushed[2], 1, None, "failure", Report("failed", "why"))
    assert "a later one may include it" in said(world, tmp_path, pushed[0])


def test_without_a_known_commit_nothing_is_asked(world: World, tmp_path: Path, pushed: tuple[str, ...]) -> None:
    tip = pushed[-1]
    branch = Branch.of(tmp_path / "checkout" / "specs", tip)
    unknown = Overdue(Kind.CONNECTION_SPEC, "orders", None, why_not="no git")
    assert ApplyRuns.of(world.checks, "stage", "specs", branch).section([unknown]) == ""
