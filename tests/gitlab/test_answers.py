"""Answers of GitLab without what decides: an error that says what is missing, and never "it is not so" or "it was written"."""

from __future__ import annotations

import pytest
from starlette.responses import JSONResponse

from reconciler.documents.json_text import Json
from reconciler.errors import AnswerLost, GitLabError
from reconciler.gitlab.apply_jobs import ApplyJobs
from reconciler.gitlab.issues import IssueKeeper
from reconciler.gitlab.merged import is_current, merged_as
from reconciler.gitlab.notes import keep_note
from reconciler.gitlab.pipeline import Job, read_job
from reconciler.gitlab.recorded import RecordedPlans
from reconciler.reports.kept import Done
from reconciler.reports.sinks.markdown import marker
from tests.gitlab.conftest import World
from tests.gitlab.fake_api import a_sha

MARK = marker("plan", "stage", "specs")
HEAD, MERGED = a_sha("head"), a_sha("merged")
MERGED_REQUEST: dict[str, Json] = {
    "iid": 1,
    "state": "merged",
    "merged_at": "2026-11-28T12:00:00Z",
    "merge_commit_sha": None,
    "squash_commit_sha": MERGED,
    "sha": HEAD,
    "target_branch": "main",
}


def job_of(world: World) -> Job:
    return read_job(
        {
            "CI_PROJECT_ID": "7",
            "CI_COMMIT_SHA": HEAD,
            "CI_JOB_ID": "12",
            "CI_MERGE_REQUEST_IID": "1",
            "CI_API_V4_URL": world.url,
        }
    )


@pytest.mark.parametrize(
    ("answer", "missing"),
    [
        ({}, "sha"),
        ([], "sha"),
        ({"state": "opened", "sha": None}, "sha"),
        ({"sha": HEAD}, "state"),
        ({"sha": "another"}, "state"),
    ],
    ids=str,
)
def test_a_merge_request_that_cannot_be_read_is_not_called_closed(world: World, answer: Json, missing: str) -> None:
    world.fake.open(HEAD)
    world.fake.failures = [JSONResponse(answer)]
    with pytest.raises(GitLabError, match=rf"GitLab GET /merge_requests/1 returned no {missing}") as refused:
        is_current(job_of(world), world.client)
    assert refused.value.hint == "check CI_API_V4_URL"


@pytest.mark.parametrize(
    "missing", ["iid", "state", "merged_at", "sha", "target_branch", "merge_commit_sha", "squash_commit_sha"]
)
def test_a_merge_that_cannot_be_read_is_not_called_missing(world: World, missing: str) -> None:
    world.fake.failures = [JSONResponse([{name: value for name, value in MERGED_REQUEST.items() if name != missing}])]
    with pytest.raises(GitLabError, match=rf"GitLab GET /repository/commits/{MERGED}/merge_requests returned no {missing}"):
        merged_as(world.client, MERGED, "main")


def test_a_merge_request_that_is_not_merged_is_passed_over(world: World) -> None:
    world.fake.failures = [JSONResponse([MERGED_REQUEST | {"state": "opened", "merged_at": None, "squash_commit_sha": None}])]
    assert merged_as(world.client, MERGED, "main") == []


WITHOUT_ID = pytest.mark.parametrize("answer", [{}, [], None, {"id": "7"}, {"id": True}, {"message": "fine"}], ids=str)


@WITHOUT_ID
def test_what_was_sent_is_not_called_written_without_an_answer_that_names_it(world: World, answer: Json) -> None:
    world.fake.failures = [None, None, JSONResponse(answer), JSONResponse([])]
    with pytest.raises(AnswerLost, match="GitLab POST /merge_requests/1/notes: its response has no id") as lost:
        keep_note(world.client, 1, MARK, f"{MARK}\n\none\n")
    assert lost.value.hint == "check whether it exists"


@WITHOUT_ID
def test_what_was_written_is_found_although_its_answer_does_not_name_it(world: World, answer: Json) -> None:
    world.fake.failures = [None, None, JSONResponse(answer)]
    assert keep_note(world.client, 1, MARK, f"{MARK}\n\none\n") is Done.CREATED
    assert len(world.fake.texts()) == 1


@WITHOUT_ID
def test_a_change_is_not_called_made_without_an_answer_that_names_it(world: World, answer: Json) -> None:
    keep_note(world.client, 1, MARK, f"{MARK}\n\none\n")
    world.fake.failures = [None, None, JSONResponse(answer)]
    with pytest.raises(GitLabError, match="GitLab PUT /merge_requests/1/notes/1: its response has no id"):
        keep_note(world.client, 1, MARK, f"{MARK}\n\ntwo\n")
    assert world.clock.slept == []


def test_an_issue_without_its_page_is_not_called_written(world: World) -> None:
    world.fake.failures = [None, None, JSONResponse({"id": 7, "iid": 1})]
    with pytest.raises(GitLabError, match="GitLab POST /issues returned no web_url"):
        IssueKeeper(world.client).issue(MARK, "Drift", f"{MARK}\n\none\n")


@pytest.mark.parametrize("missing", ["id", "status"])
def test_an_apply_that_cannot_be_read_is_not_called_running(world: World, missing: str) -> None:
    pipeline = world.fake.pipeline(MERGED, "main")
    world.fake.job(pipeline, "apply stage", "2026-11-28T12:00:00Z")
    del world.fake.jobs[pipeline][0][missing]
    with pytest.raises(GitLabError, match=f"GitLab GET /pipelines/{pipeline}/jobs returned no {missing}"):
        ApplyJobs(RecordedPlans(world.client), "main").of("stage", MERGED)
