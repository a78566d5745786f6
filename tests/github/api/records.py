"""What GitHub keeps: repositories, and in them issues, pull requests, comments and check runs.

Times are texts such as `2026-01-01T00:00:00Z`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

LEVELS = {"none": 0, "read": 1, "write": 2}


@dataclass(frozen=True, slots=True)
class App:
    """A GitHub App."""

    id: int
    slug: str


ACTIONS = App(15368, "github-actions")


@dataclass(frozen=True, slots=True)
class Account:
    """Who writes: a user, or the bot of an app, whose login ends with `[bot]`."""

    login: str
    id: int
    type: str = "User"
    app: App | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """What a token stands for. `permissions` are by their names in the API (`pull_requests`), `read` or `write`."""

    account: Account
    permissions: Mapping[str, str]

    def may(self, permission: str, level: str) -> bool:
        return LEVELS[self.permissions.get(permission, "none")] >= LEVELS[level]


@dataclass(slots=True)
class Comment:
    """A comment on an issue or a pull request, `number`."""

    id: int
    number: int
    body: str
    author: Account
    created_at: str
    updated_at: str


@dataclass(slots=True)
class Issue:
    """An issue; a pull request is one too, and has a `PullRequest` of the same number."""

    id: int
    number: int
    title: str
    body: str | None
    author: Account
    labels: list[str]
    created_at: str
    updated_at: str
    state: str = "open"
    state_reason: str | None = None
    closed_at: str | None = None


@dataclass(slots=True)
class PullRequest:
    """What a pull request has beyond an issue. `commits` are all the heads that it had; `head_repository` is another one for a fork."""

    number: int
    head_ref: str
    head_sha: str
    base_ref: str
    base_sha: str
    head_repository: str
    commits: list[str]
    merge_commit_sha: str | None
    merged: bool = False
    merged_at: str | None = None


@dataclass(slots=True)
class CheckRun:
    """A check run; `output` has title, summary and text."""

    id: int
    name: str
    head_sha: str
    app: App
    status: str
    conclusion: str | None
    started_at: str
    completed_at: str | None = None
    external_id: str = ""
    details_url: str | None = None
    output: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Repository:
    """One repository. `branches` are the tips by name, `commits` all that were ever known here, forks' heads included.

    `compared` says how a second commit stands to a first, and which files differ.
    """

    id: int
    name: str
    default_branch: str
    branches: dict[str, str]
    commits: set[str]
    private: bool = True
    issues: dict[int, Issue] = field(default_factory=dict)
    pulls: dict[int, PullRequest] = field(default_factory=dict)
    comments: dict[int, Comment] = field(default_factory=dict)
    check_runs: dict[int, CheckRun] = field(default_factory=dict)
    compared: Callable[[str, str], tuple[str, list[str]]] = lambda _base, _head: ("diverged", [])
