"""Finds who uses the specs that a plan changes: at most one query per changed spec, with a limit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

from reconciler.documents.kinds import Kind
from reconciler.errors import ServiceError
from reconciler.flowservice.client import SpecReader
from reconciler.flowservice.paths import is_spec_id
from reconciler.flowservice.specs import Usage
from reconciler.flowservice.usage import Users
from reconciler.planning.plan import Plan
from reconciler.planning.usage import Spec, with_usage

_NO_ANSWER: Final = "the service gave no usable response"
_NO_ID: Final = "its id is not valid in a query"
_SERVER_CODE: Final = re.compile(r"(?:FLOW-)?\d{3,6}-\d{3}", re.ASCII)


@contextmanager
def asking_users(
    reader: SpecReader, specs: Iterable[Spec], guarded: Mapping[str, Usage | str], concurrency: int
) -> Iterator[Callable[[Plan], Plan]]:
    """Ask who uses these specs, beside whatever the caller does until it needs the answers.

    Gives a function that waits for them and returns a plan with the users of the spec in each action. It never fails: if a query fails,
    the action has the reason. `guarded` has the results of the guard on detaches, by connection spec id; those are not queried again.
    """
    known: dict[Spec, Users | str] = {
        (Kind.CONNECTION_SPEC, spec_id): answer.users if isinstance(answer, Usage) else _NO_ANSWER
        for spec_id, answer in guarded.items()
    }
    asked = [spec for spec in specs if spec not in known]
    failed: dict[Kind, str] = {}

    def users_of(spec: Spec) -> Users | str:
        kind, spec_id = spec
        if not is_spec_id(spec_id):
            return _NO_ID
        if kind not in failed:  # after one failure, further queries of this kind would wait as long and fail too
            try:
                return reader.users_of(kind, spec_id)
            except ServiceError as error:
                failed[kind] = _reason(error)
        return failed[kind]

    with ThreadPoolExecutor(max_workers=concurrency, thread_name_prefix="worker") as workers:
        answers = workers.map(users_of, asked)
        try:
            yield lambda plan: with_usage(plan, known | dict(zip(asked, answers, strict=True)))
        finally:
            workers.shutdown(wait=False, cancel_futures=True)


def _reason(error: ServiceError) -> str:
    """Why the query failed, without the request id, which differs in every run."""
    if error.status is None or error.status < HTTPStatus.BAD_REQUEST:
        return _NO_ANSWER
    code = f" {error.server_code}" if error.server_code and _SERVER_CODE.fullmatch(error.server_code) else ""
    return f"the service returned {error.status}{code}"
