"""The workflow run, from the runner's environment: repository, commit, event, pull request.

Source: GitHub docs, "Variables" (default environment variables) and "Webhook events and payloads".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from reconciler.disk import read_regular
from reconciler.documents.json_text import Json, NotJson, decode, string_at, value_at
from reconciler.errors import UsageError
from reconciler.http.code_hosts import may_have_token

REPOSITORY: Final = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_QUEUE: Final = re.compile(r"refs/heads/gh-readonly-queue/.+/pr-(?P<number>\d{1,12})-[0-9a-f]{40}")
_PULL_REF: Final = re.compile(r"refs/pull/([0-9]{1,18})/(?:merge|head)")
_NO_SECRETS: Final = frozenset({"dependabot[bot]"})
"""Actors whose runs get no secrets, although their branches are in the repository."""
_PULL_REQUESTS: Final = frozenset({"pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"})
"""Events that are about a pull request, which is in their payload."""
_NAME: Final = re.compile(r"[a-z_]+")
_ANY: Final = re.compile(r".+")
_MAX_EVENT: Final = 100_000_000
"""Maximum number of bytes; a GitHub webhook payload has at most 25 MB."""
_HINT: Final = "run this command in a GitHub Actions workflow: docs/github.md has workflows to copy"
_EVENT_HINT: Final = "leave GITHUB_EVENT_PATH and its file as the runner made them; a container needs both"
DEFAULT_API_URL: Final = "https://api.github.com"


@dataclass(frozen=True, slots=True)
class PullRequest:
    """The pull request of a run. `head` and `base` are commits; `is_fork` is set if its branch is in another repository.

    `into` is the branch that it is to be merged into.
    """

    number: int
    head: str
    base: str
    is_fork: bool
    into: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One run of a workflow. `commit` is the checked-out commit; on `pull_request` it is the merge of base and head."""

    name: str
    repository: str
    commit: str
    branch: str
    default_branch: str | None
    actor: str
    api_url: str
    run_url: str | None
    pull_request: PullRequest | None
    queued: int | None = None
    """The pull request that a merge queue is about to merge as this commit; None for a run that is not for a queue."""
    flags: str = ""
    """The input `flags` of a run by hand, as it was typed."""

    @property
    def has_secrets(self) -> bool:
        """Whether a run for this pull request has secrets: not for a fork, and not for Dependabot."""
        is_fork = self.pull_request is not None and self.pull_request.is_fork
        return not is_fork and (self.name not in _PULL_REQUESTS or self.actor not in _NO_SECRETS)


def pull_request_in(environ: Mapping[str, str]) -> str | None:
    """The number of the pull request of this run, as GitHub's `refs/pull/N/merge` has it; None without one."""
    found = _PULL_REF.fullmatch(environ.get("GITHUB_REF", ""))
    return found[1] if found else None


def read_event(environ: Mapping[str, str]) -> Event:
    """The run of this process. Raises UsageError outside of a run, and for an event that cannot be read."""
    repository, name = _required(environ, "GITHUB_REPOSITORY", REPOSITORY), _required(environ, "GITHUB_EVENT_NAME", _NAME)
    payload = _payload(environ)
    server = environ.get("GITHUB_SERVER_URL", "")
    run_id, attempt = environ.get("GITHUB_RUN_ID", ""), environ.get("GITHUB_RUN_ATTEMPT", "")
    run = f"{server}/{repository}/actions/runs/{run_id}" + (f"/attempts/{attempt}" if attempt.isdigit() else "")
    return Event(
        name=name,
        repository=repository,
        commit=_required(environ, "GITHUB_SHA", COMMIT),
        branch=_required(environ, "GITHUB_REF_NAME", _ANY),
        default_branch=string_at(payload, "repository", "default_branch"),
        actor=environ.get("GITHUB_ACTOR", ""),
        api_url=_api_url(environ),
        run_url=run if server and run_id.isdigit() else None,
        pull_request=_pull_request(payload, repository, name),
        queued=_queued(payload, name),
        flags=string_at(payload, "inputs", "flags") or "",
    )


def _required(environ: Mapping[str, str], name: str, pattern: re.Pattern[str]) -> str:
    value = environ.get(name, "")
    if not pattern.fullmatch(value):
        raise UsageError(f"{name} is {'not set' if not value else 'not valid'}", hint=_HINT)
    return value


def _api_url(environ: Mapping[str, str]) -> str:
    """The URL of the REST API. It must use https, because the token is sent there, except on the local host."""
    url = environ.get("GITHUB_API_URL", "").rstrip("/") or DEFAULT_API_URL
    if not may_have_token(url):
        raise UsageError("GITHUB_API_URL is not an https URL", hint="do not change the value that the runner sets")
    return url


def _payload(environ: Mapping[str, str]) -> dict[str, Any]:
    path = environ.get("GITHUB_EVENT_PATH", "")
    if not path:
        return {}
    try:
        payload = decode(read_regular(Path(path), _MAX_EVENT))
    except (OSError, NotJson) as error:
        reason = (error.strerror or error) if isinstance(error, OSError) else error
        raise UsageError(f"cannot read the event in GITHUB_EVENT_PATH: {reason}", hint=_EVENT_HINT) from None
    if not isinstance(payload, dict):
        raise UsageError("the event in GITHUB_EVENT_PATH is not an object", hint=_EVENT_HINT)
    return payload


def _pull_request(payload: Mapping[str, Any], repository: str, event: str) -> PullRequest | None:
    found = payload.get("pull_request")
    if found is None and event not in _PULL_REQUESTS:
        return None
    number, head, base = value_at(found, "number"), value_at(found, "head", "sha"), value_at(found, "base", "sha")
    if not isinstance(number, int) or isinstance(number, bool) or not is_commit(head) or not is_commit(base):
        raise _lacking(event, "pull request with number, head.sha and base.sha")
    return PullRequest(
        number,
        str(head),
        str(base),
        value_at(found, "head", "repo", "full_name") != repository,
        str(value_at(found, "base", "ref") or ""),
    )


def _queued(payload: Mapping[str, Any], event: str) -> int | None:
    """The last pull request of a merge group, from the name of the branch that GitHub makes for it."""
    if event != "merge_group":
        return None
    ref = string_at(payload, "merge_group", "head_ref")
    if ref is None:
        raise _lacking(event, "merge_group.head_ref")
    found = _QUEUE.fullmatch(ref)
    return int(found["number"]) if found else None


def _lacking(event: str, what: str) -> UsageError:
    return UsageError(f"the event in GITHUB_EVENT_PATH has no {what}, and GITHUB_EVENT_NAME is {event}", hint=_EVENT_HINT)


def is_commit(value: Json) -> bool:
    """Whether this is a full object name, as git and GitHub return them."""
    return isinstance(value, str) and COMMIT.fullmatch(value) is not None
