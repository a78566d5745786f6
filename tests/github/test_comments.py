from __future__ import annotations

import pytest

from reconciler.errors import GitHubError
from reconciler.github.comments import Keeper
from reconciler.reports.kept import Done
from reconciler.reports.sinks.markdown import marker
from tests.github.api.faults import lost_answer
from tests.github.api.records import Account
from tests.github.fake_api import ACTIONS_BOT
from tests.github.situations import REPO, World

MARK = marker("plan", "stage", "specs")
DRIFT = marker("drift", "stage", "specs")
OTHER_BOT = Account("other[bot]", 9, "Bot")


def body(text: str, mark: str = MARK) -> str:
    return f"{mark}\n\n{text}\n"


def comments(world: World) -> list[str]:
    return [comment.body for comment in world.fake.comments(REPO, 1)]


def test_the_first_comment_is_written(world: World) -> None:
    written = world.keeper.comment(1, MARK, body("one"))
    assert (written.done, written.author, comments(world)) == (Done.CREATED, "github-actions[bot]", [body("one")])


def test_the_same_comment_is_changed_afterwards(world: World) -> None:
    world.keeper.comment(1, MARK, body("one"))
    assert world.keeper.comment(1, MARK, body("two")).done is Done.UPDATED
    assert comments(world) == [body("two")]


def test_a_comment_that_says_the_same_is_left_alone(world: World) -> None:
    world.keeper.comment(1, MARK, body("one"))
    writes = len(world.fake.writes())
    assert world.keeper.comment(1, MARK, body("one")).done is Done.UNCHANGED
    assert len(world.fake.writes()) == writes


def test_the_comment_is_found_on_a_later_page(world: World) -> None:
    for number in range(250):
        world.fake.add_comment(REPO, 1, f"comment {number}")
    world.fake.add_comment(REPO, 1, body("one"), ACTIONS_BOT)
    assert world.keeper.comment(1, MARK, body("two")).done is Done.UPDATED
    assert len(comments(world)) == 251


def test_a_comment_that_was_replaced_is_not_replaced_again(world: World) -> None:
    world.keeper.comment(1, MARK, body("one"))
    assert [world.keeper.replace_comments(1, {MARK: body("two")}) for _ in range(2)] == [1, 0]
    assert comments(world) == [body("two")]


@pytest.mark.parametrize("author", [OTHER_BOT, None], ids=["another bot", "a person"])
def test_a_comment_of_others_with_our_marker_is_left_alone(world: World, author: Account | None) -> None:
    world.fake.add_comment(REPO, 1, body("not ours"), author)
    assert world.keeper.comment(1, MARK, body("ours")).done is Done.CREATED
    assert comments(world) == [body("not ours"), body("ours")]


def test_the_comment_of_another_target_or_folder_is_left_alone(world: World) -> None:
    for mark in (marker("plan", "prod", "specs"), marker("plan", "stage", "infra/specs"), DRIFT):
        world.keeper.comment(1, mark, body("other", mark))
    assert world.keeper.comment(1, MARK, body("ours")).done is Done.CREATED
    assert len(comments(world)) == 4


def test_a_marker_that_is_quoted_further_down_is_none(world: World) -> None:
    world.fake.add_comment(REPO, 1, f"look:\n{body('one')}", ACTIONS_BOT)
    assert world.keeper.comment(1, MARK, body("ours")).done is Done.CREATED


def test_a_comment_whose_answer_was_lost_is_not_written_twice(world: World) -> None:
    world.fake.fail(lost_answer(), method="POST")
    world.keeper.comment(1, MARK, body("one"))
    assert comments(world) == [body("one")]


def test_a_comment_that_cannot_be_written_is_told(world: World) -> None:
    world.fake.add_token("ghs_reader", permissions={"issues": "read", "pull_requests": "read"})
    with pytest.raises(GitHubError, match="403"):
        Keeper(world.client("ghs_reader")).comment(1, MARK, body("one"))


def test_a_drift_issue_is_opened_changed_and_closed(world: World) -> None:
    assert world.keeper.issue(DRIFT, "Drift in stage", body("a", DRIFT)).done is Done.CREATED
    assert world.keeper.issue(DRIFT, "Drift in stage", body("a", DRIFT)).done is Done.UNCHANGED
    assert world.keeper.issue(DRIFT, "Drift in stage", body("a and b", DRIFT)).done is Done.UPDATED
    assert world.keeper.close(DRIFT, "gone").done is Done.CLOSED
    (issue,) = world.fake.issues(REPO)
    assert (issue.body, issue.state, issue.state_reason) == (body("a and b", DRIFT), "closed", "completed")
    assert [comment.body for comment in world.fake.comments(REPO, issue.number)] == ["gone"]


def test_an_issue_is_closed_although_the_answer_to_its_last_comment_was_lost(world: World) -> None:
    world.keeper.issue(DRIFT, "Drift in stage", body("a", DRIFT))
    world.fake.fail(lost_answer(), method="POST")
    assert world.keeper.close(DRIFT, "gone").done is Done.CLOSED
    (issue,) = world.fake.issues(REPO)
    assert [comment.body for comment in world.fake.comments(REPO, issue.number)] == ["gone"]


def test_drift_that_comes_back_is_another_issue(world: World) -> None:
    world.keeper.issue(DRIFT, "Drift", body("a", DRIFT))
    world.keeper.close(DRIFT, "gone")
    world.keeper.issue(DRIFT, "Drift", body("b", DRIFT))
    assert [issue.state for issue in world.fake.issues(REPO)] == ["closed", "open"]


def test_there_is_nothing_to_close_without_an_issue(world: World) -> None:
    world.fake.add_issue(REPO, "Drift", body("of somebody", DRIFT))
    assert world.keeper.close(DRIFT, "gone").done is Done.NOTHING
    assert world.fake.writes() == []
