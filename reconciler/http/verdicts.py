"""What one outcome may mean for its call: a value, or another try. Who judges raises ServiceError when no other try would help."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, TypeAlias, TypeVar

from reconciler.errors import ServiceError

T = TypeVar("T")

PASSING: Final = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
"""Statuses that another GET may not meet."""


@dataclass(frozen=True, slots=True)
class Again:
    """Another try may help; `error` is what to raise when there is none. `at_once` is for a try that has nothing to wait for."""

    error: ServiceError
    at_once: bool = False


Verdict: TypeAlias = T | Again
