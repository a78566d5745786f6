"""A client for the GitHub REST API: one token, one repository, with retries, paging and error messages.

Sources: GitHub docs, "Using pagination in the REST API", "Rate limits for the REST API" (retry delays), "Troubleshooting the REST API". GET
and PATCH (which is idempotent here) are retried after any transient failure. POST is retried only if it certainly had no effect; if that is
unknown it raises `AnswerLost`, and the caller checks whether the object exists.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from reconciler.documents.json_text import Json, NotJson, decode, encode
from reconciler.errors import AnswerLost, GitHubError, ServiceError, UsageError
from reconciler.http.clock import Clock, Stop
from reconciler.http.code_hosts import NOT_JSON, UNNAMED, Fields, Lost, is_usable, refusal, refusal_hint, refused, without_answer
from reconciler.http.messages import USER_AGENT, Answer, Method, Outcome, Request, fresh_request_id
from reconciler.http.pause import retry_after
from reconciler.http.retrying import Again, Attempt, Caller, Dependencies, Verdict
from reconciler.http.secrets.disclosure import shown_words
from reconciler.http.transport import Transport, Wire
from reconciler.secret import Secret
from reconciler.settings.values import Network

API_VERSION: Final = "2022-11-28"
PAGE: Final = 100
"""Items per page, the maximum that GitHub allows."""
MAX_PAGES: Final = 1_000
MAX_BYTES: Final = 128 * 1024 * 1024
"""Of one response: a page of check runs, each with the longest texts, has half of it."""

_NETWORK: Final = Network(timeout=30.0, deadline=180.0, retries=6)
_SECONDARY_WAIT: Final = 60.0
"""Seconds to wait after a secondary rate limit without a time (docs: "wait for at least one minute")."""
_REFUSALS: Final = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})
_NEXT: Final = re.compile(r'<([^<>]+)>\s*;[^,]*\brel="?next"?')
_SENDABLE: Final = re.compile(r"[\x21-\x7e]+")
_LONGEST_MESSAGE: Final = 300
_LATER: Final = "run again later"
_HINTS: Final[Mapping[int, str]] = {
    HTTPStatus.UNAUTHORIZED: "pass the job's token as GITHUB_TOKEN; it expires with the job",
    HTTPStatus.FORBIDDEN: (
        "change what the message names in the settings on GitHub; if it names a permission, add it under `permissions:`"
    ),
    HTTPStatus.NOT_FOUND: "check that it exists, and that the job's token can read it (`permissions:`)",
    HTTPStatus.GONE: "enable it in the settings of the repository; if the message says that it was deleted, run again",
    HTTPStatus.TOO_MANY_REQUESTS: _LATER,
}
_NO_PERMISSION: Final = "add the permission under `permissions:`; a pull request from a fork never has it"
_MOVED: Final = "it may have been renamed or moved since this run began: start a new run; if this stays, check GITHUB_API_URL"
_CHECK: Final = "check GITHUB_API_URL"


@dataclass(frozen=True, slots=True)
class GitHub:
    """A client for one repository. Paths are relative to `/repos/{owner}/{repo}`."""

    url: str
    repository: str
    token: Secret
    caller: Caller
    dependencies: Dependencies

    def close(self) -> None:
        self.dependencies.transport.close()

    def get(self, path: str) -> Fields:
        """Return the answer at this path. Raises ServiceError."""
        return self._call("GET", self._url(path), path)[0]

    def pages(self, path: str, key: str | None = None) -> Iterator[Fields]:
        """The items of a list, over all pages; `key` is where the list is in a page that is an object. Raises ServiceError."""
        first = url = self._url(f"{path}{'&' if '?' in path else '?'}per_page={PAGE}")
        for number in range(1, MAX_PAGES + 1):
            page, answer = self._call("GET", url, path)
            if key is None and not isinstance(page.answer, list):
                raise GitHubError(f"{page.request} did not return a list", hint=page.hint)
            items = page.listed(page.answer) if key is None else page.items(key)
            yield from items
            following = self._next(answer, page.request)
            if following is None and "link" not in answer.headers and len(items) >= PAGE:
                following = f"{first}&page={number + 1}"  # the list ends here, or a proxy drops the header
            if following is None:
                return
            url = following
        raise GitHubError(f"{page.request} has more than {MAX_PAGES:,} pages", hint=page.hint)

    def post(self, path: str, body: Mapping[str, Json]) -> Fields:
        """Create an object. Raises AnswerLost if it may have been created, ServiceError if it was not."""
        return self._call("POST", self._url(path), path, body)[0]

    def post_once(self, path: str, body: Mapping[str, Json], find: Callable[[], Fields | None]) -> Fields:
        """Create an object; if the response is lost, use the one that `find` returns, to avoid a duplicate. Raises ServiceError."""
        try:
            return self.post(path, body)
        except AnswerLost:
            made = find()
            if made is None:
                raise
            return made

    def patch(self, path: str, body: Mapping[str, Json]) -> Fields:
        """Update an object. Raises ServiceError."""
        return self._call("PATCH", self._url(path), path, body)[0]

    def _url(self, path: str) -> str:
        return f"{self.url}/repos/{self.repository}{path}"

    def _next(self, answer: Answer, request: str) -> str | None:
        """The URL of the next page. It must be below the API's URL, because the token is sent there."""
        found = _NEXT.search(answer.headers.get("link", ""))
        if found is None:
            return None
        if not found[1].startswith(f"{self.url}/"):
            raise GitHubError(f"{request} returned a link to its next page that points elsewhere", hint=_CHECK)
        return found[1]

    def _call(self, method: Method, url: str, path: str, body: Mapping[str, Json] | None = None) -> tuple[Fields, Answer]:
        content, place = None if body is None else encode(body), path.partition("?")[0] or f"/repos/{self.repository}"
        name = f"GitHub {method} {place}"

        def prepare(_deadline: float) -> Request:
            headers = {
                "Authorization": f"Bearer {self.token.reveal()}",
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": API_VERSION,
                "User-Agent": USER_AGENT,
            } | ({} if content is None else {"Content-Type": "application/json"})
            return Request(method, url, place, fresh_request_id(self.dependencies.rng), headers, content)

        return self.caller.call(Attempt(name, prepare, lambda outcome: _judge(name, method, outcome)))


def connect_github(
    url: str,
    repository: str,
    token: str,
    *,
    clock: Clock,
    rng: random.Random,
    wire: Wire | None = None,
    stop: Stop | None = None,
) -> GitHub:
    """Return a client, which the caller closes. It sends nothing before its first call. Raises UsageError without a valid token."""
    if not _SENDABLE.fullmatch(token):
        raise UsageError(
            f"GITHUB_TOKEN is {'not one' if token else 'not set'}", hint="pass it: env: {GITHUB_TOKEN: ${{ github.token }}}"
        )
    transport = Transport(clock, wire, max_bytes=MAX_BYTES)
    transport.secrets.add(token)
    dependencies = Dependencies(transport, _NETWORK, clock, rng, stop, waits=asked_to_wait, setting=None)
    return GitHub(url, repository, Secret(token), Caller(dependencies), dependencies)


def asked_to_wait(answer: Answer, now: float) -> float | None:
    """The delay that GitHub requests: `Retry-After`, or the reset of an exhausted limit; None if there is none."""
    if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
        return retry_after(answer.headers.get("retry-after"), now, answer.headers.get("date")) or 0.0
    if answer.status not in _REFUSALS:
        return None
    if (seconds := retry_after(answer.headers.get("retry-after"), now, answer.headers.get("date"))) is not None:
        return seconds
    if answer.headers.get("x-ratelimit-remaining") == "0":
        reset = answer.headers.get("x-ratelimit-reset", "")
        return max(float(reset) - now, 0.0) + 1.0 if reset.isdecimal() and len(reset) < PAGE else _SECONDARY_WAIT
    return _SECONDARY_WAIT if "rate limit" in _message(answer).lower() else None


def _judge(name: str, method: Method, outcome: Outcome) -> Verdict[tuple[Fields, Answer]]:
    if not isinstance(outcome, Answer):
        return _unanswered(name, method, Lost(outcome.reason, outcome.sent, outcome.lasting), outcome.hint)
    if outcome.is_success:
        try:
            answer = decode(outcome.content)
        except NotJson:
            return _unanswered(name, method, NOT_JSON)
        if not is_usable(method, answer):
            return _unanswered(name, method, UNNAMED)
        return Fields(answer, name, GitHubError, _CHECK), outcome
    waits = outcome.status == HTTPStatus.TOO_MANY_REQUESTS or (
        outcome.status in _REFUSALS and asked_to_wait(outcome, 0.0) is not None
    )
    return refused(method, _error(name, method, outcome, waits=waits), waits=waits)


def _unanswered(name: str, method: Method, lost: Lost, hint: str | None = None) -> Again:
    error = GitHubError(f"{name}: {lost.reason}", hint=hint or "check the network and GITHUB_API_URL, and run again")
    return without_answer(name, method, lost, error)


def _error(name: str, method: Method, answer: Answer, *, waits: bool) -> ServiceError:
    said, hint = _message(answer), refusal_hint("GitHub", method, answer.status, _HINTS)
    message = refusal(name, answer.status, said)
    if waits:
        hint = _LATER
    elif answer.is_redirect:
        hint = _MOVED
    elif answer.status == HTTPStatus.FORBIDDEN and (not said or "not accessible" in said.lower()):
        hint = _NO_PERMISSION
        if needed := answer.headers.get("x-accepted-github-permissions"):
            message += f" (it needs one of: {shown_words(needed)[:_LONGEST_MESSAGE]})"
    return GitHubError(message, status=answer.status, request_id=answer.request_id, hint=hint)


def _message(answer: Answer) -> str:
    """GitHub's error message, with the first validation error."""
    try:
        said = decode(answer.content)
    except NotJson:
        return ""
    if not isinstance(said, dict) or not isinstance(said.get("message"), str):
        return ""
    errors = said.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else None
    detail = first.get("message") if isinstance(first, dict) else first
    words = f"{said['message']}: {detail}" if isinstance(detail, str) else said["message"]
    return shown_words(words)[:_LONGEST_MESSAGE]
