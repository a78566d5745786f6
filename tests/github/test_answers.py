"""Answers of GitHub without what decides: an error that says what is missing, and never "it is not so" or "it was written"."""

from __future__ import annotations

import pytest

from reconciler.documents.json_text import Json, encode
from reconciler.errors import GitHubError
from reconciler.github.event import Event, PullRequest
from reconciler.github.pulls import is_current, merged_as, merged_with
from tests.github.api.faults import Fault
from tests.github.api.refusals import Refusal
from tests.github.situations import HEAD, MERGED, REPO, TIP, World

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


def saying(answer: Json) -> Fault:
    """A successful answer with this JSON."""
    return Fault(Refusal(200, ""), text=encode(answer).decode())


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
