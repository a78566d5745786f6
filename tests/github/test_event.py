from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.documents.json_text import encode
from reconciler.errors import UsageError
from reconciler.github.event import Event, PullRequest, read_event
from reconciler.github.pulls import pull_request_of
from tests.github.fake_api import a_sha
from tests.github.situations import World
from tests.http.answers import less

HEAD, BASE, MERGE = a_sha("head"), a_sha("base"), a_sha("merge")
REPO = "acme/aep-sources"


def pull_request(repository: str | None = REPO) -> dict[str, Any]:
    repo = {"full_name": repository} if repository else None
    return {"pull_request": {"number": 7, "head": {"sha": HEAD, "repo": repo}, "base": {"sha": BASE}}}


def environ(tmp_path: Path, payload: object, **others: str) -> dict[str, str]:
    file = tmp_path / "event.json"
    file.write_bytes(payload if isinstance(payload, bytes) else encode(payload))
    given = {
        "GITHUB_REPOSITORY": REPO,
        "GITHUB_SHA": MERGE,
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(file),
        "GITHUB_REF_NAME": "main",
        "GITHUB_ACTOR": "jane",
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_RUN_ID": "12",
    }
    return given | others


def event(tmp_path: Path, payload: object, **others: str) -> Event:
    return read_event(environ(tmp_path, payload, **others))


def test_a_pull_request_is_read_with_its_commits(tmp_path: Path) -> None:
    found = event(tmp_path, pull_request())
    assert found.pull_request == PullRequest(7, HEAD, BASE, is_fork=False)
    assert (found.commit, found.run_url) == (MERGE, f"https://github.example/{REPO}/actions/runs/12")


def test_a_run_for_the_repository_s_own_branch_has_secrets(tmp_path: Path) -> None:
    assert event(tmp_path, pull_request()).has_secrets


@pytest.mark.parametrize("repository", ["mallory/aep-sources", None], ids=["a fork", "a fork that is gone"])
def test_a_run_for_a_fork_has_none(tmp_path: Path, repository: str | None) -> None:
    assert not event(tmp_path, pull_request(repository)).has_secrets


def test_a_run_of_dependabot_has_none(tmp_path: Path) -> None:
    assert not event(tmp_path, pull_request(), GITHUB_ACTOR="dependabot[bot]").has_secrets


def test_a_push_by_dependabot_s_merge_has_them(tmp_path: Path) -> None:
    assert event(tmp_path, {}, GITHUB_EVENT_NAME="push", GITHUB_ACTOR="dependabot[bot]").has_secrets


def test_a_push_knows_the_default_branch(tmp_path: Path) -> None:
    found = event(tmp_path, {"repository": {"default_branch": "trunk"}}, GITHUB_EVENT_NAME="push")
    assert (found.default_branch, found.branch, found.pull_request) == ("trunk", "main", None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GITHUB_REPOSITORY", ""),
        ("GITHUB_REPOSITORY", "acme"),
        ("GITHUB_REPOSITORY", "acme/x/../y"),
        ("GITHUB_SHA", "main"),
        ("GITHUB_EVENT_NAME", ""),
        ("GITHUB_EVENT_NAME", "pull request"),
        ("GITHUB_REF_NAME", ""),
        ("GITHUB_API_URL", "http://evil.example"),
        ("GITHUB_API_URL", "ftp://api.github.com"),
        ("GITHUB_EVENT_PATH", "/nowhere/event.json"),
    ],
)
def test_what_the_runner_would_never_say_is_refused(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(UsageError) as refused:
        event(tmp_path, pull_request(), **{name: value})
    assert refused.value.hint


HINT = "leave GITHUB_EVENT_PATH and its file as the runner made them; a container needs both"


@pytest.mark.parametrize("name", ["pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"])
@pytest.mark.parametrize("missing", ["", "number", "head", "head.sha", "base", "base.sha"])
def test_a_run_for_a_pull_request_that_is_not_in_its_event_is_not_one_without(tmp_path: Path, name: str, missing: str) -> None:
    payload = less(pull_request(), f"pull_request.{missing}".rstrip("."))
    with pytest.raises(UsageError) as refused:
        event(tmp_path, payload, GITHUB_EVENT_NAME=name)
    said = f"has no pull request with number, head.sha and base.sha, and GITHUB_EVENT_NAME is {name}"
    assert (refused.value.message, refused.value.hint) == (f"the event in GITHUB_EVENT_PATH {said}", HINT)


@pytest.mark.parametrize(
    "found", [None, [], 7, {}, {"number": "7"}, {"number": True, "head": {"sha": HEAD}, "base": {"sha": BASE}}]
)
def test_a_pull_request_that_cannot_be_read_is_refused(tmp_path: Path, found: object) -> None:
    with pytest.raises(UsageError, match="has no pull request"):
        event(tmp_path, {"pull_request": found})


@pytest.mark.parametrize("payload", [{}, {"merge_group": None}, {"merge_group": {}}, {"merge_group": {"head_ref": 7}}], ids=str)
def test_a_merge_group_that_cannot_be_read_is_refused(tmp_path: Path, payload: object) -> None:
    with pytest.raises(UsageError, match=r"has no merge_group\.head_ref, and GITHUB_EVENT_NAME is merge_group") as refused:
        event(tmp_path, payload, GITHUB_EVENT_NAME="merge_group")
    assert refused.value.hint == HINT


@pytest.mark.parametrize("name", ["pull_request", "push", "schedule"])
@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"null", b"\xff"], ids=str)
def test_an_event_that_cannot_be_read_is_refused(tmp_path: Path, name: str, payload: bytes) -> None:
    with pytest.raises(UsageError, match="GITHUB_EVENT_PATH") as refused:
        event(tmp_path, payload, GITHUB_EVENT_NAME=name)
    assert refused.value.hint == HINT


def test_without_its_event_a_run_for_a_pull_request_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has no pull request"):
        event(tmp_path, pull_request(), GITHUB_EVENT_PATH="")


@pytest.mark.parametrize("url", ["https://github.acme.example/api/v3", "http://127.0.0.1:4011", "http://localhost:1"])
def test_the_api_may_be_another_server_over_https_or_this_machine(tmp_path: Path, url: str) -> None:
    assert event(tmp_path, pull_request(), GITHUB_API_URL=f"{url}/").api_url == url


def test_a_push_needs_no_event_file(tmp_path: Path) -> None:
    found = event(tmp_path, {}, GITHUB_EVENT_NAME="push", GITHUB_EVENT_PATH="", GITHUB_RUN_ID="")
    assert (found.run_url, found.pull_request) == (None, None)


@pytest.mark.parametrize(
    ("branch", "number"),
    [
        (f"refs/heads/gh-readonly-queue/main/pr-12-{BASE}", 12),
        (f"refs/heads/gh-readonly-queue/release/1.x/pr-3-{BASE}", 3),
        (f"refs/heads/mine/pr-12-{BASE}", None),
        (f"refs/heads/gh-readonly-queue/main/pr-12-{BASE}0", None),
        (f"refs/heads/gh-readonly-queue/main/pr-x-{BASE}", None),
        ("refs/heads/main", None),
    ],
)
def test_the_pull_request_that_a_queue_is_about_to_merge_is_in_the_name_of_its_branch(
    tmp_path: Path, branch: str, number: int | None
) -> None:
    found = event(tmp_path, {"merge_group": {"head_ref": branch}}, GITHUB_EVENT_NAME="merge_group")
    assert (found.queued, found.pull_request, found.has_secrets) == (number, None, True)


def test_what_a_queue_plans_is_recorded_for_the_pull_request_that_it_is_about_to_merge(tmp_path: Path, world: World) -> None:
    group = {"merge_group": {"head_ref": f"refs/heads/gh-readonly-queue/main/pr-12-{BASE}"}}
    found = event(tmp_path, group, GITHUB_EVENT_NAME="merge_group")
    assert pull_request_of(found, world.client()) == 12
    assert world.fake.requests == []


def test_an_event_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        event(tmp_path, {}, GITHUB_EVENT_PATH=str(tmp_path / "none"))
    assert raised.value.message == "cannot read the event in GITHUB_EVENT_PATH: No such file or directory"


@pytest.mark.parametrize(("value", "said"), [("", "GITHUB_REPOSITORY is not set"), ("a b", "GITHUB_REPOSITORY is not valid")])
def test_a_repository_that_is_no_name_is_refused(tmp_path: Path, value: str, said: str) -> None:
    with pytest.raises(UsageError, match=f"^{said}$"):
        event(tmp_path, {}, GITHUB_REPOSITORY=value)
