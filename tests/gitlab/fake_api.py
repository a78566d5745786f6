"""GitLab's REST API in a box, over real HTTP: `with FakeGitLab().serving() as url`, where `url` is what CI_API_V4_URL would be.

It has one project, its merge requests with notes, pipelines with jobs and artifacts, and commits; the rest answers 404. Like GitLab, it
runs a quick action where a line of a note is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha1
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from reconciler.emulator.http.server import serving

PROJECT = 7
TOKEN = "glpat-0123456789abcdefghij"
BOT, SOMEBODY = 501, 9
MR_REF = "refs/merge-requests/1/head"


def a_sha(text: str) -> str:
    """A commit's SHA, the same for the same text."""
    return sha1(text.encode(), usedforsecurity=False).hexdigest()


@dataclass
class FakeGitLab:
    """GitLab, as a test prepares it and looks at it."""

    notes: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    merge_requests: dict[int, dict[str, Any]] = field(default_factory=dict)
    pipelines: list[dict[str, Any]] = field(default_factory=list)
    jobs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    artifacts: dict[tuple[int, str], bytes] = field(default_factory=dict)
    parents: dict[str, list[str]] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    """By the head of a merge request, the commit of its target branch that it was based on."""
    commits: dict[int, list[str]] = field(default_factory=dict)
    """By merge request, the commits that it brought, other than those as which it was merged."""
    issues: list[dict[str, Any]] = field(default_factory=list)
    """Their notes are in `comments`."""
    comments: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)
    quick_actions: list[str] = field(default_factory=list)
    failures: list[Response | None] = field(default_factory=list)
    """What the next requests are answered with, each after its work was done; None for the usual answer."""

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve on loopback; gives the API's address."""
        routes = [
            Route("/user", self._user),
            Route("/projects/7/merge_requests/{iid:int}", self._merge_request),
            Route("/projects/7/merge_requests/{iid:int}/notes", self._notes, methods=["GET", "POST"]),
            Route("/projects/7/merge_requests/{iid:int}/notes/{note:int}", self._note, methods=["PUT"]),
            Route("/projects/7/merge_requests/{iid:int}/pipelines", self._pipelines_of),
            Route("/projects/7/merge_requests/{iid:int}/versions", self._versions),
            Route("/projects/7/issues", self._issues, methods=["GET", "POST"]),
            Route("/projects/7/issues/{iid:int}", self._issue, methods=["PUT"]),
            Route("/projects/7/issues/{iid:int}/notes", self._comments, methods=["GET", "POST"]),
            Route("/projects/7/pipelines", self._pipelines_at),
            Route("/projects/7/pipelines/{pipeline:int}/jobs", self._jobs),
            Route("/projects/7/jobs/{job:int}/artifacts/{path:path}", self._artifact),
            Route("/projects/7/repository/commits/{sha}", self._commit),
            Route("/projects/7/repository/commits/{sha}/merge_requests", self._merged_as),
        ]
        with serving(Starlette(routes=routes)) as url:
            yield url

    def open(self, head: str, iid: int = 1, target: str = "main") -> None:
        self.merge_requests[iid] = {
            "iid": iid,
            "state": "opened",
            "sha": head,
            "target_branch": target,
            "merged_at": None,
            "merge_commit_sha": None,
            "squash_commit_sha": None,
        }

    def merge(self, iid: int, at: str, **commits: str) -> None:
        """Merged as these commits, such as `merge_commit_sha`."""
        self.merge_requests[iid] |= {"state": "merged", "merged_at": at} | commits

    def pipeline(self, sha: str, ref: str = MR_REF) -> int:
        number = 1000 + len(self.pipelines)
        self.pipelines.append({"id": number, "sha": sha, "ref": ref, "project_id": PROJECT})
        return number

    def job(self, pipeline: int, name: str, finished_at: str | None, status: str = "success", **artifacts: bytes) -> int:
        """A job that ended so, with artifacts named without `.json`."""
        number = 5000 + sum(map(len, self.jobs.values()))
        url = f"https://gitlab.example/acme/aep-sources/-/jobs/{number}"
        made = {"id": number, "name": name, "status": status, "finished_at": finished_at, "web_url": url}
        self.jobs.setdefault(pipeline, []).append(made)
        self.artifacts |= {(number, f"{path}.json"): content for path, content in artifacts.items()}
        return number

    def add_note(self, body: str, author: int = SOMEBODY, iid: int = 1) -> dict[str, Any]:
        notes = self.notes.setdefault(iid, [])
        notes.append({"id": len(notes) + 1, "body": body, "author": {"id": author}})
        return notes[-1]

    def add_issue(self, title: str, description: str, author: int = SOMEBODY) -> dict[str, Any]:
        iid = len(self.issues) + 1
        url = f"https://gitlab.example/acme/aep-sources/-/issues/{iid}"
        made = {
            "id": 900 + iid,
            "iid": iid,
            "title": title,
            "description": description,
            "state": "opened",
            "author": {"id": author},
            "web_url": url,
        }
        self.issues.append(made)
        return made

    def open_issues(self) -> dict[str, str]:
        """The text of each open issue by its title."""
        return {issue["title"]: issue["description"] for issue in self.issues if issue["state"] == "opened"}

    def texts(self, iid: int = 1) -> list[str]:
        return [note["body"] for note in self.notes.get(iid, [])]

    def writes(self) -> list[tuple[str, str]]:
        return [request for request in self.requests if request[0] != "GET"]

    def _answer(self, request: Request, body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
        self.requests.append((request.method, request.url.path))
        failure = self.failures.pop(0) if self.failures else None
        if failure is not None:
            return failure
        if request.headers.get("private-token") != TOKEN:
            return JSONResponse({"message": "401 Unauthorized"}, 401)
        return JSONResponse(body, status, headers)

    def _listed(self, request: Request, items: list[dict[str, Any]]) -> Response:
        size, page = int(request.query_params["per_page"]), int(request.query_params["page"])
        more = str(page + 1) if len(items) > page * size else ""
        return self._answer(request, items[(page - 1) * size : page * size], headers={"x-next-page": more})

    def _missing(self, request: Request) -> Response:
        return self._answer(request, {"message": "404 Not found"}, 404)

    async def _user(self, request: Request) -> Response:
        return self._answer(request, {"id": BOT, "username": "project_7_bot"})

    async def _merge_request(self, request: Request) -> Response:
        found = self.merge_requests.get(request.path_params["iid"])
        return self._answer(request, found) if found else self._missing(request)

    async def _notes(self, request: Request) -> Response:
        iid = request.path_params["iid"]
        if request.method == "GET":
            return self._listed(request, self.notes.get(iid, []))
        return self._answer(request, self.add_note(self._text(await request.json()), BOT, iid), 201)

    async def _note(self, request: Request) -> Response:
        note = self.notes[request.path_params["iid"]][request.path_params["note"] - 1]
        note["body"] = self._text(await request.json())
        return self._answer(request, note)

    async def _issues(self, request: Request) -> Response:
        """Newest first, and without `scope=all` only those that somebody else made, as for a token that made none."""
        if request.method == "POST":
            body = await request.json()
            return self._answer(request, self.add_issue(body["title"], self._text(body, "description"), BOT), 201)
        query = request.query_params
        author = int(query["author_id"]) if query.get("scope") == "all" else None
        found = [issue for issue in self.issues if (issue["state"], issue["author"]["id"]) == (query["state"], author)]
        return self._listed(request, found[::-1])

    async def _issue(self, request: Request) -> Response:
        issue, body = self.issues[request.path_params["iid"] - 1], await request.json()
        if "description" in body:
            self._text(body, "description")
        if body.pop("state_event", None) == "close":
            issue["state"] = "closed"
        issue.update(body)
        return self._answer(request, issue)

    async def _comments(self, request: Request) -> Response:
        notes = self.comments.setdefault(request.path_params["iid"], [])
        if request.method == "GET":
            return self._listed(request, notes)
        notes.append({"id": len(notes) + 1, "body": self._text(await request.json()), "author": {"id": BOT}})
        return self._answer(request, notes[-1], 201)

    def _text(self, body: dict[str, str], name: str = "body") -> str:
        self.quick_actions += re.findall(r"^\s*/\w+.*$", body[name], re.MULTILINE)
        return body[name]

    async def _pipelines_of(self, request: Request) -> Response:
        iid = request.path_params["iid"]
        return self._listed(request, [item for item in self.pipelines if f"/{iid}/" in str(item.get("ref", MR_REF))][::-1])

    async def _pipelines_at(self, request: Request) -> Response:
        wanted = request.query_params["sha"]
        return self._listed(request, [item for item in self.pipelines if item.get("sha") in (None, wanted)][::-1])

    async def _jobs(self, request: Request) -> Response:
        return self._listed(request, self.jobs.get(request.path_params["pipeline"], []))

    async def _artifact(self, request: Request) -> Response:
        found = self.artifacts.get((request.path_params["job"], request.path_params["path"]))
        answer = self._missing(request) if found is None else self._answer(request, None)
        return Response(found, media_type="application/json") if found is not None and answer.status_code == 200 else answer

    async def _commit(self, request: Request) -> Response:
        parents = self.parents.get(request.path_params["sha"])
        return self._missing(request) if parents is None else self._answer(request, {"parent_ids": parents})

    async def _merged_as(self, request: Request) -> Response:
        """Like GitLab, also those that merely contain the commit."""
        sha = request.path_params["sha"]
        brought = [iid for iid, commits in self.commits.items() if sha in commits]
        found = [item for iid, item in self.merge_requests.items() if sha in item.values() or iid in brought]
        return self._listed(request, found)

    async def _versions(self, request: Request) -> Response:
        """Newest first, as GitLab lists them."""
        head = self.merge_requests[request.path_params["iid"]]["sha"]
        first = {"id": 1, "head_commit_sha": a_sha("an earlier head"), "base_commit_sha": a_sha("an earlier base")}
        base = self.bases.get(head)
        return self._listed(request, [{"id": 2, "head_commit_sha": head, "base_commit_sha": base}, first] if base else [first])
