from __future__ import annotations

import pytest
from starlette.responses import JSONResponse, Response

from reconciler.errors import AnswerLost, GitLabError, ServiceError
from reconciler.gitlab.notes import keep_note, without_quick_actions
from reconciler.reports.kept import Done
from reconciler.reports.sinks.markdown import marker
from tests.gitlab.conftest import World
from tests.gitlab.fake_api import BOT, TOKEN

MARK = marker("plan", "stage", "specs")


def body(text: str, mark: str = MARK) -> str:
    return f"{mark}\n\n{text}\n"


def keep(world: World, text: str) -> Done:
    return keep_note(world.client, 1, MARK, body(text))


def test_there_is_one_note_and_it_is_kept_up_to_date(world: World) -> None:
    assert [keep(world, text) for text in ("one", "two", "two")] == [Done.CREATED, Done.UPDATED, Done.UNCHANGED]
    assert world.fake.texts() == [body("two")]
    assert len(world.fake.writes()) == 2


def test_the_note_is_found_on_a_later_page(world: World) -> None:
    for number in range(250):
        world.fake.add_note(f"note {number}")
    world.fake.add_note(body("one"), BOT)
    assert keep(world, "two") is Done.UPDATED
    assert len(world.fake.texts()) == 251


def test_a_note_of_somebody_else_with_our_marker_is_left_alone(world: World) -> None:
    world.fake.add_note(body("theirs"))
    assert keep(world, "ours") is Done.CREATED
    assert world.fake.texts() == [body("theirs"), body("ours")]


@pytest.mark.parametrize("mark", [marker("plan", "prod", "specs"), marker("plan", "stage", "other")])
def test_the_note_of_another_target_or_folder_is_left_alone(world: World, mark: str) -> None:
    world.fake.add_note(body("another", mark), BOT)
    assert keep(world, "ours") is Done.CREATED


def test_a_note_that_gitlab_stored_with_other_line_endings_is_the_same(world: World) -> None:
    world.fake.add_note(body("one").replace("\n", "\r\n"), BOT)
    assert keep(world, "one") is Done.UNCHANGED


def test_no_line_of_a_note_is_a_quick_action(world: World) -> None:
    keep(world, "/merge\n  /close\n/approve now\nand/or")
    assert world.fake.quick_actions == []
    assert without_quick_actions("/merge\n  /close\nand/or\n/ x") == "\\/merge\n  \\/close\nand/or\n/ x"


def test_a_lost_answer_to_a_new_note_makes_no_second_one(world: World) -> None:
    world.fake.failures = [None, None, Response("", 502)]
    assert keep(world, "one") is Done.CREATED
    assert world.fake.texts() == [body("one")]


def test_a_new_note_that_may_be_lost_is_an_error_and_is_not_written_again(world: World) -> None:
    world.fake.failures = [None, None, Response("", 502), JSONResponse([])]
    with pytest.raises(AnswerLost, match="may or may not have happened"):
        keep(world, "one")


def test_a_transient_failure_is_tried_again(world: World) -> None:
    world.fake.failures = [Response("", 503), JSONResponse({}, 429, {"retry-after": "30"})]
    assert keep(world, "one") is Done.CREATED
    assert sum(world.clock.slept) >= 30


def test_a_refusal_names_the_scope_that_is_missing_and_never_the_token(world: World) -> None:
    world.fake.failures = [JSONResponse({"message": f"403 Forbidden for {TOKEN}"}, 403)]
    with pytest.raises(GitLabError, match="returned 403") as refused:
        keep(world, "one")
    assert "scope `api`" in str(refused.value.hint)
    assert TOKEN not in refused.value.message


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Response("<html>"), id="a page of a proxy"),
        pytest.param(JSONResponse([1]), id="a list"),
        pytest.param(JSONResponse({"id": "x"}), id="a text as an id"),
        pytest.param(JSONResponse({"id": True}), id="a truth value as an id"),
        pytest.param(Response("[" * 100_000), id="too deep"),
        pytest.param(Response("", 302, {"location": "https://elsewhere.example/"}), id="a redirect"),
    ],
)
def test_an_answer_of_another_shape_is_an_error_and_nothing_is_written(world: World, answer: Response) -> None:
    world.fake.failures = [answer] * 8
    with pytest.raises(ServiceError):
        keep(world, "one")
    assert world.fake.writes() == []


def test_endless_pages_end(world: World) -> None:
    world.fake.failures = [None, *[JSONResponse([], headers={"x-next-page": "2"})] * 300]
    with pytest.raises(GitLabError, match="more than 20,000 items"):
        keep(world, "one")
