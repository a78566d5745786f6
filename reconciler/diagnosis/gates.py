"""Which gate stopped a question: the token, the API key, the organization, the sandbox, or a permission.

The codes are those of the gateway and of Flow Service (docs: Platform troubleshooting guide; Sources, "Flow Service error messages"). An
answer of Flow Service itself shows that the gateway let the token and the API key pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from reconciler.diagnosis.probing import Seen
from reconciler.flowservice.hints import SANDBOX_CODES


class Gate(StrEnum):
    """What a question has to pass, in the order in which it is checked."""

    TOKEN = "token"  # noqa: S105 - the name of a gate
    API_KEY = "api-key"
    ORGANIZATION = "organization"
    SANDBOX = "sandbox"
    PERMISSION = "permission"


_CODES: Final[Mapping[int, Gate]] = {
    401013: Gate.TOKEN,
    403010: Gate.TOKEN,
    403000: Gate.API_KEY,
    403003: Gate.API_KEY,
    400003: Gate.ORGANIZATION,
    403025: Gate.ORGANIZATION,
    403027: Gate.ORGANIZATION,
    2000: Gate.ORGANIZATION,
    2001: Gate.ORGANIZATION,
    2002: Gate.ORGANIZATION,
    1100: Gate.PERMISSION,
    2118: Gate.PERMISSION,
    2120: Gate.PERMISSION,
    2121: Gate.PERMISSION,
} | dict.fromkeys(SANDBOX_CODES, Gate.SANDBOX)
_OF_THE_GATEWAY: Final = 100_000
"""Codes from here on have the status in front of them: they are of the gateway before the service."""


def gate_of(seen: Seen) -> Gate | None:
    """The gate that stopped this question; None if it passed all of them, or if the answer does not say."""
    if seen.answer is None or seen.is_success:
        return None
    found = _CODES.get(seen.complaint.number or 0)
    if found is None and seen.status == HTTPStatus.UNAUTHORIZED:
        return Gate.TOKEN
    if found is None and seen.status == HTTPStatus.FORBIDDEN:
        return Gate.PERMISSION
    return found


def is_of_flow_service(seen: Seen) -> bool:
    """Whether an error answer is from Flow Service, behind the gateway. A failure may be of anything on the way."""
    number = seen.complaint.number
    if seen.status is None or seen.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return False
    return seen.complaint.from_flow_service and (number is None or number < _OF_THE_GATEWAY)


def passed(gate: Gate, answers: Iterable[Seen]) -> Seen | None:
    """An answer that shows that this gate is open, unless one is `stopped`: a success; for token and API key, one of Flow Service."""
    found = tuple(answers)
    success = next((seen for seen in found if seen.is_success and _shows(gate, seen)), None)
    if success is not None or gate not in (Gate.TOKEN, Gate.API_KEY):
        return success
    return next((seen for seen in found if is_of_flow_service(seen)), None)


def stopped(gate: Gate, answers: Iterable[Seen]) -> Seen | None:
    """The first answer that shows that this gate is closed."""
    return next((seen for seen in answers if gate_of(seen) is gate), None)


def why_not(seen: Seen) -> str:
    """What kept a question from its answer."""
    gate = gate_of(seen)
    is_checked_there = gate not in (None, Gate.PERMISSION) and _shows(gate, seen)
    return f"refused before it was answered, see {gate}" if is_checked_there else seen.reason or seen.error.message


def _shows(gate: Gate, seen: Seen) -> bool:
    """The list of sandboxes is asked for without the name of one, so it says nothing about that."""
    return gate is not Gate.SANDBOX or seen.call.service != "sandbox-management"
