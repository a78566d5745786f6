"""The state behind the API: repositories, tokens, a clock that ticks with each write, and what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from tests.github.api.faults import Faults
from tests.github.api.records import ACTIONS, Account, Comment, Identity, Issue, Repository
from tests.github.api.refusals import not_found

DEFAULT_TOKEN = "ghs_test"
DEFAULT_PERMISSIONS = {"issues": "write", "pull_requests": "write", "checks": "write", "contents": "read"}
ACTIONS_BOT = Account("github-actions[bot]", 41898282, "Bot", ACTIONS)
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A request as it came, and the status that it was answered with: None where the answer was lost.

    `path` is decoded, `query` has the parameters, and `body` is the JSON that was sent, or the text where it is none.
    """

    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    status: int | None


@dataclass
class Hub:
    """Everything that GitHub knows."""

    repositories: dict[str, Repository] = field(default_factory=dict)
    tokens: dict[str, Identity] = field(default_factory=lambda: {DEFAULT_TOKEN: Identity(ACTIONS_BOT, dict(DEFAULT_PERMISSIONS))})
    requests: list[Recorded] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    _ids: count[int] = field(default_factory=lambda: count(1001))
    _ticks: count[int] = field(default_factory=lambda: count(0))

    def now(self) -> str:
        """A second later than the time before."""
        return f"{_BEGINNING + timedelta(seconds=next(self._ticks)):%Y-%m-%dT%H:%M:%SZ}"

    def new_id(self) -> int:
        return next(self._ids)

    def repository(self, name: str) -> Repository:
        """By `owner/name`, in any case. Raises `Refusal` (404)."""
        found = self.repositories.get(name.lower())
        if found is None:
            raise not_found()
        return found

    def repository_by_id(self, number: int) -> Repository:
        """Raises `Refusal` (404)."""
        for repository in self.repositories.values():
            if repository.id == number:
                return repository
        raise not_found()

    def add_issue(self, repository: Repository, author: Account, title: str, body: str | None, labels: list[str]) -> Issue:
        """An open issue with the next number, which issues and pull requests share."""
        now = self.now()
        number = max(repository.issues, default=0) + 1
        issue = Issue(self.new_id(), number, title, body, author, labels, now, now)
        repository.issues[number] = issue
        return issue

    def add_comment(self, repository: Repository, number: int, author: Account, body: str) -> Comment:
        now = self.now()
        comment = Comment(self.new_id(), number, body, author, now, now)
        repository.comments[comment.id] = comment
        return comment
