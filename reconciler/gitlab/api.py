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
from reconciler.http.code_hosts import NOT_JSON, UNNAMED, Fields, Lost, is_usable, refusal, refusal_hint, refused, without_answer
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
_REDIRECTED: Final = "check CI_API_V4_URL: the token does not follow a redirect"


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
        return _fields("GET", "/user", self._call("GET", f"{self.url}/user", "/user")).number("id")

    def get(self, path: str) -> Fields:
        """Return the answer at this path. Raises ServiceError."""
        return _fields("GET", path, self._call("GET", self._url(path), path))

    def file(self, path: str) -> bytes:
        """Return the bytes at this path. Raises ServiceError."""
        return bytes(self._call("GET", self._url(path), path, is_json=False).content)

    def pages(self, path: str) -> Iterator[Fields]:
        """The items of a list, over all pages. Raises ServiceError."""
        page = "1"
        for _ in range(MAX_PAGES):
            answer = self._call("GET", self._url(f"{path}{'&' if '?' in path else '?'}per_page={PAGE}&page={page}"), path)
            found = _fields("GET", path, answer)
            if not isinstance(found.answer, list):
                raise GitLabError(f"{found.request} did not return a list", hint=found.hint)
            yield from found.listed(found.answer)
            page = answer.headers.get("x-next-page", "?" if len(found.answer) >= PAGE else "")
            if not page:
                return
            if not _NUMBER.fullmatch(page):
                raise GitLabError(
                    f"{found.request} did not say whether the list has more pages",
                    hint="let the header x-next-page through, if there is a proxy before GitLab",
                )
        raise GitLabError(f"{_name('GET', path)} has more than {MAX_PAGES * PAGE:,} items", hint="check CI_API_V4_URL")

    def post_once(self, path: str, body: Mapping[str, Json], find: Callable[[], Fields | None]) -> Fields:
        """Create an object; if the response is lost, use the one that `find` returns, to avoid a duplicate. Raises ServiceError."""
        try:
            return _fields("POST", path, self._call("POST", self._url(path), path, body))
        except AnswerLost:
            made = find()
            if made is None:
                raise
            return made

    def put(self, path: str, body: Mapping[str, Json]) -> Fields:
        """Update an object. Raises ServiceError."""
        return _fields("PUT", path, self._call("PUT", self._url(path), path, body))

    def _url(self, path: str) -> str:
        return f"{self.url}/projects/{self.project}{path}"

    def _call(
        self, method: Method, url: str, path: str, body: Mapping[str, Json] | None = None, *, is_json: bool = True
    ) -> Answer:
        content, place, name = None if body is None else encode(body), _place(path), _name(method, path)

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


def _judge(name: str, method: Method, outcome: Outcome, *, is_json: bool) -> Verdict[Answer]:
    if not isinstance(outcome, Answer):
        return _unanswered(name, method, Lost(outcome.reason, outcome.sent, outcome.lasting), outcome.hint)
    if outcome.is_success:
        answer = _decoded(outcome) if is_json else None
        if answer is NotJson:
            return _unanswered(name, method, NOT_JSON)
        return outcome if is_usable(method, answer) else _unanswered(name, method, UNNAMED)
    return refused(method, _error(name, method, outcome), waits=outcome.status == HTTPStatus.TOO_MANY_REQUESTS)


def _unanswered(name: str, method: Method, lost: Lost, hint: str | None = None) -> Again:
    error = GitLabError(f"{name}: {lost.reason}", hint=hint or "check the network and CI_API_V4_URL, and run again")
    return without_answer(name, method, lost, error)


def _error(name: str, method: Method, answer: Answer) -> ServiceError:
    message = refusal(name, answer.status, _message(answer))
    hint = _REDIRECTED if answer.is_redirect else refusal_hint("GitLab", method, answer.status, _HINTS)
    return GitLabError(message, status=answer.status, request_id=answer.request_id, hint=hint)


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


def _fields(method: Method, path: str, answer: Answer) -> Fields:
    return Fields(_decoded(answer), _name(method, path), GitLabError, "check CI_API_V4_URL")


def _name(method: Method, path: str) -> str:
    """What messages call this request."""
    return f"GitLab {method} {_place(path)}"


def _place(path: str) -> str:
    return path.partition("?")[0]
