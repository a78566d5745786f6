"""Requests to a stub, repeated as those to the third party are, but without waiting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reconciler.http.retrying import PASSING
from reconciler.sources.messages import Answer, Fetch, NoAnswer, Request


def repeating(fetch: Fetch, retries: Callable[[], bool], most: int) -> Fetch:
    """Repeat a request without an answer, and one with a status such as 429 while `retries` allows it; `most` times at most.

    The time of an answer is that of all of its attempts.
    """

    def repeated(request: Request) -> Answer | NoAnswer:
        answer, milliseconds = fetch(request), 0
        for _ in range(most):
            if not _is_passing(request, answer, retries):
                break
            milliseconds += answer.milliseconds
            answer = fetch(request)
        return replace(answer, milliseconds=answer.milliseconds + milliseconds)

    return repeated


def _is_passing(request: Request, answer: Answer | NoAnswer, retries: Callable[[], bool]) -> bool:
    if isinstance(answer, NoAnswer):
        return request.method == "GET"
    return answer.status in PASSING and retries()
