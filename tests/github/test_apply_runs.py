"""What the drift issue says of the apply of a commit: its run may be at a newer commit of the same push."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from reconciler.desired.git.branch import Branch
from reconciler.documents.kinds import Kind
from reconciler.errors import GitHubError
from reconciler.github import apply_runs
from reconciler.github.applied import applied
from reconciler.github.applied_record import applied_record_of, applies_of
from reconciler.github.apply_runs import ApplyRuns, section_of_several
from reconciler.github.checks import FLEET, CheckScope, Report
from reconciler.planning.overdue import Overdue
from reconciler.reports.fleet.view import TargetState
from tests.desired.git.repositories import Repository
from tests.github.situations import REPO, World
from tests.reports.fleet.fleets import QUIET, settings, view_over

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
    return ApplyRuns(partial(applies_of, world.checks, "stage", "specs"), branch).section(late)


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
    assert ApplyRuns(partial(applies_of, world.checks, "stage", "specs"), branch).section([unknown]) == ""


def over(*ended: tuple[str, TargetState, int]) -> str:
    """The text of the check run of an apply over several targets, which ended so with these exit codes."""
    view = view_over(settings(*(name for name, _, _ in ended)), {name: QUIET for name, _, _ in ended}, "plan")
    known = {name: (state, code) for name, state, code in ended}
    targets = tuple(replace(one, state=known[one.name][0], exit_code=known[one.name][1]) for one in view.targets)
    return applied_record_of(replace(view, targets=targets))


STAGE, PROD, EU = ("stage", TargetState.APPLIED, 0), ("prod", TargetState.FAILED, 4), ("eu", TargetState.BLOCKED, 0)
FLEET_APPLY = CheckScope("apply", FLEET)


def test_an_apply_to_several_targets_is_that_of_each_as_it_ended_there(
    world: World, tmp_path: Path, pushed: tuple[str, ...]
) -> None:
    world.checks.complete(FLEET_APPLY, pushed[2], 1, None, "failure", Report("failed", "why", over(STAGE, PROD, EU)))
    assert "apply succeeded, but the change is not live" in said(world, tmp_path, pushed[2])
    assert [run.conclusion for run in applies_of(world.checks, "prod", "specs", pushed[2])] == ["failure"]
    assert applies_of(world.checks, "eu", "specs", pushed[2]) == []
    assert applies_of(world.checks, "other", "specs", pushed[2]) == []


def test_the_newest_apply_counts_alone_or_with_others(world: World, pushed: tuple[str, ...]) -> None:
    world.checks.complete(FLEET_APPLY, pushed[2], 1, None, "success", Report("done", "why", over(STAGE)))
    world.checks.complete(APPLY, pushed[2], 1, None, "failure", Report("failed", "why"))
    assert [run.conclusion for run in applies_of(world.checks, "stage", "specs", pushed[2])] == ["failure", "success"]


@pytest.mark.parametrize("text", ["", "garbage"])
def test_without_a_record_it_is_no_apply_to_several_targets(world: World, pushed: tuple[str, ...], text: str) -> None:
    world.checks.complete(FLEET_APPLY, pushed[2], 1, None, "success", Report("done", "why", text))
    assert applies_of(world.checks, "stage", "specs", pushed[2]) == []


@pytest.mark.parametrize(
    "text", [over(STAGE).replace('"format":1', '"format":2'), over(STAGE).replace("success", "x"), over(STAGE)[:80]]
)
@pytest.mark.parametrize("target", ["stage", "prod", FLEET])
def test_a_record_that_cannot_be_read_is_not_called_one_of_other_targets(
    world: World, tmp_path: Path, pushed: tuple[str, ...], text: str, target: str
) -> None:
    world.checks.complete(FLEET_APPLY, pushed[2], 1, None, "success", Report("done", "why", text))
    with pytest.raises(GitHubError, match=r"^the check run \d+ does not say how the apply of each target ended: "):
        applies_of(world.checks, target, "specs", pushed[2])
    assert "its runs are not known" in said(world, tmp_path, pushed[2])


def test_a_target_called_fleet_has_runs_of_that_name(world: World, pushed: tuple[str, ...]) -> None:
    world.checks.complete(FLEET_APPLY, pushed[2], 1, None, "failure", Report("failed", "why"))
    world.checks.complete(FLEET_APPLY, pushed[2], 1, None, "success", Report("done", "why", over(STAGE)))
    assert [run.conclusion for run in applies_of(world.checks, FLEET, "specs", pushed[2])] == ["failure"]


def test_what_a_run_says_that_applied_several_targets(world: World, pushed: tuple[str, ...]) -> None:
    world.checks.complete(FLEET_APPLY, pushed[2], 1, None, "failure", Report("failed", "why", over(STAGE, PROD, EU)))
    found = applied(world.checks, ("stage", "prod", "eu"), "specs", pushed[2])
    assert [one.conclusion for one in found] == ["success", "failure", None]


def test_an_apply_that_was_killed_is_not_covered_by_one_before_it(world: World, pushed: tuple[str, ...]) -> None:
    world.checks.complete(FLEET_APPLY, pushed[2], 1, None, "success", Report("done", "why", over(STAGE)))
    world.checks.begin(APPLY, pushed[2], 1, "1" * 64)
    assert [one.conclusion for one in applied(world.checks, ("stage",), "specs", pushed[2])] == [None]


def test_of_several_targets_each_statement_is_made_once(world: World, tmp_path: Path, pushed: tuple[str, ...]) -> None:
    world.checks.complete(FLEET_APPLY, pushed[2], 1, None, "failure", Report("failed", "why", over(STAGE, PROD)))
    branch = Branch.of(tmp_path / "checkout" / "specs", pushed[2])
    late = Overdue(Kind.CONNECTION_SPEC, "orders", None, pushed[1])
    names = ("stage", "prod", *(f"emea-{number}" for number in range(10)))
    text = section_of_several(
        {**dict.fromkeys(names, (late,)), "quiet": ()},
        lambda target: ApplyRuns(partial(applies_of, world.checks, target, "specs"), branch),
    )
    lines = text.splitlines()
    assert (lines[0], len(lines)) == ("#### Apply runs", 6)
    assert lines[2].endswith("(<code>stage</code>)")
    assert "apply ended with failure at" in lines[3]
    assert "no apply ran for this commit" in lines[4]
    assert lines[4].endswith("<code>emea-7</code>)")
    assert lines[5] == "- 2 more targets: not looked up"
    assert section_of_several({"quiet": []}, lambda _: pytest.fail("asked")) == ""
