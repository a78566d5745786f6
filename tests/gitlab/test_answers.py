"""Answers of GitLab without what decides: an error that says what is missing, and never "it is not so" or "it was written"."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from starlette.responses import JSONResponse

from reconciler.documents.json_text import Json
from reconciler.errors import AnswerLost, GitLabError
from reconciler.gitlab.apply_jobs import ApplyJobs
from reconciler.gitlab.issues import IssueKeeper
from reconciler.gitlab.merged import Merged, is_current, merged_as
from reconciler.gitlab.notes import keep_note
from reconciler.gitlab.pipeline import Job, read_job
from reconciler.gitlab.recorded import RecordedPlans, Review
from reconciler.gitlab.reviews import Reviews
from reconciler.reports.kept import Done
from reconciler.reports.plan.json import render_plan_json
from reconciler.reports.plan.view import view_of
from reconciler.reports.sinks.markdown import marker
from tests.gitlab.conftest import World
from tests.gitlab.fake_api import BOT, PROJECT, a_sha
from tests.http.answers import less
from tests.reports.plans import change, plan, update

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


def test_a_merge_request_in_an_unknown_state_is_called_neither_closed_nor_unmerged(world: World) -> None:
    world.fake.open(HEAD)
    world.fake.merge_requests[1]["state"] = "parked"
    with pytest.raises(GitLabError, match=r"^GitLab GET /merge_requests/1 returned an unknown state: parked$"):
        is_current(job_of(world), world.client)
    world.fake.failures = [JSONResponse([MERGED_REQUEST | {"state": "parked"}])]
    with pytest.raises(GitLabError, match=r"/merge_requests returned an unknown state: parked$"):
        merged_as(world.client, MERGED, "main")


@pytest.mark.parametrize("head", [None, "", "main"])
def test_a_merge_of_no_commit_is_not_called_missing(world: World, head: str | None) -> None:
    world.fake.failures = [JSONResponse([MERGED_REQUEST | {"sha": head}])]
    with pytest.raises(GitLabError, match=rf"GitLab GET /repository/commits/{MERGED}/merge_requests returned no sha"):
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
    assert lost.value.hint == "run again: it does no harm if the write happened"


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


@pytest.mark.parametrize("missing", ["id", "name", "status"])
def test_an_apply_that_cannot_be_read_is_not_called_running(world: World, missing: str) -> None:
    pipeline = world.fake.pipeline(MERGED, "main")
    world.fake.job(pipeline, "apply stage", "2026-11-28T12:00:00Z")
    del world.fake.jobs[pipeline][0][missing]
    with pytest.raises(GitLabError, match=f"GitLab GET /pipelines/{pipeline}/jobs returned no {missing}"):
        ApplyJobs(RecordedPlans(world.client), "main").of("stage", MERGED)


def test_an_account_that_cannot_be_read_is_an_error_that_names_the_request(world: World) -> None:
    world.fake.failures = [JSONResponse({"username": "bot"})]
    with pytest.raises(GitLabError, match=r"^GitLab GET /user returned no id$"):
        keep_note(world.client, 1, MARK, f"{MARK}\n\none\n")


OF_US: dict[str, Json] = {"id": 5, "iid": 5, "author": {"id": BOT}, "title": "Drift", "body": MARK, "description": MARK}
UNREADABLE = pytest.mark.parametrize(
    ("item", "missing"),
    [
        (None, "author.id"),
        (7, "author.id"),
        (less(OF_US, "author"), "author.id"),
        (less(OF_US, "author.id"), "author.id"),
        (OF_US | {"author": {"id": str(BOT)}}, "author.id"),
        (less(less(OF_US, "body"), "description"), "body|description"),
        (OF_US | {"body": 7, "description": 7}, "body|description"),
    ],
    ids=str,
)


@UNREADABLE
def test_no_second_text_is_written_next_to_one_that_may_be_ours(world: World, item: Json, missing: str) -> None:
    for write, path in (
        (lambda: keep_note(world.client, 1, MARK, f"{MARK}\n\none\n"), "/merge_requests/1/notes"),
        (lambda: IssueKeeper(world.client).issue(MARK, "Drift", f"{MARK}\n\none\n"), "/issues"),
        (lambda: IssueKeeper(world.client).close(MARK, "gone"), "/issues"),
    ):
        world.fake.failures = [None, JSONResponse([item])]
        with pytest.raises(GitLabError, match=rf"^GitLab GET {path} returned no ({missing})$"):
            write()
    assert world.fake.writes() == []


@pytest.mark.parametrize("item", [{"author": None}, {"author": {"id": 1}}, OF_US | {"body": None, "description": None}], ids=str)
def test_a_text_of_others_is_passed_over_whatever_it_lacks(world: World, item: Json) -> None:
    world.fake.failures = [None, JSONResponse([item])]
    assert keep_note(world.client, 1, MARK, f"{MARK}\n\none\n") is Done.CREATED
    world.fake.failures = [None, JSONResponse([item])]
    assert IssueKeeper(world.client).close(MARK, "gone").done is Done.NOTHING


@pytest.mark.parametrize("missing", ["sha", "ref", "id"])
def test_a_pipeline_that_cannot_be_read_is_not_called_another_one(world: World, missing: str) -> None:
    world.fake.pipeline(MERGED, "main")
    del world.fake.pipelines[0][missing]
    with pytest.raises(GitLabError, match=f"^GitLab GET /pipelines returned no {missing}$"):
        ApplyJobs(RecordedPlans(world.client), "main").of("stage", MERGED)


MERGE = Merged(1, HEAD, "2026-11-28T12:00:00Z")


@pytest.mark.parametrize("missing", ["sha", "ref", "id"])
def test_no_older_plan_counts_in_the_place_of_a_pipeline_that_cannot_be_read(world: World, missing: str) -> None:
    world.fake.job(world.fake.pipeline(HEAD), "plan stage", "2026-11-28T10:00:00Z")
    world.fake.pipeline(HEAD)
    del world.fake.pipelines[1][missing]
    with pytest.raises(GitLabError, match=f"^GitLab GET /merge_requests/1/pipelines returned no {missing}$"):
        RecordedPlans(world.client).review("stage", MERGE)


@pytest.mark.parametrize("missing", ["name", "status", "finished_at", "id"])
def test_a_plan_that_cannot_be_read_is_not_called_missing_or_late(world: World, missing: str) -> None:
    pipeline = world.fake.pipeline(HEAD)
    world.fake.job(pipeline, "plan stage", "2026-11-28T10:00:00Z")
    del world.fake.jobs[pipeline][0][missing]
    with pytest.raises(GitLabError, match=f"^GitLab GET /pipelines/{pipeline}/jobs returned no {missing}$"):
        RecordedPlans(world.client).review("stage", MERGE)


@pytest.mark.parametrize("answer", [{}, [], None, {"parent_ids": None}, {"parent_ids": [HEAD, 7]}], ids=str)
def test_the_parents_of_a_merge_that_cannot_be_read_are_not_called_others(world: World, answer: Json) -> None:
    world.fake.pipeline(MERGED)
    world.fake.failures = [None, JSONResponse(answer)]
    with pytest.raises(GitLabError, match=f"^GitLab GET /repository/commits/{MERGED} returned no parent_ids$"):
        RecordedPlans(world.client).review("stage", MERGE)


@pytest.mark.parametrize("missing", ["base_commit_sha", "head_commit_sha"])
def test_a_version_that_cannot_be_read_is_not_called_one_of_another_head(world: World, missing: str) -> None:
    world.fake.open(HEAD)
    version: dict[str, Json] = {"head_commit_sha": HEAD, "base_commit_sha": MERGED}
    review = Review(1, view_of(plan()), HEAD)
    world.fake.failures = [JSONResponse([less(version, missing)])]
    with pytest.raises(GitLabError, match=f"^GitLab GET /merge_requests/1/versions returned no {missing}$"):
        list(RecordedPlans(world.client).bases(review, HEAD))


@pytest.mark.parametrize("missing", ["pipeline.sha", "pipeline.ref", "job.name", "job.id"])
def test_an_apply_that_cannot_be_read_is_not_called_never_begun(world: World, missing: str) -> None:
    fresh = view_of(plan(update(change("replace", "/a", 1, 2))))
    world.fake.open(HEAD)
    world.fake.merge(1, "2026-11-28T12:00:00Z", merge_commit_sha=MERGED)
    planned = render_plan_json(replace(fresh, digest="2" * 64)).encode()
    world.fake.job(world.fake.pipeline(HEAD), "plan stage", "2026-11-28T10:00:00Z", report=planned)
    begun = world.fake.pipeline(MERGED, "main")
    world.fake.job(begun, "apply stage", None, "failed")
    which, name = missing.split(".")
    {"pipeline": world.fake.pipelines[-1], "job": world.fake.jobs[begun][0]}[which][name] = None
    job = Job(world.url, PROJECT, MERGED, "main", "apply stage", 1, None, None, None)
    path = "/pipelines" if which == "pipeline" else f"/pipelines/{begun}/jobs"
    with pytest.raises(GitLabError, match=f"^GitLab GET {path} returned no {name}$"):
        Reviews(RecordedPlans(world.client), job, "apply.json").check(fresh, {})
