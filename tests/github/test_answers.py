"""Answers of GitHub without what decides: an error that says what is missing, and never "it is not so" or "it was written"."""

from __future__ import annotations

import pytest

from reconciler.documents.json_text import Json, encode
from reconciler.errors import AnswerLost, GitHubError
from reconciler.github.checks import CheckScope, Report
from reconciler.github.event import Event, PullRequest
from reconciler.github.pulls import is_current, merged_as, merged_with
from reconciler.reports.kept import Done
from reconciler.reports.sinks.markdown import marker
from tests.github.api.faults import Fault
from tests.github.api.refusals import Refusal
from tests.github.situations import HEAD, MERGED, REPO, TIP, World

MARK = marker("plan", "stage", "specs")
RUN_OF_PULL = Event(
    "pull_request", REPO, TIP, "1/merge", "main", "jane", "https://api.github.com", None, PullRequest(1, HEAD, TIP, is_fork=False)
)
MERGED_PULL: dict[str, Json] = {
    "number": 1,
    "merged_at": "2026-11-28T12:00:00Z",
    "merge_commit_sha": MERGED,
    "head": {"sha": HEAD},
    "base": {"ref": "main"},
}


def saying(answer: Json, *, done: bool = False) -> Fault:
    """A successful answer with this JSON; with `done`, the request was carried out."""
    return Fault(Refusal(200, ""), done=done, text=encode(answer).decode())


@pytest.mark.parametrize(
    ("answer", "missing"),
    [
        ({}, "head.sha"),
        ([], "head.sha"),
        ({"state": "open", "head": {"sha": None}}, "head.sha"),
        ({"head": {"sha": HEAD}}, "state"),
        ({"head": {"sha": "another"}}, "state"),
    ],
    ids=str,
)
def test_a_pull_request_that_cannot_be_read_is_not_called_closed(world: World, answer: Json, missing: str) -> None:
    world.fake.fail(saying(answer), path="/pulls/1")
    with pytest.raises(GitHubError, match=rf"GitHub GET /pulls/1 returned no {missing}") as refused:
        is_current(RUN_OF_PULL, world.client())
    assert refused.value.hint == "check GITHUB_API_URL"


@pytest.mark.parametrize("missing", ["number", "merged_at", "merge_commit_sha", "head", "base"])
def test_a_merge_that_cannot_be_read_is_not_called_missing(world: World, missing: str) -> None:
    answer = [{name: value for name, value in MERGED_PULL.items() if name != missing}]
    for read in (merged_as, merged_with):
        world.fake.fail(saying(answer), path="/pulls")
        with pytest.raises(GitHubError, match=rf"GitHub GET /commits/{MERGED}/pulls returned no {missing}"):
            read(world.client(), MERGED, "main")


def test_a_pull_request_that_is_not_merged_is_passed_over(world: World) -> None:
    world.fake.fail(saying([MERGED_PULL | {"merged_at": None, "merge_commit_sha": None}]), path="/pulls", times=2)
    assert merged_as(world.client(), MERGED, "main") == []
    assert merged_with(world.client(), MERGED, "main") == []


WITHOUT_ID = pytest.mark.parametrize("answer", [{}, [], None, {"id": "7"}, {"id": True}, {"message": "fine"}], ids=str)


@WITHOUT_ID
def test_what_was_sent_is_not_called_written_without_an_answer_that_names_it(world: World, answer: Json) -> None:
    world.fake.fail(saying(answer), method="POST", times=3)
    for write, path in (
        (lambda: world.keeper.comment(1, MARK, f"{MARK}\n\none\n"), "/issues/1/comments"),
        (lambda: world.keeper.issue(MARK, "Drift", f"{MARK}\n\none\n"), "/issues"),
        (
            lambda: world.checks.complete(CheckScope("plan", "stage"), HEAD, 1, None, "success", Report("one", "two")),
            "/check-runs",
        ),
    ):
        with pytest.raises(AnswerLost, match=f"GitHub POST {path}: its response has no id") as lost:
            write()
        assert lost.value.hint == "check whether it exists"


@WITHOUT_ID
def test_what_was_written_is_found_although_its_answer_does_not_name_it(world: World, answer: Json) -> None:
    world.fake.fail(saying(answer, done=True), method="POST")
    assert world.keeper.comment(1, MARK, f"{MARK}\n\none\n").done is Done.CREATED
    assert len(world.fake.comments(REPO, 1)) == 1


@WITHOUT_ID
def test_a_change_is_not_called_made_without_an_answer_that_names_it(world: World, answer: Json) -> None:
    world.keeper.comment(1, MARK, f"{MARK}\n\none\n")
    world.fake.fail(saying(answer), method="PATCH")
    with pytest.raises(GitHubError, match=r"GitHub PATCH /issues/comments/\d+: its response has no id"):
        world.keeper.comment(1, MARK, f"{MARK}\n\ntwo\n")
    assert world.clock.slept == []


def test_a_comment_without_its_page_is_not_called_written(world: World) -> None:
    world.fake.fail(saying({"id": 7}), method="POST")
    with pytest.raises(GitHubError, match=r"GitHub POST /issues/1/comments returned no html_url"):
        world.keeper.comment(1, MARK, f"{MARK}\n\none\n")


@pytest.mark.parametrize("missing", ["id", "conclusion", "completed_at"])
def test_a_check_run_that_cannot_be_read_is_not_called_begun(world: World, missing: str) -> None:
    scope = CheckScope("apply", "stage")
    world.checks.complete(scope, TIP, 1, None, "failure", Report("one", "two"))
    (kept,) = world.client().pages(f"/commits/{TIP}/check-runs", lambda page: page["check_runs"])
    world.fake.fail(saying({"check_runs": [{name: value for name, value in kept.items() if name != missing}]}))
    with pytest.raises(GitHubError, match=rf"GitHub GET /commits/{TIP}/check-runs returned no {missing}"):
        world.checks.of(scope, TIP)
