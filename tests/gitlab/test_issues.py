from __future__ import annotations

import pytest
from starlette.responses import JSONResponse, Response

from reconciler.errors import GitLabError
from reconciler.gitlab.issues import IssueKeeper
from reconciler.reports.kept import Done
from reconciler.reports.sinks.markdown import marker
from tests.gitlab.conftest import World
from tests.gitlab.fake_api import BOT, SOMEBODY

MARK = marker("drift", "stage", "specs")


def body(text: str, mark: str = MARK) -> str:
    return f"{mark}\n\n{text}\n"


def keep(world: World, text: str, title: str = "Drift in stage") -> Done:
    return IssueKeeper(world.client).issue(MARK, title, body(text)).done


def close(world: World) -> Done:
    return IssueKeeper(world.client).close(MARK, "gone").done


def test_there_is_one_issue_until_it_is_closed(world: World) -> None:
    assert [keep(world, text) for text in ("one", "two", "two")] == [Done.CREATED, Done.UPDATED, Done.UNCHANGED]
    assert world.fake.open_issues() == {"Drift in stage": body("two")}
    assert (close(world), close(world)) == (Done.CLOSED, Done.NOTHING)
    assert [note["body"] for note in world.fake.comments[1]] == ["gone"]
    assert keep(world, "three") is Done.CREATED


def test_a_new_title_is_an_update_and_is_cut_to_what_gitlab_allows(world: World) -> None:
    keep(world, "one")
    assert keep(world, "one", "x" * 300) is Done.UPDATED
    assert keep(world, "one", "x" * 300) is Done.UNCHANGED
    assert list(world.fake.open_issues()) == ["x" * 255]


@pytest.mark.parametrize(
    ("author", "mark"),
    [(SOMEBODY, MARK), (BOT, marker("drift", "prod", "specs")), (BOT, marker("drift", "stage", "other"))],
    ids=["of somebody else", "of another target", "of another folder"],
)
def test_another_issue_is_left_alone(world: World, author: int, mark: str) -> None:
    world.fake.add_issue("theirs", body("text", mark), author)
    assert close(world) is Done.NOTHING
    assert keep(world, "one") is Done.CREATED
    assert world.fake.open_issues()["theirs"] == body("text", mark)


def test_no_line_of_an_issue_is_an_order_to_gitlab(world: World) -> None:
    keep(world, "/close")
    keep(world, "/assign @somebody")
    assert world.fake.quick_actions == []


def test_an_issue_whose_answer_was_lost_is_found_and_not_opened_twice(world: World) -> None:
    world.fake.failures = [None, None, Response(status_code=502)]
    assert keep(world, "one") is Done.CREATED
    assert len(world.fake.issues) == 1


def test_the_open_issues_are_read_once_for_all_targets(world: World) -> None:
    keeper = IssueKeeper(world.client)
    for target in ("a", "b", "c"):
        keeper.close(marker("drift", target, "specs"), "gone")
    assert world.fake.requests == [("GET", "/user"), ("GET", "/projects/7/issues")]


def test_a_token_that_may_not_read_issues_is_an_error(world: World) -> None:
    world.fake.failures = [None, JSONResponse({"message": "403 Forbidden"}, 403)]
    with pytest.raises(GitLabError, match="403"):
        keep(world, "one")
