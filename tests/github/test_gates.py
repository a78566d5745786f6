from __future__ import annotations

from contextlib import nullcontext

import pytest

from reconciler.errors import GitHubError
from reconciler.github.event import Event, PullRequest
from reconciler.github.gates import Gate, Mode, gate_of
from tests.github.api.faults import saying
from tests.github.fake_api import a_sha
from tests.github.situations import HEAD, REPO, TIP, World


def event(
    name: str = "push", *, commit: str = TIP, branch: str = "main", default: str | None = "main", pull: PullRequest | None = None
) -> Event:
    return Event(name, REPO, commit, branch, default, "jane", "https://api.github.com", None, pull)


def gate(world: World, made: Event, *, writes: bool = True) -> Gate:
    return gate_of(made, lambda: nullcontext(world.client()), "specs", writes=writes)


@pytest.mark.parametrize("name", ["push", "workflow_dispatch", "schedule", "repository_dispatch"])
def test_the_tip_of_the_default_branch_is_applied(world: World, name: str) -> None:
    assert gate(world, event(name)) == Gate(Mode.LIVE)


def test_what_is_not_the_tip_any_more_is_left_to_the_newer_run(world: World) -> None:
    world.fake.move(REPO, "main", a_sha("older"))
    world.fake.move(REPO, "main", TIP)
    found = gate(world, event(commit=a_sha("older")))
    assert found.mode is Mode.STALE
    assert f"the run for {TIP[:10]} applies what was reviewed for it" in str(found.reason)


@pytest.mark.parametrize(
    ("status", "files", "mode"),
    [
        ("ahead", ["README.md", "specs-of-others/a.yaml"], Mode.LIVE),
        ("ahead", ["specs/sources/a/connection-spec.yaml"], Mode.STALE),
        ("ahead", ["specs"], Mode.STALE),
        ("diverged", ["README.md"], Mode.STALE),
        ("ahead", [f"docs/{number}.md" for number in range(300)], Mode.STALE),
    ],
    ids=["other files", "specs", "the folder itself", "a branch that was rewritten", "more files than are listed"],
)
def test_a_tip_that_left_the_specs_alone_leaves_the_apply_to_this_run(
    world: World, status: str, files: list[str], mode: Mode
) -> None:
    older = a_sha("older")
    world.fake.move(REPO, "main", older)
    world.fake.move(REPO, "main", TIP)
    world.fake.repository(REPO).compared = lambda base, head: (status, files if (base, head) == (older, TIP) else ["?"])
    assert gate(world, event(commit=older)).mode is mode


def test_another_branch_is_not_applied(world: World) -> None:
    world.fake.move(REPO, "feature", TIP)
    assert gate(world, event("workflow_dispatch", branch="feature")).mode is Mode.STALE


def test_the_default_branch_is_asked_for_where_the_event_does_not_name_it(world: World) -> None:
    assert gate(world, event(default=None)).mode is Mode.LIVE


@pytest.mark.parametrize(
    ("answer", "missing"),
    [
        ({}, "status"),
        ([], "status"),
        ({"files": []}, "status"),
        ({"status": 1, "files": []}, "status"),
        ({"status": "ahead"}, "files"),
        ({"status": "ahead", "files": None}, "files"),
        ({"status": "ahead", "files": [{}]}, "filename"),
        ({"status": "ahead", "files": [7]}, "filename"),
        ({"status": "ahead", "files": [{"filename": 3}]}, "filename"),
        ({"status": "ahead", "files": [{"filename": "specs/a"}, {}]}, "filename"),
        ({"status": "ahead", "files": [{"filename": "README.md", "previous_filename": 3}]}, "previous_filename"),
    ],
    ids=str,
)
def test_a_comparison_that_cannot_be_read_leaves_the_apply_to_nobody(world: World, answer: object, missing: str) -> None:
    older = a_sha("older")
    world.fake.fail(saying(answer), path="/compare/")
    with pytest.raises(GitHubError, match=rf"GitHub GET /compare/{older}\.\.\.{TIP} returned no {missing}"):
        gate(world, event(commit=older))


def test_a_comparison_of_an_unknown_kind_leaves_the_apply_to_nobody(world: World) -> None:
    world.fake.fail(saying({"status": "forked", "files": []}), path="/compare/")
    with pytest.raises(GitHubError, match=r" returned an unknown status: forked$"):
        gate(world, event(commit=a_sha("older")))


@pytest.mark.parametrize("answer", [{}, [], "x", None, {"object": {"sha": 5}}, {"object": {"sha": "../tip"}}], ids=str)
def test_a_tip_that_cannot_be_read_is_an_error(world: World, answer: object) -> None:
    world.fake.fail(saying(answer), path="/git/ref/heads/main")
    with pytest.raises(GitHubError, match=r"^GitHub GET /git/ref/heads/main returned no object\.sha$"):
        gate(world, event())


def test_a_default_branch_that_cannot_be_read_is_an_error(world: World) -> None:
    world.fake.fail(saying({}))
    with pytest.raises(GitHubError, match=r"^GitHub GET /repos/acme/aep-sources returned no default_branch$"):
        gate(world, event(default=None))


def test_a_pull_request_of_our_own_is_planned_against_live(world: World) -> None:
    assert gate(world, event("pull_request", pull=PullRequest(1, HEAD, TIP, is_fork=False)), writes=False) == Gate(Mode.LIVE)


def test_a_pull_request_from_a_fork_is_compared_offline(world: World) -> None:
    found = gate(world, event("pull_request", pull=PullRequest(1, HEAD, TIP, is_fork=True)), writes=False)
    assert (found.mode, "fork" in str(found.reason)) == (Mode.OFFLINE, True)


def test_a_run_that_only_reads_asks_nothing(world: World) -> None:
    assert gate(world, event("schedule"), writes=False) == Gate(Mode.LIVE)
    assert world.fake.requests == []
