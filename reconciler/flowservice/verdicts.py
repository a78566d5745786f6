"""Classifies one outcome of a call: a value, an error, or a retry. Nothing here waits or sends.

A GET is retried after any error that may be temporary. A write is retried only if no connection was made, so that it certainly did not take
effect. After a 429 it may be sent again once its caller has checked the spec (RefusedForNow). Other 4xx responses mean that it did not take
effect. Any other error may follow a completed write, so it is AnswerLost.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final, TypeVar

from reconciler.documents.json_text import NotJson
from reconciler.errors import AnswerLost, RefusedForNow, ServiceError, ServiceUnreachable
from reconciler.flowservice.error_answers import redirected, service_error
from reconciler.flowservice.hints import CHECK_BASE_URL
from reconciler.flowservice.messages import Call
from reconciler.http.bodies import WrongShape
from reconciler.http.messages import Answer, Failure, Outcome
from reconciler.http.retrying import PASSING, Again, Verdict

T = TypeVar("T")

_LOOK: Final = "check what is live before writing again: run `reconciler plan`"


def judge_read(call: Call, outcome: Outcome, decode: Callable[[Answer], T]) -> Verdict[T]:
    """Classify the outcome of a GET. Raises ServiceError if a retry would not help."""
    if isinstance(outcome, Failure):
        return _unless_lasting(call, outcome)
    if outcome.is_redirect:
        raise redirected(call, outcome)
    if not outcome.is_success:
        error = service_error(call, outcome)
        if outcome.status in PASSING:
            return Again(error)
        raise error
    try:
        return decode(outcome)
    except NotJson as error:
        return Again(_unreadable(call, outcome, f"is incomplete, or not JSON: {error}"))
    except WrongShape as error:
        reason = str(error)
    raise _unreadable(call, outcome, f"has an unexpected form: {reason}")


def judge_write(call: Call, outcome: Outcome, decode: Callable[[Answer], T]) -> Verdict[T]:
    """Classify the outcome of a POST or PUT. Raises ServiceError if it did not take effect, AnswerLost if it may have."""
    if isinstance(outcome, Failure):
        if not outcome.sent:
            return _unless_lasting(call, outcome)
        raise AnswerLost(f"{call}: {outcome.reason}, so the write may or may not have happened", hint=outcome.hint or _LOOK)
    if outcome.status == HTTPStatus.TOO_MANY_REQUESTS:
        raise refused_for_now(call, outcome)
    if outcome.is_redirect and outcome.status != HTTPStatus.SEE_OTHER:
        raise redirected(call, outcome)
    if HTTPStatus.BAD_REQUEST <= outcome.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        raise service_error(call, outcome)
    if not outcome.is_success:
        raise _lost(outcome, service_error(call, outcome).message)
    try:
        return decode(outcome)
    except (NotJson, WrongShape) as error:
        reason = str(error)
    raise _lost(outcome, f"{call} returned {outcome.status} with an unreadable body: {reason} (request id {outcome.request_id})")


def refused_for_now(call: Call, answer: Answer) -> RefusedForNow:
    """The error of a write that may be sent again once a check shows that it did not take effect."""
    return service_error(call, answer).said_as(RefusedForNow)


def _unless_lasting(call: Call, failure: Failure) -> Again:
    error = ServiceUnreachable(f"{call}: {failure.reason}", hint=failure.hint or "check the network and base_url, and run again")
    if failure.lasting:
        raise error
    return Again(error)


def _unreadable(call: Call, answer: Answer, reason: str) -> ServiceError:
    message = f"{call} returned {answer.status} with a body that {reason} (request id {answer.request_id})"
    return ServiceError(message, status=answer.status, request_id=answer.request_id, hint=CHECK_BASE_URL)


def _lost(answer: Answer, message: str) -> AnswerLost:
    lost = f"{message}, so the write may or may not have happened"
    return AnswerLost(lost, status=answer.status, request_id=answer.request_id, hint=_LOOK)
