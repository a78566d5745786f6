"""What started a run: an event with its payload, and the usual ones ready-made. Commits are SHAs, a repository is `owner/name`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """`payload` is `github.event`. `head_ref` and `base_ref` are branches of a pull request."""

    name: str
    repository: str
    sha: str
    ref: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    head_ref: str = ""
    base_ref: str = ""
    actor: str = "jane"
    run_id: int = 4242
    run_attempt: int = 1

    @property
    def ref_name(self) -> str:
        return self.ref.removeprefix("refs/heads/").removeprefix("refs/tags/").removeprefix("refs/pull/")

    @property
    def from_fork(self) -> bool:
        """A `pull_request` from another repository: such a run gets no secrets, no variables, and a token that cannot write."""
        if not self.name.startswith("pull_request") or self.name == "pull_request_target":
            return False
        head = self.payload.get("pull_request", {}).get("head", {}).get("repo")
        return head is None or head["full_name"] != self.repository


def _repository(name: str, default_branch: str = "main") -> dict[str, Any]:
    owner, _, short = name.partition("/")
    return {"full_name": name, "name": short, "owner": {"login": owner}, "default_branch": default_branch}


def push(repository: str, sha: str, *, before: str = "0" * 40, branch: str = "main", **others: Any) -> Event:
    ref = f"refs/heads/{branch}"
    payload = {"ref": ref, "before": before, "after": sha, "repository": _repository(repository), "forced": False}
    return Event("push", repository, sha, ref, payload, **others)


def merge_group(repository: str, sha: str, number: int, base_sha: str, *, branch: str = "main", **others: Any) -> Event:
    """A merge queue asks for checks of the commit that it is about to merge, which ends with that pull request."""
    ref = f"refs/heads/gh-readonly-queue/{branch}/pr-{number}-{base_sha}"
    group = {"head_sha": sha, "head_ref": ref, "base_sha": base_sha, "base_ref": f"refs/heads/{branch}"}
    payload = {"action": "checks_requested", "merge_group": group, "repository": _repository(repository)}
    return Event("merge_group", repository, sha, ref, payload, **others)


def schedule(repository: str, sha: str, cron: str = "17 * * * *", **others: Any) -> Event:
    payload = {"schedule": cron, "repository": _repository(repository)}
    return Event("schedule", repository, sha, "refs/heads/main", payload, **others)


def workflow_dispatch(
    repository: str, sha: str, inputs: Mapping[str, str] | None = None, *, branch: str = "main", **others: Any
) -> Event:
    """`inputs` are texts, as they are sent."""
    ref = f"refs/heads/{branch}"
    payload = {"inputs": dict(inputs or {}), "ref": ref, "repository": _repository(repository)}
    return Event("workflow_dispatch", repository, sha, ref, payload, **others)


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request as an event tells of it. `merge_sha` is the commit that is checked out: the head merged into the base, to try."""

    repository: str
    number: int
    head_sha: str
    base_sha: str
    merge_sha: str
    head_ref: str = "change"
    base_ref: str = "main"
    head_repository: str | None = None
    merged: bool = False

    @property
    def payload(self) -> dict[str, Any]:
        head = self.head_repository or self.repository
        return {
            "number": self.number,
            "title": "A change",
            "state": "closed" if self.merged else "open",
            "merged": self.merged,
            "draft": False,
            "merge_commit_sha": self.merge_sha,
            "head": {"ref": self.head_ref, "sha": self.head_sha, "repo": {"full_name": head, "fork": head != self.repository}},
            "base": {"ref": self.base_ref, "sha": self.base_sha, "repo": _repository(self.repository)},
            "user": {"login": "jane", "type": "User"},
            "labels": [],
        }


def pull_request(pull: Pull, action: str = "opened", **others: Any) -> Event:
    payload = {"action": action, "number": pull.number, "pull_request": pull.payload, "repository": _repository(pull.repository)}
    ref = f"refs/pull/{pull.number}/merge"
    if action == "closed" and pull.merged:
        ref = f"refs/heads/{pull.base_ref}"
    return Event("pull_request", pull.repository, pull.merge_sha, ref, payload, pull.head_ref, pull.base_ref, **others)
