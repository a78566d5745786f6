"""A client for the GitLab REST API: one token, one project, with retries, paging and error messages.

Sources: GitLab docs, "REST API" (authentication, offset-based pagination, status codes), "Rate limits". GET and PUT (it replaces a text)
are retried after any transient failure. POST is retried only if it certainly had no effect; if that is unknown it raises
`AnswerLost`, and the caller checks whether the object exists. Redirects are not followed, because they would take the token elsewhere.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from reconciler.documents.json_text import Json, NotJson, decode, encode
from reconciler.errors import AnswerLost, GitLabError, ServiceError, UsageError
from reconciler.http.clock import Clock, Stop
from reconciler.http.code_hosts import NOT_JSON, UNNAMED, Fields, Lost, is_usable, refused, without_answer
from reconciler.http.messages import USER_AGENT, Answer, Method, Outcome, Request, fresh_request_id
from reconciler.http.retrying import Again, Attempt, Caller, Dependencies, Verdict
from reconciler.http.secrets.disclosure import shown_words
from reconciler.http.transport import Transport, Wire
from reconciler.secret import Secret
from reconciler.settings.values import Network

TOKEN: Final = "RECONCILER_GITLAB_TOKEN"  # noqa: S105 - a variable's name
"""The environment variable that holds the token."""
PAGE: Final = 100
"""Items per page, the maximum that GitLab allows."""
MAX_PAGES: Final = 200
MAX_BYTES: Final = 64 * 1024 * 1024
"""Of one response."""

_NETWORK: Final = Network(timeout=30.0, deadline=180.0, retries=6)
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}")
_SENDABLE: Final = re.compile(r"[\x21-\x7e]+")
_LONGEST_MESSAGE: Final = 300
_HINTS: Final[Mapping[int, str]] = {
    HTTPStatus.UNAUTHORIZED: f"the token in {TOKEN} expired or was revoked: create a new one",
    HTTPStatus.FORBIDDEN: f"the token in {TOKEN} needs the scope `api` and at least the role Reporter",
    HTTPStatus.NOT_FOUND: f"check that it exists, and that the token in {TOKEN} belongs to this project",
    HTTPStatus.TOO_MANY_REQUESTS: "run again later",
}
_TROUBLE: Final = "GitLab failed: run again later"


@dataclass(frozen=True, slots=True)
class GitLab:
    """A client for one project. Paths are relative to `/projects/{id}`."""

    url: str
    project: int
    token: Secret
    caller: Caller
    dependencies: Dependencies

    def close(self) -> None:
        self.dependencies.transport.close()

    def user(self) -> int:
        """The id of the token's own account. Raises ServiceError."""
        found = _json("GitLab GET /user", self._call("GET", f"{self.url}/user", "/user"))
        return number_at(found, "id", "/user")

    def get(self, path: str) -> Json:
        """Return the JSON at this path. Raises ServiceError."""
        return _json(f"GitLab GET {path}", self._call("GET", self._url(path), path))

    def file(self, path: str) -> bytes:
        """Return the bytes at this path. Raises ServiceError."""
        return bytes(self._call("GET", self._url(path), path, is_json=False).content)

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        """The objects of a list, over all pages. Raises ServiceError."""
        page = "1"
        for _ in range(MAX_PAGES):
            answer = self._call("GET", self._url(f"{path}{'&' if '?' in path else '?'}per_page={PAGE}&page={page}"), path)
            items = _json(f"GitLab GET {path}", answer)
            if not isinstance(items, list):
                raise GitLabError(f"GitLab GET {path} did not return a list", hint="check CI_API_V4_URL")
            yield from (item for item in items if isinstance(item, dict))
            page = answer.headers.get("x-next-page", "?" if len(items) >= PAGE else "")
            if not page:
                return
            if not _NUMBER.fullmatch(page):
                raise GitLabError(
                    f"GitLab GET {path} did not say whether the list has more pages",
                    hint="let the header x-next-page through, if there is a proxy before GitLab",
                )
        raise GitLabError(f"GitLab GET {path} has more than {MAX_PAGES * PAGE:,} items", hint="check CI_API_V4_URL")

    def post_once(self, path: str, body: Mapping[str, Json], find: Callable[[], dict[str, Any] | None]) -> dict[str, Any]:
        """Create an object; if the response is lost, use the one that `find` returns, to avoid a duplicate. Raises ServiceError."""
        try:
            return dict(_json(f"GitLab POST {path}", self._call("POST", self._url(path), path, body)))
        except AnswerLost:
            made = find()
            if made is None:
                raise
            return made

    def put(self, path: str, body: Mapping[str, Json]) -> dict[str, Any]:
        """Update an object. Raises ServiceError."""
        return dict(_json(f"GitLab PUT {path}", self._call("PUT", self._url(path), path, body)))

    def _url(self, path: str) -> str:
        return f"{self.url}/projects/{self.project}{path}"

    def _call(
        self, method: Method, url: str, path: str, body: Mapping[str, Json] | None = None, *, is_json: bool = True
    ) -> Answer:
        content, place = None if body is None else encode(body), path.partition("?")[0]
        name = f"GitLab {method} {place}"

        def prepare(_deadline: float) -> Request:
            headers = {"PRIVATE-TOKEN": self.token.reveal(), "Accept": "application/json" if is_json else "*/*"}
            headers |= {"User-Agent": USER_AGENT} | ({} if content is None else {"Content-Type": "application/json"})
            return Request(method, url, place, fresh_request_id(self.dependencies.rng), headers, content)

        return self.caller.call(Attempt(name, prepare, lambda outcome: _judge(name, method, outcome, is_json=is_json)))


def connect_gitlab(
    url: str,
    project: int,
    token: str,
    *,
    clock: Clock,
    rng: random.Random,
    wire: Wire | None = None,
    stop: Stop | None = None,
) -> GitLab:
    """Return a client, which the caller closes. It sends nothing before its first call. Raises UsageError without a valid token."""
    if not _SENDABLE.fullmatch(token):
        raise UsageError(
            f"{TOKEN} is {'not one' if token else 'not set'}",
            hint="create a project access token (scope `api`, role Reporter), and store it as a masked CI/CD variable of that name",
        )
    transport = Transport(clock, wire, max_bytes=MAX_BYTES)
    transport.secrets.add(token)
    dependencies = Dependencies(transport, _NETWORK, clock, rng, stop, setting=None)
    return GitLab(url, project, Secret(token), Caller(dependencies), dependencies)


def fields(answer: Json, request: str) -> Fields:
    """An answer to this request, such as `GET /issues`, or an item of it, whose fields must be there."""
    return Fields(answer, f"GitLab {request}", GitLabError, "check CI_API_V4_URL")


def number_at(item: Json, name: str, path: str) -> int:
    """A number of an object. Raises GitLabError if it is missing."""
    value = item.get(name) if isinstance(item, dict) else None
    if not isinstance(value, int) or isinstance(value, bool):
        raise GitLabError(f"GitLab {path} returned an object without {name}", hint="check CI_API_V4_URL")
    return value


def _judge(name: str, method: Method, outcome: Outcome, *, is_json: bool) -> Verdict[Answer]:
    if not isinstance(outcome, Answer):
        return _unanswered(name, method, Lost(outcome.reason, outcome.sent, outcome.lasting), outcome.hint)
    if outcome.is_success:
        answer = _decoded(outcome) if is_json else None
        if answer is NotJson:
            return _unanswered(name, method, NOT_JSON)
        return outcome if is_usable(method, answer) else _unanswered(name, method, UNNAMED)
    return refused(method, _error(name, outcome), waits=outcome.status == HTTPStatus.TOO_MANY_REQUESTS)


def _unanswered(name: str, method: Method, lost: Lost, hint: str | None = None) -> Again:
    error = GitLabError(f"{name}: {lost.reason}", hint=hint or "check the network and CI_API_V4_URL, and run again")
    return without_answer(name, method, lost, error)


def _error(name: str, answer: Answer) -> ServiceError:
    message = f"{name} returned {answer.status}: {_message(answer) or 'no words'}"
    return GitLabError(message, status=answer.status, request_id=answer.request_id, hint=_HINTS.get(answer.status, _TROUBLE))


def _message(answer: Answer) -> str:
    """GitLab's error message: a string, or the first one of an object or a list."""
    said = _decoded(answer)
    words = (said.get("message") or said.get("error")) if isinstance(said, dict) else None
    if isinstance(words, dict):
        words = next(iter(words.values()), None)
    if isinstance(words, list):
        words = next(iter(words), None)
    return shown_words(words)[:_LONGEST_MESSAGE] if isinstance(words, str) else ""


def _decoded(answer: Answer) -> Any:
    """The JSON of a response, or the class NotJson."""
    try:
        return decode(answer.content)
    except NotJson:
        return NotJson


def _json(name: str, answer: Answer) -> Json:
    found = _decoded(answer)
    if found is NotJson:
        raise GitLabError(f"{name}: its response is not JSON", hint="check CI_API_V4_URL")
    return found
