"""The records as GitHub writes them: the documented names and types of the fields that a client here may need."""

from __future__ import annotations

from typing import Any

from tests.github.api.calls import Call
from tests.github.api.records import Account, App, CheckRun, Comment, Issue, PullRequest, Repository

SITE = "https://github.com"
Json = dict[str, Any]


def user(account: Account) -> Json:
    return {
        "login": account.login,
        "id": account.id,
        "type": account.type,
        "html_url": f"{SITE}/{account.login}",
        "site_admin": False,
    }


def app(one: App | None) -> Json | None:
    return None if one is None else {"id": one.id, "slug": one.slug, "name": one.slug}


def repository(call: Call, one: Repository) -> Json:
    owner, _, name = one.name.partition("/")
    return {
        "id": one.id,
        "name": name,
        "full_name": one.name,
        "private": one.private,
        "owner": {"login": owner, "type": "Organization"},
        "html_url": f"{SITE}/{one.name}",
        "url": f"{call.base}/repos/{one.name}",
        "fork": False,
        "default_branch": one.default_branch,
    }


def comment(call: Call, one: Comment) -> Json:
    url = f"{call.base}/repos/{call.repository.name}/issues"
    return {
        "id": one.id,
        "node_id": f"IC_{one.id}",
        "url": f"{url}/comments/{one.id}",
        "html_url": f"{SITE}/{call.repository.name}/issues/{one.number}#issuecomment-{one.id}",
        "issue_url": f"{url}/{one.number}",
        "body": one.body,
        "user": user(one.author),
        "created_at": one.created_at,
        "updated_at": one.updated_at,
        "author_association": "NONE" if one.author.app else "MEMBER",
        "performed_via_github_app": app(one.author.app),
    }


def issue(call: Call, one: Issue) -> Json:
    url = f"{call.base}/repos/{call.repository.name}/issues/{one.number}"
    answer: Json = {
        "id": one.id,
        "number": one.number,
        "title": one.title,
        "body": one.body,
        "user": user(one.author),
        "labels": [{"name": name} for name in one.labels],
        "state": one.state,
        "state_reason": one.state_reason,
        "locked": False,
        "comments": sum(comment.number == one.number for comment in call.repository.comments.values()),
        "url": url,
        "comments_url": f"{url}/comments",
        "html_url": f"{SITE}/{call.repository.name}/issues/{one.number}",
        "created_at": one.created_at,
        "updated_at": one.updated_at,
        "closed_at": one.closed_at,
        "performed_via_github_app": app(one.author.app),
    }
    pull = call.repository.pulls.get(one.number)
    if pull is not None:
        address = f"{call.base}/repos/{call.repository.name}/pulls/{one.number}"
        page = f"{SITE}/{call.repository.name}/pull/{one.number}"
        answer |= {"html_url": page, "pull_request": {"url": address, "html_url": page, "merged_at": pull.merged_at}}
    return answer


def pull_request(call: Call, one: PullRequest, *, whole: bool = True) -> Json:
    """`whole` adds what only the pull request itself has, and lists have not."""
    about = call.repository.issues[one.number]
    answer: Json = {
        "id": about.id,
        "number": one.number,
        "title": about.title,
        "body": about.body,
        "user": user(about.author),
        "state": about.state,
        "draft": False,
        "head": _end(one.head_repository, one.head_ref, one.head_sha, fork=one.head_repository != call.repository.name),
        "base": _end(call.repository.name, one.base_ref, one.base_sha),
        "merge_commit_sha": one.merge_commit_sha,
        "merged_at": one.merged_at,
        "url": f"{call.base}/repos/{call.repository.name}/pulls/{one.number}",
        "html_url": f"{SITE}/{call.repository.name}/pull/{one.number}",
        "created_at": about.created_at,
        "updated_at": about.updated_at,
        "closed_at": about.closed_at,
    }
    return answer | ({"merged": one.merged, "mergeable": None if one.merged else True} if whole else {})


def _end(name: str, ref: str, sha: str, *, fork: bool = False) -> Json:
    owner = name.partition("/")[0]
    return {
        "label": f"{owner}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": {"login": owner},
        "repo": {"full_name": name, "fork": fork},
    }


def check_run(call: Call, one: CheckRun) -> Json:
    url = f"{call.base}/repos/{call.repository.name}/check-runs/{one.id}"
    output = {"title": None, "summary": None, "text": None} | one.output
    return {
        "id": one.id,
        "node_id": f"CR_{one.id}",
        "name": one.name,
        "head_sha": one.head_sha,
        "external_id": one.external_id,
        "url": url,
        "html_url": f"{SITE}/{call.repository.name}/runs/{one.id}",
        "details_url": one.details_url or f"{SITE}/{call.repository.name}/runs/{one.id}",
        "status": one.status,
        "conclusion": one.conclusion,
        "started_at": one.started_at,
        "completed_at": one.completed_at,
        "output": output | {"annotations_count": 0, "annotations_url": f"{url}/annotations"},
        "check_suite": {"id": one.app.id},
        "app": app(one.app),
        "pull_requests": _pulls_of(call, one),
    }


def _pulls_of(call: Call, one: CheckRun) -> list[Json]:
    """The open pull requests of this repository, forks left out, whose head is the commit."""
    name = call.repository.name
    return [
        {
            "id": call.repository.issues[pull.number].id,
            "number": pull.number,
            "url": f"{call.base}/repos/{name}/pulls/{pull.number}",
            "head": {"ref": pull.head_ref, "sha": pull.head_sha},
            "base": {"ref": pull.base_ref, "sha": pull.base_sha},
        }
        for pull in call.repository.pulls.values()
        if pull.head_sha == one.head_sha and pull.head_repository == name and call.repository.issues[pull.number].state == "open"
    ]
