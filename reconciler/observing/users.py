"""Asking who uses what a plan changes: one query for each changed spec at the most, and none that cannot be afforded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from reconciler.documents.kinds import Kind
from reconciler.errors import ServiceError
from reconciler.flowservice.client import SpecReader
from reconciler.flowservice.paths import is_spec_id
from reconciler.flowservice.specs import Usage
from reconciler.flowservice.usage import Users
from reconciler.observing.live import in_parallel
from reconciler.planning.plan import Plan
from reconciler.planning.usage import Spec, changed_specs, with_usage

_NO_ANSWER: Final = "the service was asked, and gave no usable answer"
_NO_ID: Final = "its id cannot be asked about"
_SERVER_CODE: Final = re.compile(r"(?:FLOW-)?\d{3,6}-\d{3}", re.ASCII)


def tell_users(reader: SpecReader, plan: Plan, guarded: Mapping[str, Usage | str], concurrency: int) -> Plan:
    """The plan, its actions with who uses what they change. Whatever goes wrong, there is a plan: it says that it cannot be told.

    `guarded` has what the guard over detaches was told, by connection spec id; that is not asked again.
    """
    known = {(Kind.CONNECTION_SPEC, spec_id): _guarded(answer) for spec_id, answer in guarded.items()}
    asked = [spec for spec in changed_specs(plan) if spec not in known]
    asking = _Asking(reader)
    return with_usage(plan, known | dict(zip(asked, in_parallel(asking.users_of, asked, concurrency), strict=True)))


class _Asking:
    """One question for each spec, until one of its kind gets no answer: the others would wait as long, and get none either."""

    def __init__(self, reader: SpecReader) -> None:
        self._reader = reader
        self._failed: dict[Kind, str] = {}

    def users_of(self, spec: Spec) -> Users | str:
        kind, spec_id = spec
        if not is_spec_id(spec_id):
            return _NO_ID
        if kind not in self._failed:
            try:
                return self._reader.users_of(kind, spec_id)
            except ServiceError as error:
                self._failed[kind] = _reason(error)
        return self._failed[kind]


def _guarded(answer: Usage | str) -> Users | str:
    return answer.users if isinstance(answer, Usage) else _NO_ANSWER


def _reason(error: ServiceError) -> str:
    """Why there is no answer, without what is another in each run: the request's id."""
    if error.status is None or error.status < HTTPStatus.BAD_REQUEST:
        return _NO_ANSWER
    code = f" {error.server_code}" if error.server_code and _SERVER_CODE.fullmatch(error.server_code) else ""
    return f"the service returned {error.status}{code}"
