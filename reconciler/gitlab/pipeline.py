"""The job of a pipeline, from the runner's environment: project, commit, branch, merge request.

Source: GitLab docs, "Predefined CI/CD variables reference".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reconciler.errors import UsageError
from reconciler.http.code_hosts import may_have_token

COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}")
_HINT: Final = "run this command in a GitLab CI/CD job: docs/gitlab.md has a pipeline to copy"


@dataclass(frozen=True, slots=True)
class MergeRequest:
    """The merge request of a pipeline: its number in the project, and its head commit."""

    iid: int
    head: str


@dataclass(frozen=True, slots=True)
class Job:
    """One job of a pipeline. `project` is the id of the project that the merge request goes to; `branch` is empty on a merge request."""

    api_url: str
    project: int
    commit: str
    branch: str
    name: str
    id: int
    url: str | None
    project_url: str | None
    merge_request: MergeRequest | None


def read_job(environ: Mapping[str, str]) -> Job:
    """The job of this process. Raises UsageError outside of a job."""
    project = _number(environ, "CI_MERGE_REQUEST_PROJECT_ID" if environ.get("CI_MERGE_REQUEST_PROJECT_ID") else "CI_PROJECT_ID")
    commit = _commit(environ, "CI_COMMIT_SHA")
    return Job(
        api_url=_api_url(environ),
        project=project,
        commit=commit,
        branch=environ.get("CI_COMMIT_BRANCH", ""),
        name=environ.get("CI_JOB_NAME", ""),
        id=_number(environ, "CI_JOB_ID"),
        url=_web_url(environ, "CI_JOB_URL"),
        project_url=_web_url(environ, "CI_PROJECT_URL"),
        merge_request=_merge_request(environ, commit),
    )


def _merge_request(environ: Mapping[str, str], commit: str) -> MergeRequest | None:
    """The merge request. In a pipeline for merged results the commit is a merge, and the head has a variable of its own."""
    if not environ.get("CI_MERGE_REQUEST_IID"):
        return None
    has_head = bool(environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"))
    head = _commit(environ, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") if has_head else commit
    return MergeRequest(_number(environ, "CI_MERGE_REQUEST_IID"), head)


def _number(environ: Mapping[str, str], name: str) -> int:
    return int(_required(environ, name, _NUMBER))


def _commit(environ: Mapping[str, str], name: str) -> str:
    return _required(environ, name, COMMIT)


def _required(environ: Mapping[str, str], name: str, pattern: re.Pattern[str]) -> str:
    value = environ.get(name, "")
    if not pattern.fullmatch(value):
        raise UsageError(f"{name} is {'not set' if not value else 'not valid'}", hint=_HINT)
    return value


def _api_url(environ: Mapping[str, str]) -> str:
    """The URL of the REST API. It must use https, because the token is sent there, except on the local host."""
    url = environ.get("CI_API_V4_URL", "").rstrip("/")
    if not url:
        raise UsageError("CI_API_V4_URL is not set", hint=_HINT)
    if not may_have_token(url):
        raise UsageError("CI_API_V4_URL is not an https URL", hint="do not change the value that the runner sets")
    return url


def _web_url(environ: Mapping[str, str], name: str) -> str | None:
    url = environ.get(name, "").rstrip("/")
    return url if url.startswith(("https://", "http://")) else None
