"""What an unusable response of a code host means for the call: a read or an idempotent write is repeated, a POST never."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.errors import AnswerLost, ServiceError
from reconciler.http.messages import Method
from reconciler.http.retrying import PASSING, Again

_UNSURE = "so the write may or may not have happened"
_CHECK = "check whether it exists"


@dataclass(frozen=True, slots=True)
class Lost:
    """Why there is no usable response. `sent`: the request may have arrived; `lasting`: another try cannot help."""

    reason: str
    sent: bool = True
    lasting: bool = False


NOT_JSON = Lost("its response is incomplete, or not JSON")


def without_answer(name: str, method: Method, lost: Lost, error: ServiceError) -> Again:
    """A retry with this error. Raises AnswerLost for a POST that may have arrived, and `error` if another try cannot help."""
    if lost.sent and method == "POST":
        raise AnswerLost(f"{name}: {lost.reason}, {_UNSURE}", hint=_CHECK)
    if lost.lasting:
        raise error
    return Again(error)


def refused(method: Method, error: ServiceError, *, waits: bool) -> Again:
    """A retry with this error response; with `waits`, of one that the host delays. Raises AnswerLost for a POST that may have happened.

    Raises `error` if another try would not help.
    """
    if waits:
        return Again(error)
    if error.status not in PASSING:
        raise error
    if method == "POST":
        raise AnswerLost(f"{error.message}, {_UNSURE}", status=error.status, hint=_CHECK)
    return Again(error)
