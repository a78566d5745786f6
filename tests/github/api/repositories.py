"""Repositories, their branches and pull requests, and which pull requests brought a commit."""

from __future__ import annotations

from tests.github.api import shapes
from tests.github.api.calls import Answer, Call, pages
from tests.github.api.records import PullRequest
from tests.github.api.refusals import Refusal, not_found


def get_repository(call: Call) -> Answer:
    return Answer(shapes.repository(call, call.repository))


def get_branch(call: Call) -> Answer:
    call.need("read", "contents")
    name = call.path["branch"]
    sha = call.repository.branches.get(name)
    if sha is None:
        raise Refusal(404, "Branch not found")
    url = f"{call.base}/repos/{call.repository.name}/commits/{sha}"
    return Answer({"name": name, "commit": {"sha": sha, "url": url}, "protected": name == call.repository.default_branch})


def get_ref(call: Call) -> Answer:
    call.need("read", "contents")
    name = call.path["branch"]
    sha = call.repository.branches.get(name)
    if sha is None:
        raise not_found()
    url = f"{call.base}/repos/{call.repository.name}/git"
    ref = f"refs/heads/{name}"
    there = {"type": "commit", "sha": sha, "url": f"{url}/commits/{sha}"}
    return Answer({"ref": ref, "node_id": f"REF_{name}", "url": f"{url}/{ref}", "object": there})


def compare(call: Call) -> Answer:
    """How one commit stands to another, with the files that differ, 300 at most."""
    call.need("read", "contents")
    base, head = commit_of(call, call.path["base"]), commit_of(call, call.path["head"])
    status, files = ("identical", []) if base == head else call.repository.compared(base, head)
    rows = [{"filename": name, "status": "modified"} for name in files[:300]]
    return Answer({"status": status, "ahead_by": 1, "behind_by": 0, "total_commits": 1, "files": rows})


def get_pull(call: Call) -> Answer:
    call.need("read", "pull_requests")
    found = call.repository.pulls.get(call.path["number"])
    if found is None:
        raise not_found()
    return Answer(shapes.pull_request(call, found))


def list_pulls_of_commit(call: Call) -> Answer:
    """The merged pull request that brought a commit to the default branch; else every one, open or merged, that has had it."""
    call.parameters()
    call.need("read", "pull_requests")
    sha = commit_of(call, call.path["sha"])
    pulls = list(call.repository.pulls.values())
    rows = [one for one in pulls if one.merged and sha == one.merge_commit_sha] or [one for one in pulls if _has(call, one, sha)]
    return pages(call, rows, lambda some: [shapes.pull_request(call, one, whole=False) for one in some])


def _has(call: Call, pull: PullRequest, sha: str) -> bool:
    return sha in pull.commits and (pull.merged or call.repository.issues[pull.number].state == "open")


def commit_of(call: Call, ref: str) -> str:
    """The commit that a name means: a branch, `heads/` before it or not, or a whole SHA. Raises `Refusal` (422)."""
    branches = call.repository.branches
    sha = branches.get(ref) or branches.get(ref.removeprefix("refs/").removeprefix("heads/"))
    if sha is None and ref not in call.repository.commits:
        raise Refusal(422, f"No commit found for SHA: {ref}")
    return sha or ref
