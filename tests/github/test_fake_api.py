from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.github.api.faults import lost_answer, lost_request, primary_limit, secondary_limit, server_error, truncated_json
from tests.github.fake_api import FakeGitHub, a_sha
from tests.github.stage import (
    CHECKS,
    COMMENTS,
    HEAD,
    ISSUES,
    MERGED,
    REPO,
    TIP,
    Stage,
    client_on,
    headers,
    staged,
    with_a_pull_request,
)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with staged() as made:
        yield made


@pytest.fixture
def github() -> FakeGitHub:
    return with_a_pull_request()


@pytest.fixture
def client(github: FakeGitHub, stage: Stage) -> Iterator[httpx.Client]:
    with client_on(stage, github) as made:
        yield made


def test_a_comment_is_written_by_the_account_of_the_token(client: httpx.Client, github: FakeGitHub) -> None:
    answer = client.post(COMMENTS, json={"body": "hello"})
    assert answer.status_code == 201
    assert answer.json()["user"] == answer.json()["user"] | {"login": "github-actions[bot]", "type": "Bot"}
    (comment,) = github.comments(REPO, 1)
    assert (comment.id, comment.body) == (answer.json()["id"], "hello")


def test_comments_come_in_pages_of_thirty_with_links_that_name_the_repository_by_its_id(
    client: httpx.Client, github: FakeGitHub
) -> None:
    for number in range(65):
        github.add_comment(REPO, 1, f"comment {number}")
    first = client.get(COMMENTS)
    assert len(first.json()) == 30
    assert first.links.keys() == {"next", "last"}
    assert first.links["last"]["url"].endswith("/comments?page=3")
    assert f"/repositories/{github.repository(REPO).id}/issues/1/comments" in first.links["next"]["url"]
    second = client.get(first.links["next"]["url"])
    assert second.links.keys() == {"prev", "next", "last", "first"}
    third = client.get(second.links["next"]["url"])
    assert [one["body"] for one in third.json()] == [f"comment {number}" for number in range(60, 65)]
    assert third.links.keys() == {"prev", "first"}


def test_a_page_holds_a_hundred_at_most(client: httpx.Client, github: FakeGitHub) -> None:
    for _ in range(101):
        github.add_comment(REPO, 1, "again")
    assert len(client.get(COMMENTS, params={"per_page": 500}).json()) == 100


def test_a_single_page_has_no_links(client: httpx.Client) -> None:
    assert "link" not in client.get(COMMENTS).headers


@pytest.mark.parametrize(
    ("body", "message"), [("x" * 65_537, "Body is too long (maximum is 65536 characters)"), ("  ", "Body cannot be blank")]
)
def test_a_comment_that_is_too_long_or_blank_is_declined(
    client: httpx.Client, github: FakeGitHub, body: str, message: str
) -> None:
    answer = client.post(COMMENTS, json={"body": body})
    assert answer.status_code == 422
    assert answer.json()["message"] == "Validation Failed"
    assert answer.json()["errors"][0]["message"] == message
    assert github.comments(REPO, 1) == []


def test_a_comment_of_just_the_limit_is_taken(client: httpx.Client) -> None:
    assert client.post(COMMENTS, json={"body": "é" * 65_536}).status_code == 201


def test_an_app_edits_its_own_comment_and_no_other(client: httpx.Client, github: FakeGitHub) -> None:
    own = client.post(COMMENTS, json={"body": "plan"}).json()
    theirs = github.add_comment(REPO, 1, "plan")
    edited = client.patch(f"{ISSUES}/comments/{own['id']}", json={"body": "plan 2"})
    assert (edited.status_code, edited.json()["body"]) == (200, "plan 2")
    assert edited.json()["updated_at"] > edited.json()["created_at"]
    refused = client.patch(f"{ISSUES}/comments/{theirs.id}", json={"body": "mine now"})
    assert (refused.status_code, refused.json()["message"]) == (403, "Resource not accessible by integration")
    assert theirs.body == "plan"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"body": "hello", "boddy": "hello"}, '"boddy" is not a permitted key.'),
        ({"body": 1}, "For 'properties/body', 1 is not a string."),
        ({}, '"body" wasn\'t supplied.'),
    ],
)
def test_a_body_that_the_endpoint_does_not_take_is_declined(client: httpx.Client, body: dict[str, Any], reason: str) -> None:
    answer = client.post(COMMENTS, json=body)
    assert (answer.status_code, answer.json()["message"]) == (422, f"Invalid request.\n\n{reason}")


def test_a_pull_request_is_among_the_issues_and_has_its_key(client: httpx.Client, github: FakeGitHub) -> None:
    github.add_issue(REPO, "Drift", labels=("drift",))
    rows = client.get(ISSUES).json()
    assert [(one["number"], "pull_request" in one) for one in rows] == [(2, False), (1, True)]


def test_issues_are_found_by_state_label_and_creator(client: httpx.Client, github: FakeGitHub) -> None:
    ours = client.post(ISSUES, json={"title": "Drift", "labels": ["drift", "stage"]}).json()
    github.add_issue(REPO, "Drift", labels=("drift",))
    found = client.get(ISSUES, params={"labels": "drift", "creator": "github-actions[bot]"}).json()
    assert [one["number"] for one in found] == [ours["number"]]
    client.patch(f"{ISSUES}/{ours['number']}", json={"state": "closed"})
    assert client.get(ISSUES, params={"labels": "drift,stage"}).json() == []
    assert len(client.get(ISSUES, params={"labels": "drift,stage", "state": "closed"}).json()) == 1
    assert len(client.get(ISSUES, params={"state": "all"}).json()) == 3


def test_a_test_looks_at_the_issues_that_are_no_pull_requests(client: httpx.Client, github: FakeGitHub) -> None:
    client.post(ISSUES, json={"title": "Drift", "labels": [{"name": "drift"}]})
    assert [(one.number, one.labels, one.author.login) for one in github.issues(REPO)] == [(2, ["drift"], "github-actions[bot]")]


def test_an_issue_is_closed_with_its_reason_and_opened_again(client: httpx.Client) -> None:
    number = client.post(ISSUES, json={"title": "Drift", "body": "there"}).json()["number"]
    closed = client.patch(f"{ISSUES}/{number}", json={"state": "closed", "state_reason": "not_planned"}).json()
    assert (closed["state"], closed["state_reason"], closed["closed_at"]) == ("closed", "not_planned", closed["updated_at"])
    assert client.patch(f"{ISSUES}/{number}", json={"body": "here"}).json()["state_reason"] == "not_planned"
    again = client.patch(f"{ISSUES}/{number}", json={"state": "open", "title": "Drift again"}).json()
    assert (again["state"], again["state_reason"], again["closed_at"]) == ("open", "reopened", None)
    assert client.get(f"{ISSUES}/{number}").json()["title"] == "Drift again"


def test_an_issue_needs_a_title(client: httpx.Client) -> None:
    assert client.post(ISSUES, json={"body": "x"}).json()["errors"][0]["code"] == "missing_field"


@pytest.mark.parametrize(
    "fields",
    [
        {"body": "x" * 65_537},
        {"title": "x" * 257},
        {"state": "done"},
        {"state": "closed", "state_reason": "bored"},
        {"labels": [1]},
        {"labels": "drift"},
    ],
)
def test_an_issue_that_github_would_not_take_is_declined(
    client: httpx.Client, github: FakeGitHub, fields: dict[str, Any]
) -> None:
    issue = github.add_issue(REPO, "Drift")
    assert client.patch(f"{ISSUES}/{issue.number}", json=fields).status_code == 422
    assert (issue.title, issue.state, issue.labels) == ("Drift", "open", [])


@pytest.mark.parametrize(
    ("path", "query"),
    [(ISSUES, {"state": "done"}), (ISSUES, {"sort": "mood"}), (f"/repos/{REPO}/commits/{HEAD}/check-runs", {"filter": "newest"})],
)
def test_a_choice_that_github_does_not_have_is_declined(client: httpx.Client, path: str, query: dict[str, str]) -> None:
    assert client.get(path, params=query).status_code == 422


def test_a_query_parameter_that_would_be_without_effect_is_an_error_of_the_fake(client: httpx.Client) -> None:
    assert client.get(ISSUES, params={"assignee": "jane"}).status_code == 501


def test_an_open_pull_request_has_a_merge_commit_to_try_with_and_is_not_merged(client: httpx.Client, github: FakeGitHub) -> None:
    before = client.get(f"/repos/{REPO}/pulls/1").json()
    assert before["merge_commit_sha"]
    assert (before["merged"], before["head"]["sha"], before["base"]["ref"]) == (False, HEAD, "main")
    github.merge(REPO, 1, MERGED)
    after = client.get(f"/repos/{REPO}/pulls/1").json()
    assert (after["merged"], after["state"], after["merge_commit_sha"]) == (True, "closed", MERGED)
    assert client.get(f"/repos/{REPO}/branches/main").json()["commit"]["sha"] == MERGED


def test_a_commit_has_the_pull_requests_that_brought_it(client: httpx.Client, github: FakeGitHub) -> None:
    github.open_pull_request(REPO, a_sha("other"), head_ref="other", fork="stranger/aep-sources")
    assert [one["number"] for one in client.get(f"/repos/{REPO}/commits/{HEAD}/pulls").json()] == [1]
    github.merge(REPO, 2, MERGED)
    (pull,) = client.get(f"/repos/{REPO}/commits/{MERGED}/pulls").json()
    assert (pull["number"], pull["head"]["repo"]) == (2, {"full_name": "stranger/aep-sources", "fork": True})
    assert client.get(f"/repos/{REPO}/commits/{TIP}/pulls").json() == []
    assert client.get(f"/repos/{REPO}/commits/{a_sha('unknown')}/pulls").status_code == 422


def test_a_repository_its_branches_and_refs_are_read(client: httpx.Client, github: FakeGitHub) -> None:
    github.move(REPO, "release/1", MERGED)
    assert client.get(f"/repos/{REPO}").json()["default_branch"] == "main"
    assert client.get(f"/repos/{REPO}/branches/release/1").json()["commit"]["sha"] == MERGED
    assert client.get(f"/repos/{REPO}/git/ref/heads/release%2F1").json()["object"]["sha"] == MERGED
    assert client.get(f"/repos/{REPO}/branches/nowhere").json()["message"] == "Branch not found"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", COMMENTS),
        ("POST", ISSUES),
        ("POST", CHECKS),
        ("GET", f"/repos/{REPO}/pulls/1"),
        ("GET", f"/repos/{REPO}/branches/main"),
    ],
)
def test_a_token_without_the_permission_is_not_let_through(
    client: httpx.Client, github: FakeGitHub, method: str, path: str
) -> None:
    token = github.token_for({"issues": "read", "checks": "read"})
    answer = client.request(method, path, headers=headers(token), json={"body": "x"} if method == "POST" else None)
    assert (answer.status_code, answer.json()["message"]) == (403, "Resource not accessible by integration")


def test_a_comment_on_a_pull_request_needs_one_of_two_permissions_and_on_an_issue_its_own(
    client: httpx.Client, github: FakeGitHub
) -> None:
    github.add_issue(REPO, "Drift")
    token = github.token_for({"pull-requests": "write"})
    assert client.post(COMMENTS, json={"body": "x"}, headers=headers(token)).status_code == 201
    assert client.post(f"{ISSUES}/2/comments", json={"body": "x"}, headers=headers(token)).status_code == 403


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"authorization": ""}, 401),
        ({"authorization": "Bearer ghs_unknown"}, 401),
        ({"authorization": "token ghs_test"}, 401),
        ({"user-agent": ""}, 403),
        ({"accept": "*/*"}, 415),
        ({"x-github-api-version": "2021-01-01"}, 400),
        ({"x-github-api-version": ""}, 400),
    ],
)
def test_a_request_with_a_wrong_header_is_declined(client: httpx.Client, changed: dict[str, str], status: int) -> None:
    answer = client.get(f"/repos/{REPO}", headers=headers(**changed))
    assert answer.status_code == status
    assert answer.json()["message"]


def test_a_body_that_is_no_json_object_is_declined(client: httpx.Client) -> None:
    for content, message in ((b"{", "Problems parsing JSON"), (b"[]", "Body should be a JSON object")):
        answer = client.post(COMMENTS, content=content, headers={"content-type": "application/json"})
        assert (answer.status_code, answer.json()["message"]) == (400, message)
    assert client.post(COMMENTS, content=b"body=x").status_code == 415


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/repos/acme/other"),
        ("GET", "/repositories/1/issues"),
        ("GET", "/nowhere"),
        ("DELETE", f"{ISSUES}/1"),
        ("GET", f"{ISSUES}/99/comments"),
        ("PATCH", f"{ISSUES}/comments/99"),
        ("PATCH", f"{CHECKS}/99"),
        ("GET", f"/repos/{REPO}/pulls/99"),
        ("GET", f"/repos/{REPO}/git/ref/heads/nowhere"),
    ],
)
def test_what_is_not_there_answers_in_githubs_form(client: httpx.Client, method: str, path: str) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.json()["message"], answer.json()["status"]) == (404, "Not Found", "404")
    assert answer.json()["documentation_url"]


def test_a_primary_limit_says_when_it_ends_and_hits_once(client: httpx.Client, github: FakeGitHub) -> None:
    github.fail(primary_limit(reset=1_800_000_000))
    answer = client.get(COMMENTS)
    assert (answer.status_code, answer.headers["x-ratelimit-remaining"], answer.headers["x-ratelimit-reset"]) == (
        403,
        "0",
        "1800000000",
    )
    assert client.get(COMMENTS).status_code == 200


def test_a_secondary_limit_says_how_long_to_wait_and_hits_as_often_as_it_is_told(
    client: httpx.Client, github: FakeGitHub
) -> None:
    github.fail(secondary_limit(429, retry_after=3), times=2, method="POST")
    assert client.get(COMMENTS).status_code == 200
    answers = [client.post(COMMENTS, json={"body": "x"}) for _ in range(3)]
    assert [one.status_code for one in answers] == [429, 429, 201]
    assert answers[0].headers["retry-after"] == "3"
    assert len(github.comments(REPO, 1)) == 1


def test_a_server_error_leaves_open_whether_the_write_was_done(client: httpx.Client, github: FakeGitHub) -> None:
    github.fail(server_error(502, done=True), path="/comments")
    answer = client.post(COMMENTS, json={"body": "x"})
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html")
    assert len(github.comments(REPO, 1)) == 1


def test_an_answer_is_lost_after_the_write_or_the_request_before_it(client: httpx.Client, github: FakeGitHub) -> None:
    for fault, written in ((lost_request(), 0), (lost_answer(), 1)):
        github.fail(fault)
        with pytest.raises(httpx.TransportError):
            client.post(COMMENTS, json={"body": "x"})
        assert len(github.comments(REPO, 1)) == written
    assert [one.status for one in github.writes()] == [None, None]


def test_an_answer_may_be_truncated_json(client: httpx.Client, github: FakeGitHub) -> None:
    github.fail(truncated_json())
    with pytest.raises(ValueError, match="Expecting"):
        client.get(COMMENTS + "?per_page=5").json()
    assert github.hub.faults.left() == 0


def test_every_request_is_recorded(client: httpx.Client, github: FakeGitHub) -> None:
    client.get(COMMENTS, params={"per_page": 5})
    client.post(COMMENTS, json={"body": "x"}, headers=headers("ghs_unknown"))
    read, write = github.requests
    assert (read.method, read.path, read.query, read.body, read.status) == ("GET", COMMENTS, {"per_page": "5"}, None, 200)
    assert (write.method, write.body, write.status) == ("POST", {"body": "x"}, 401)
