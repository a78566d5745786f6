from __future__ import annotations

import random

import pytest

from reconciler.errors import UsageError
from reconciler.gitlab.api import connect_gitlab
from reconciler.gitlab.pipeline import MergeRequest, read_job
from tests.flowservice.simulated import SimulatedClock
from tests.gitlab.fake_api import a_sha

JOB = {
    "CI_API_V4_URL": "https://gitlab.example/api/v4",
    "CI_PROJECT_ID": "7",
    "CI_COMMIT_SHA": a_sha("x"),
    "CI_COMMIT_BRANCH": "main",
    "CI_JOB_ID": "12",
    "CI_JOB_NAME": "plan stage",
}


def test_a_job_on_a_branch_has_no_merge_request() -> None:
    job = read_job(JOB)
    assert (job.project, job.branch, job.merge_request) == (7, "main", None)


def test_the_head_of_a_merge_request_is_the_commit_of_its_pipeline() -> None:
    assert read_job(JOB | {"CI_MERGE_REQUEST_IID": "3"}).merge_request == MergeRequest(3, a_sha("x"))


def test_in_a_pipeline_for_merged_results_the_head_is_not_the_commit() -> None:
    merged = {"CI_MERGE_REQUEST_IID": "3", "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": a_sha("head")}
    assert read_job(JOB | merged).merge_request == MergeRequest(3, a_sha("head"))


def test_the_note_goes_to_the_project_of_the_merge_request() -> None:
    assert read_job(JOB | {"CI_MERGE_REQUEST_PROJECT_ID": "8"}).project == 8


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CI_API_V4_URL", ""),
        ("CI_API_V4_URL", "http://gitlab.example/api/v4"),
        ("CI_API_V4_URL", "https://"),
        ("CI_API_V4_URL", "https://user@gitlab.example/api/v4"),
        ("CI_API_V4_URL", "https://[x/api/v4"),
        ("CI_API_V4_URL", "ftp://localhost/api/v4"),
        ("CI_PROJECT_ID", ""),
        ("CI_PROJECT_ID", "7/../8"),
        ("CI_PROJECT_ID", "9" * 30),
        ("CI_COMMIT_SHA", "main"),
        ("CI_JOB_ID", "-1"),
        ("CI_MERGE_REQUEST_IID", "1?x=1"),
    ],
)
def test_what_gitlab_never_sets_is_refused_and_named(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=name):
        read_job(JOB | {name: value})


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "ü"])
def test_a_token_that_cannot_be_sent_is_refused_and_not_shown(token: str) -> None:
    with pytest.raises(UsageError, match="RECONCILER_GITLAB_TOKEN is not") as refused:
        connect_gitlab("https://gitlab.example", 7, token, clock=SimulatedClock(), rng=random.Random(1))  # noqa: S311
    assert not token or token not in f"{refused.value.message}{refused.value.hint}"
