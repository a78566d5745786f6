from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.github.api.records import Account, App
from tests.github.fake_api import FakeGitHub, a_sha
from tests.github.stage import CHECKS, HEAD, REPO, Stage, client_on, headers, staged, with_a_pull_request


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


def make_check(client: httpx.Client, **fields: Any) -> httpx.Response:
    return client.post(CHECKS, json={"name": "plan", "head_sha": HEAD, **fields})


def test_a_check_run_belongs_to_the_app_and_the_pull_request_of_its_head(client: httpx.Client) -> None:
    run = make_check(client, conclusion="success", external_id="digest", output={"title": "2 changes", "summary": "…"}).json()
    assert run["app"] == {"id": 15368, "slug": "github-actions", "name": "github-actions"}
    assert (run["status"], run["conclusion"], run["external_id"], run["head_sha"]) == ("completed", "success", "digest", HEAD)
    assert [one["number"] for one in run["pull_requests"]] == [1]
    assert run["started_at"] < run["completed_at"]


def test_a_check_run_on_the_head_of_a_fork_names_no_pull_request(client: httpx.Client, github: FakeGitHub) -> None:
    head = a_sha("fork")
    github.open_pull_request(REPO, head, fork="stranger/aep-sources")
    assert make_check(client, head_sha=head).json()["pull_requests"] == []


def test_check_runs_are_listed_newest_first_and_the_latest_of_each_name(client: httpx.Client) -> None:
    ids = [make_check(client, name=name).json()["id"] for name in ("plan", "lint", "plan")]
    listed = f"/repos/{REPO}/commits/{HEAD}/check-runs"
    latest = client.get(listed).json()
    assert (latest["total_count"], [one["id"] for one in latest["check_runs"]]) == (2, [ids[2], ids[1]])
    every = client.get(listed, params={"filter": "all", "check_name": "plan", "per_page": 1})
    assert (every.json()["total_count"], every.json()["check_runs"][0]["id"]) == (2, ids[2])
    assert every.links["next"]["url"].endswith("page=2")
    assert client.get(listed, params={"app_id": 1}).json() == {"total_count": 0, "check_runs": []}
    assert client.get(listed, params={"status": "completed"}).json()["total_count"] == 0
    assert client.get(f"/repos/{REPO}/commits/change/check-runs").json()["total_count"] == 2


def test_a_check_run_goes_on_and_is_completed_by_its_conclusion(client: httpx.Client) -> None:
    number = make_check(client, status="in_progress").json()["id"]
    done = client.patch(f"{CHECKS}/{number}", json={"conclusion": "failure"}).json()
    assert (done["status"], done["conclusion"]) == ("completed", "failure")


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "completed"},
        {"status": "in_progress", "conclusion": "success"},
        {"conclusion": "stale"},
        {"status": "sleeping"},
        {"completed_at": "2026-01-01T00:00:00Z"},
        {"output": {"title": "x", "summary": "x", "images": []}},
        {"output": {"title": "x"}},
        {"output": {"title": "x", "summary": "x" * 65_536}},
        {"output": {"title": "x", "summary": "x", "text": "x" * 65_536}},
        {"head_sha": a_sha("unknown")},
        {"name": ""},
    ],
)
def test_a_check_run_that_github_would_not_take_is_declined(
    client: httpx.Client, github: FakeGitHub, fields: dict[str, Any]
) -> None:
    assert make_check(client, **fields).status_code == 422
    assert github.check_runs(REPO) == []


def test_a_check_run_is_changed_by_its_own_app_only(client: httpx.Client, github: FakeGitHub) -> None:
    number = make_check(client).json()["id"]
    other = Account("other[bot]", 7, "Bot", App(7, "other"))
    github.add_token("ghs_other", other)
    answer = client.patch(f"{CHECKS}/{number}", json={"conclusion": "success"}, headers=headers("ghs_other"))
    assert (answer.status_code, answer.json()["message"][:21]) == (403, "Invalid app_id `15368")


def test_a_user_makes_no_check_runs_and_has_a_name(client: httpx.Client, github: FakeGitHub) -> None:
    github.add_token("ghp_jane", github.user("jane"))
    answer = client.post(CHECKS, json={"name": "plan", "head_sha": HEAD}, headers=headers("ghp_jane"))
    assert (answer.status_code, answer.json()["message"]) == (403, "You must authenticate via a GitHub App.")
    assert client.get("/user", headers=headers("ghp_jane")).json()["login"] == "jane"
    assert client.get("/user").status_code == 403
