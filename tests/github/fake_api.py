"""GitHub's REST API in a box, over real HTTP: `with FakeGitHub().serving() as url`, where `url` is what GITHUB_API_URL would be.

A test prepares what is there (repositories, pull requests, comments of others, tokens, faults), lets the code under test call, and
looks at what was asked and written. Of the API it has issues and their comments, pull requests, check runs and branches; the rest
answers 404.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha1
from itertools import count

from reconciler.emulator.http.server import serving
from tests.github.api.faults import Fault
from tests.github.api.front import Front
from tests.github.api.hub import ACTIONS_BOT, DEFAULT_PERMISSIONS, DEFAULT_TOKEN, Hub, Recorded
from tests.github.api.records import Account, CheckRun, Comment, Identity, Issue, PullRequest, Repository

__all__ = ["ACTIONS_BOT", "DEFAULT_PERMISSIONS", "DEFAULT_TOKEN", "FakeGitHub", "a_sha"]


def a_sha(text: str) -> str:
    """A commit's SHA, the same for the same text."""
    return sha1(text.encode(), usedforsecurity=False).hexdigest()


class FakeGitHub:
    """GitHub, as a test prepares it and looks at it. Repositories are named `owner/name`."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.app = Front(self.hub)
        self._users: dict[str, Account] = {}
        self._tokens = count(1)

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve on loopback; gives the API's address, such as `http://127.0.0.1:4010`."""
        with serving(self.app) as url:
            yield url

    # What is there

    def add_repository(self, name: str, tip: str, default_branch: str = "main") -> Repository:
        repository = Repository(self.hub.new_id(), name, default_branch, {default_branch: tip}, {tip})
        self.hub.repositories[name.lower()] = repository
        return repository

    def repository(self, name: str) -> Repository:
        return self.hub.repositories[name.lower()]

    def add_token(self, token: str, account: Account = ACTIONS_BOT, permissions: Mapping[str, str] | None = None) -> str:
        """A further token; without permissions, with those of the default one."""
        self.hub.tokens[token] = Identity(account, dict(DEFAULT_PERMISSIONS if permissions is None else permissions))
        return token

    def token_for(self, permissions: Mapping[str, str]) -> str:
        """A token as a job gets it, with the job's `permissions`, which write a hyphen where the API has an underscore."""
        named = {name.replace("-", "_"): level for name, level in permissions.items()}
        return self.add_token(f"ghs_job_{next(self._tokens)}", permissions=named)

    def move(self, name: str, branch: str, sha: str) -> None:
        """A push: the branch's tip is another commit."""
        repository = self.repository(name)
        repository.branches[branch] = sha
        repository.commits.add(sha)

    def open_pull_request(
        self,
        name: str,
        head_sha: str,
        *,
        head_ref: str = "change",
        fork: str | None = None,
        title: str = "A change",
        login: str = "jane",
    ) -> PullRequest:
        """A pull request to the default branch, from a branch here or from `fork`, another repository's name."""
        repository = self.repository(name)
        issue = self.hub.add_issue(repository, self.user(login), title, None, [])
        base = repository.default_branch
        pull = PullRequest(
            number=issue.number,
            head_ref=head_ref,
            head_sha=head_sha,
            base_ref=base,
            base_sha=repository.branches[base],
            head_repository=fork or repository.name,
            commits=[],
            merge_commit_sha=None,
        )
        repository.pulls[issue.number] = pull
        self.push(name, issue.number, head_sha)
        return pull

    def push(self, name: str, number: int, head_sha: str) -> None:
        """A push to a pull request. Like GitHub, it makes a merge commit to try with, though nothing is merged."""
        repository = self.repository(name)
        pull = repository.pulls[number]
        pull.head_sha = head_sha
        pull.commits.append(head_sha)
        pull.merge_commit_sha = a_sha(f"test merge of {head_sha}")
        repository.commits |= {head_sha, pull.merge_commit_sha}
        if pull.head_repository == repository.name:
            repository.branches[pull.head_ref] = head_sha

    def merge(self, name: str, number: int, merge_commit_sha: str) -> None:
        """Merge it as this commit, which becomes the tip of the base."""
        repository = self.repository(name)
        pull = repository.pulls[number]
        self.close(name, number)
        pull.merged, pull.merged_at = True, repository.issues[number].closed_at
        pull.merge_commit_sha = merge_commit_sha
        self.move(name, pull.base_ref, merge_commit_sha)

    def close(self, name: str, number: int) -> None:
        issue = self.repository(name).issues[number]
        issue.state, issue.closed_at = "closed", self.hub.now()

    def user(self, login: str) -> Account:
        """The account of that login."""
        return self._users.setdefault(login, Account(login, 5001 + len(self._users)))

    def add_comment(self, name: str, number: int, body: str, author: Account | None = None) -> Comment:
        """A comment that somebody else writes: Jane, unless another account is named."""
        return self.hub.add_comment(self.repository(name), number, author or self.user("jane"), body)

    def add_issue(
        self, name: str, title: str, body: str | None = None, *, author: Account | None = None, labels: tuple[str, ...] = ()
    ) -> Issue:
        return self.hub.add_issue(self.repository(name), author or self.user("jane"), title, body, list(labels))

    def fail(self, fault: Fault, *, times: int = 1, method: str | None = None, path: str | None = None) -> None:
        """The next requests that fit get this fault: those of the method, and whose path holds the text, where these are named."""
        self.hub.faults.put(fault, times, method, path)

    # What was asked and written

    @property
    def requests(self) -> list[Recorded]:
        return self.hub.requests

    def writes(self) -> list[Recorded]:
        return [one for one in self.hub.requests if one.method != "GET"]

    def comments(self, name: str, number: int) -> list[Comment]:
        return [one for one in self.repository(name).comments.values() if one.number == number]

    def issues(self, name: str) -> list[Issue]:
        """The issues that are no pull requests, in the order of their numbers."""
        repository = self.repository(name)
        return [one for one in repository.issues.values() if one.number not in repository.pulls]

    def check_runs(self, name: str, sha: str | None = None) -> list[CheckRun]:
        """The check runs of a commit, or all, oldest first."""
        return [one for one in self.repository(name).check_runs.values() if sha in (None, one.head_sha)]
