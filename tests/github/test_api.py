from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import httpx
import pytest

from reconciler.documents.json_text import encode
from reconciler.errors import AnswerLost, GitHubError, ServiceError, UsageError
from reconciler.github.api import MAX_BYTES, GitHub, asked_to_wait, connect_github
from reconciler.http.messages import Answer
from tests.flowservice.simulated import SimulatedClock, seeded
from tests.github.api.faults import (
    Fault,
    lost_answer,
    lost_request,
    primary_limit,
    secondary_limit,
    server_error,
    truncated_json,
)
from tests.github.api.refusals import Refusal
from tests.github.situations import REPO, World
from tests.refusing import refusing

COMMENTS = "/issues/1/comments"
PART = 4 * 1024 * 1024


def answer(status: int, content: bytes = b"{}", **headers: str) -> Answer:
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, content, "1")


def test_a_list_is_read_over_all_of_its_pages(world: World) -> None:
    for number in range(205):
        world.fake.add_comment(REPO, 1, f"comment {number}")
    assert [text.text("body") for text in world.client().pages(COMMENTS)] == [f"comment {number}" for number in range(205)]
    assert len(world.fake.requests) == 3


def test_after_the_last_page_no_other_is_asked_for(world: World) -> None:
    for number in range(200):
        world.fake.add_comment(REPO, 1, f"comment {number}")
    assert len(list(world.client().pages(COMMENTS))) == 200
    assert len(world.fake.requests) == 2


@pytest.mark.parametrize(
    "fault", [server_error(), server_error(500), server_error(503), lost_request(), truncated_json()], ids=str
)
def test_a_read_is_repeated_after_what_passes(world: World, fault: Fault) -> None:
    world.fake.fail(fault, times=2)
    assert list(world.client().pages(COMMENTS)) == []
    assert len(world.fake.requests) == 3


def test_a_secondary_limit_is_waited_out_as_long_as_it_says(world: World) -> None:
    world.fake.fail(secondary_limit(retry_after=42))
    list(world.client().pages(COMMENTS))
    assert world.clock.slept == [42.0]


def test_a_secondary_limit_without_a_time_is_waited_out_for_a_minute(world: World) -> None:
    world.fake.fail(secondary_limit(retry_after=None))
    list(world.client().pages(COMMENTS))
    assert world.clock.slept == [60.0]


def test_a_used_up_limit_is_waited_out_until_its_reset(world: World) -> None:
    world.fake.fail(primary_limit(reset=int(world.clock.now()) + 90))
    list(world.client().pages(COMMENTS))
    assert world.clock.slept == [91.0]


def test_a_limit_that_is_reset_too_late_ends_the_call_and_says_when_to_come_back(world: World) -> None:
    world.fake.fail(primary_limit(reset=int(world.clock.now()) + 3_000))
    with pytest.raises(GitHubError) as refused:
        list(world.client().pages(COMMENTS))
    assert refused.value.hint == "run again in 3001 seconds"
    assert world.clock.slept == []


def test_a_write_that_was_limited_is_sent_again(world: World) -> None:
    world.fake.fail(secondary_limit(429), method="POST")
    world.client().post(COMMENTS, {"body": "hello"})
    assert [comment.body for comment in world.fake.comments(REPO, 1)] == ["hello"]


@pytest.mark.parametrize("fault", [lost_answer(), server_error(502, done=True), truncated_json()], ids=str)
def test_a_post_whose_answer_is_lost_is_not_repeated(world: World, fault: Fault) -> None:
    world.fake.fail(fault, method="POST")
    with pytest.raises(AnswerLost):
        world.client().post(COMMENTS, {"body": "hello"})
    assert len(world.fake.comments(REPO, 1)) == 1


def test_a_post_whose_answer_is_lost_is_found(world: World) -> None:
    world.fake.fail(lost_answer(), method="POST")
    client = world.client()
    made = client.post_once(COMMENTS, {"body": "hello"}, lambda: next(client.pages(COMMENTS), None))
    assert (made.text("body"), len(world.fake.comments(REPO, 1))) == ("hello", 1)


def test_a_post_that_never_arrived_is_told(world: World) -> None:
    world.fake.fail(lost_request(), method="POST")
    client = world.client()
    with pytest.raises(AnswerLost):
        client.post_once(COMMENTS, {"body": "hello"}, lambda: next(client.pages(COMMENTS), None))


def test_a_change_is_repeated_after_a_lost_answer(world: World) -> None:
    comment = world.client().post(COMMENTS, {"body": "hello"})
    world.fake.fail(lost_answer(), method="PATCH")
    assert world.client().patch(f"/issues/comments/{comment.number('id')}", {"body": "bye"}).text("body") == "bye"


def test_a_missing_permission_is_told_with_where_to_give_it(world: World) -> None:
    world.fake.add_token("ghs_reader", permissions={"issues": "read", "pull_requests": "read", "contents": "read"})
    with pytest.raises(GitHubError) as refused:
        world.client("ghs_reader").post(COMMENTS, {"body": "hello"})
    assert "Resource not accessible by integration" in refused.value.message
    assert "permissions:" in str(refused.value.hint)


LOCKED = "change what the message names in the settings on GitHub; if it names a permission, add it under `permissions:`"
PERMISSION = "add the permission under `permissions:`; a pull request from a fork never has it"
MOVED = "it may have been renamed or moved since this run began: start a new run; if this stays, check GITHUB_API_URL"


@pytest.mark.parametrize(
    ("status", "words", "hint"),
    [
        (403, "Resource not accessible by integration", PERMISSION),
        (403, "Resource not accessible by personal access token", PERMISSION),
        (403, "", PERMISSION),
        (403, "Unable to create comment because issue is locked.", LOCKED),
        (403, "Repository was archived so is read-only.", LOCKED),
        (403, "The organization has an IP allow list enabled, and your IP address is not permitted.", LOCKED),
        (
            410,
            "This issue was deleted",
            "enable it in the settings of the repository; if the message says that it was deleted, run again",
        ),
        *((status, "Moved", MOVED) for status in (301, 302, 303, 307, 308)),
        (400, "Problems", "see the message; without one, check the proxy before GitHub"),
    ],
)
def test_a_refusal_says_what_helps(world: World, status: int, words: str, hint: str) -> None:
    world.fake.fail(Fault(Refusal(status, words, {"x-accepted-github-permissions": "issues=write"})))
    with pytest.raises(GitHubError) as refused:
        world.client().get("/issues/1")
    assert refused.value.hint == hint
    assert ("it needs one of: issues=write" in refused.value.message) is (hint == PERMISSION)


def test_a_limit_that_does_not_end_is_not_called_a_missing_permission(world: World) -> None:
    world.fake.fail(secondary_limit(retry_after=1), times=10)
    with pytest.raises(GitHubError, match="given up after 7 tries") as refused:
        world.client().get("/issues/1")
    assert refused.value.hint == "run again later"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_token_follows_no_redirect(status: int) -> None:
    asked: list[str] = []

    def there(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(status, headers={"location": "https://evil.example/x"})

    with pytest.raises(GitHubError, match=f"returned {status} without a message"):
        over(there).get("/issues/1")
    assert asked == ["api.github.com"]


def test_a_response_without_an_end_is_not_read_to_its_end() -> None:
    sent: list[int] = []

    def endless() -> Iterator[bytes]:
        for number in range(2 * MAX_BYTES // PART):
            sent.append(number)
            yield b" " * PART

    with pytest.raises(GitHubError, match=f"the response is larger than {MAX_BYTES} bytes"):
        over(lambda _: httpx.Response(200, content=endless())).get("/issues/1")
    assert len(sent) == MAX_BYTES // PART + 1


def test_bad_credentials_are_told_without_them(world: World) -> None:
    with pytest.raises(GitHubError) as refused:
        world.client("ghs_s3cret").get("")
    assert (refused.value.status, "s3cret" in repr(refused.value)) == (401, False)


@pytest.mark.parametrize("status", [401, 403, 404, 409, 410, 422, 429, 500, 503])
def test_every_refusal_has_a_hint(world: World, status: int) -> None:
    world.fake.fail(server_error(status), times=10)
    with pytest.raises(GitHubError) as refused:
        world.client().get("")
    assert (refused.value.status, bool(refused.value.hint)) == (status, True)


def test_the_words_of_a_refused_body_are_told(world: World) -> None:
    with pytest.raises(GitHubError, match="422") as refused:
        world.client().post(COMMENTS, {"body": "x" * 70_000})
    assert "65536" in refused.value.message


def test_a_host_that_is_not_there_is_told(world: World) -> None:
    client = world.client()
    with refusing() as world.url, pytest.raises(ServiceError, match="cannot connect"):
        world.client().get("")
    assert client.get("").text("default_branch") == "main"


@pytest.mark.parametrize("token", ["", "ghs_x\n", "ghs x"])
def test_a_token_that_cannot_be_sent_is_refused(world: World, token: str) -> None:
    with pytest.raises(UsageError, match="GITHUB_TOKEN"):
        world.client(token)


def over(answers: Callable[[httpx.Request], httpx.Response]) -> GitHub:
    """A client of a GitHub that answers so."""
    wire = httpx.MockTransport(answers)
    return connect_github("https://api.github.com", REPO, "ghs_x", clock=SimulatedClock(), rng=random.Random(1), wire=wire)  # noqa: S311 - a seed


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "https://api.github.com.evil.example",
        "https://api.github.com@evil.example",
        "http://api.github.com",
    ],
)
def test_a_link_that_leads_elsewhere_is_not_followed(elsewhere: str) -> None:
    there = {"link": f'<{elsewhere}/repositories/1/issues?page=2>; rel="next"'}
    client = over(lambda _: httpx.Response(200, json=[{"body": "0"}], headers=there))
    pages = client.pages(COMMENTS)
    assert next(pages).text("body") == "0"
    with pytest.raises(GitHubError, match=f"^GitHub GET {COMMENTS} returned a link to its next page that points elsewhere$"):
        next(pages)


@pytest.mark.parametrize("size", [99, 100, 101, 200, 250])
def test_a_list_is_read_to_its_end_where_a_proxy_drops_the_links_between_its_pages(size: int) -> None:
    def page(request: httpx.Request) -> httpx.Response:
        start = (int(request.url.params.get("page", 1)) - 1) * 100
        return httpx.Response(200, json=[{"id": number} for number in range(size)][start : start + 100])

    client = over(page)
    assert [item.number("id") for item in client.pages(COMMENTS)] == list(range(size))


def test_a_list_without_an_end_is_not_taken_as_read() -> None:
    again = {"link": '<https://api.github.com/repositories/1/issues?page=2>; rel="next"'}
    client = over(lambda _: httpx.Response(200, json=[{"id": 1}], headers=again))
    with pytest.raises(GitHubError, match=f"^GitHub GET {COMMENTS} has more than 1,000 pages$") as refused:
        list(client.pages(COMMENTS))
    assert refused.value.hint == "check GITHUB_API_URL"


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (answer(200), None),
        (answer(403), None),
        (answer(404), None),
        (answer(403, retry_after="7"), 7.0),
        (answer(429), None),
        (answer(503), 0.0),
        (answer(503, retry_after="3"), 3.0),
        (answer(403, x_ratelimit_remaining="0", x_ratelimit_reset="100"), 91.0),
        (answer(403, x_ratelimit_remaining="0", x_ratelimit_reset="soon"), 60.0),
        (answer(403, b'{"message": "You have exceeded a secondary rate limit"}'), 60.0),
    ],
)
def test_what_github_asks_to_wait(given: Answer, seconds: float | None) -> None:
    assert asked_to_wait(given, 10.0) == seconds


TOKEN = "ghs_Xk29sLq0Vn37TbZ14wRm8uYcD6eAaBb"


@pytest.mark.parametrize(
    "words", [TOKEN, TOKEN[:12], TOKEN[::-1], "".join(f"\\u{ord(one):04x}" for one in TOKEN), TOKEN.encode().hex()]
)
@pytest.mark.parametrize("status", [302, 400, 403, 404, 422, 503])
def test_an_answer_that_repeats_the_token_shows_nothing_of_it(words: str, status: int) -> None:
    body = encode({"message": f"no {words}", "errors": [{"message": words}]})
    headers = {
        "x-request-id": words,
        "x-accepted-github-permissions": words,
        "link": f"<https://{words}>; rel=next",
        "location": words,
    }
    wire = httpx.MockTransport(lambda _: httpx.Response(status, content=body, headers=headers))
    clock = SimulatedClock()
    github = connect_github("https://api.github.com", REPO, TOKEN, clock=clock, rng=seeded(), wire=wire)
    with pytest.raises(GitHubError) as refused:
        github.get("/pulls/1")
    shown = f"{refused.value.message} {vars(refused.value)}"
    assert not {words[start : start + 8] for start in range(len(words) - 7)} & {
        shown[at : at + 8] for at in range(len(shown) - 7)
    }
