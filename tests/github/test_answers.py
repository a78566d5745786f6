"""Answers of GitHub without what decides: an error that says what is missing, and never "it is not so" or "it was written"."""

from __future__ import annotations

import pytest

from reconciler.documents.json_text import Json
from reconciler.errors import AnswerLost, GitHubError
from reconciler.github.checks import CheckScope, Report
from reconciler.github.event import Event, PullRequest
from reconciler.github.pulls import is_current, merged_as, merged_with
from reconciler.reports.kept import Done
from reconciler.reports.sinks.markdown import marker
from tests.github.api.faults import lost_answer, saying
from tests.github.situations import HEAD, MERGED, REPO, TIP, World
from tests.http.answers import less

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


def test_a_pull_request_in_an_unknown_state_is_not_called_closed(world: World) -> None:
    world.fake.fail(saying({"state": "draft", "head": {"sha": HEAD}}), path="/pulls/1")
    with pytest.raises(GitHubError, match=r"^GitHub GET /pulls/1 returned an unknown state: draft$"):
        is_current(RUN_OF_PULL, world.client())


@pytest.mark.parametrize("missing", ["number", "merged_at", "merge_commit_sha", "head", "base"])
def test_a_merge_that_cannot_be_read_is_not_called_missing(world: World, missing: str) -> None:
    answer = [{name: value for name, value in MERGED_PULL.items() if name != missing}]
    for read in (merged_as, merged_with):
        world.fake.fail(saying(answer), path="/pulls")
        with pytest.raises(GitHubError, match=rf"GitHub GET /commits/{MERGED}/pulls returned no {missing}"):
            read(world.client(), MERGED, "main")


@pytest.mark.parametrize(
    ("odd", "missing"),
    [
        ({"head": {"sha": "main"}}, r"head\.sha"),
        ({"head": {"sha": ""}}, r"head\.sha"),
        ({"merge_commit_sha": "main"}, "merge_commit_sha"),
    ],
)
def test_a_merge_of_no_commit_is_not_called_missing(world: World, odd: dict[str, Json], missing: str) -> None:
    for read in (merged_as, merged_with):
        world.fake.fail(saying([MERGED_PULL | odd]), path="/pulls")
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
        assert lost.value.hint == "run again: it does no harm if the write happened"


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


OF_US: dict[str, Json] = {"user": {"login": "github-actions[bot]"}, "body": f"{MARK}\n\none\n", "title": "Drift", "number": 7}
UNREADABLE = pytest.mark.parametrize(
    ("item", "missing"),
    [
        (None, "user.login"),
        (7, "user.login"),
        ([], "user.login"),
        (less(OF_US, "user"), "user.login"),
        (less(OF_US, "user.login"), "user.login"),
        (OF_US | {"user": {"login": 7}}, "user.login"),
        (less(OF_US, "body"), "body"),
        (OF_US | {"body": 7}, "body"),
    ],
    ids=str,
)


@UNREADABLE
def test_no_second_text_is_written_next_to_one_that_may_be_ours(world: World, item: Json, missing: str) -> None:
    for write, path in (
        (lambda: world.keeper.comment(1, MARK, f"{MARK}\n\ntwo\n"), "/issues/1/comments"),
        (lambda: world.keeper.replace_comments(1, {MARK: f"{MARK}\n\ntwo\n"}), "/issues/1/comments"),
        (lambda: world.keeper.issue(MARK, "Drift", f"{MARK}\n\ntwo\n"), "/issues"),
        (lambda: world.keeper.close(MARK, "gone"), "/issues"),
    ):
        world.fake.fail(saying([item]), method="GET")
        with pytest.raises(GitHubError, match=rf"^GitHub GET {path} returned no {missing}$"):
            write()
    assert world.fake.writes() == []


@pytest.mark.parametrize("item", [less(OF_US, "body") | {"user": None}, {"user": {"login": "jane"}}], ids=str)
def test_a_text_of_others_is_passed_over_whatever_it_lacks(world: World, item: Json) -> None:
    world.fake.fail(saying([item]), method="GET", times=2)
    assert world.keeper.comment(1, MARK, f"{MARK}\n\none\n").done is Done.CREATED
    assert world.keeper.close(MARK, "gone").done is Done.NOTHING


def test_an_issue_of_ours_without_a_description_is_another(world: World) -> None:
    world.fake.fail(saying([OF_US | {"body": None}]), method="GET")
    assert world.keeper.close(MARK, "gone").done is Done.NOTHING


def test_an_issue_that_is_said_to_be_no_pull_request_is_one_of_ours(world: World) -> None:
    world.keeper.issue(MARK, "Drift", f"{MARK}\n\none\n")
    kept = next(world.client().pages("/issues"))
    world.fake.fail(saying([kept.answer | {"pull_request": None}]), method="GET")
    assert world.keeper.issue(MARK, "Drift", f"{MARK}\n\none\n").done is Done.UNCHANGED


@pytest.mark.parametrize("missing", ["app", "app.slug", "external_id", "details_url"])
def test_a_check_run_whose_answer_was_lost_is_not_looked_for_among_those_that_cannot_be_read(world: World, missing: str) -> None:
    scope = CheckScope("apply", "stage")
    world.checks.begin(scope, TIP, 1, "a" * 64)
    (kept,) = world.client().pages(f"/commits/{TIP}/check-runs", "check_runs")
    world.fake.fail(lost_answer(), method="POST")
    world.fake.fail(saying({"check_runs": [less(kept.answer, missing)]}))
    with pytest.raises(GitHubError, match=rf"^GitHub GET /commits/{TIP}/check-runs returned no {missing}(\.slug)?$"):
        world.checks.begin(scope, TIP, 1, "a" * 64)


def test_a_check_run_of_no_app_is_not_ours(world: World) -> None:
    scope = CheckScope("apply", "stage")
    world.checks.begin(scope, TIP, 1, "a" * 64)
    (kept,) = world.client().pages(f"/commits/{TIP}/check-runs", "check_runs")
    world.fake.fail(saying({"check_runs": [less(kept.answer, "output") | {"app": None}]}))
    assert world.checks.of(scope, TIP) == []


@pytest.mark.parametrize("answer", [{}, [], None, {"check_runs": None}], ids=str)
def test_check_runs_that_are_not_listed_are_not_called_none(world: World, answer: Json) -> None:
    world.fake.fail(saying(answer))
    with pytest.raises(GitHubError, match=rf"^GitHub GET /commits/{TIP}/check-runs returned no check_runs$"):
        world.checks.of(CheckScope("apply", "stage"), TIP)


@pytest.mark.parametrize(
    "missing",
    [
        "app",
        "app.slug",
        "name",
        "head_sha",
        "external_id",
        "id",
        "conclusion",
        "completed_at",
        "output",
        "output.text",
        "html_url",
        "details_url",
    ],
)
def test_a_check_run_that_cannot_be_read_is_not_passed_over(world: World, missing: str) -> None:
    scope = CheckScope("apply", "stage")
    world.checks.complete(scope, TIP, 1, None, "failure", Report("one", "two"))
    (kept,) = world.client().pages(f"/commits/{TIP}/check-runs", "check_runs")
    world.fake.fail(saying({"check_runs": [less(kept.answer, missing)]}))
    with pytest.raises(GitHubError, match=rf"^GitHub GET /commits/{TIP}/check-runs returned no {missing}(\.slug|\.text)?$"):
        world.checks.of(scope, TIP)
