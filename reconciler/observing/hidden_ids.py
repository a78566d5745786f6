"""Ids in a shared flow spec that no list shows: each is fetched once, because it may be the spec that is about to be created.

The lists have proven that token, organization and sandbox are right. A failed GET is therefore about that id alone, and does not fail
the plan.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Final

import msgspec

from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, ServiceError, ServiceUnreachable, Severity, count
from reconciler.flowservice.client import SpecReader
from reconciler.flowservice.paths import is_spec_id
from reconciler.flowservice.specs import LiveSpec
from reconciler.http.retrying import PASSING
from reconciler.observing.live import Observation, in_parallel
from reconciler.planning.plan import ActionName, Plan

_CODE: Final = re.compile(r"(?:FLOW-)?(\d{4,6}(?:-\d{3})?)")
"""Error codes of Flow Service and its gateway. Other text in the response is not repeated."""
_MAX_BROKEN: Final = 3
"""Requests that may time out before the rest are skipped."""
_NOT_ASKED: Final = "skipped"


class Hidden(msgspec.Struct, frozen=True):
    """The result for the ids: the specs that were found, and the number of failures by reason."""

    found: tuple[LiveSpec, ...] = ()
    refused: Counter[str] = msgspec.field(default_factory=Counter)


def hidden_attachments(observation: Observation, plan: Plan) -> list[tuple[Kind, str]]:
    """The ids in the flow specs of this plan that no list shows; empty for a plan without a create."""
    if not any(action.action is ActionName.CREATE for action in plan.actions):
        return []
    touched = {action.id for action in plan.actions if action.kind is Kind.FLOW_SPEC}
    shown = {spec.id for spec in observation.live}
    held = {spec_id for spec in observation.live if spec.id in touched for spec_id in spec.source_connection_spec_ids}
    return sorted((Kind.CONNECTION_SPEC, spec_id) for spec_id in held - shown if is_spec_id(spec_id))


def look_at_hidden(reader: SpecReader, hidden: Sequence[tuple[Kind, str]], concurrency: int) -> Hidden:
    """GET each id. Never raises for a response; after three requests without a usable response, the rest are skipped."""
    found: list[LiveSpec] = []
    refused: Counter[str] = Counter()
    broken = 0
    size = max(concurrency, 1)
    for some in (hidden[start : start + size] for start in range(0, len(hidden), size)):
        if broken >= _MAX_BROKEN:
            refused[_NOT_ASKED] += len(some)
            continue
        for answer in in_parallel(lambda identity: _look(reader, *identity), some, concurrency):
            if isinstance(answer, LiveSpec):
                found.append(answer)
            else:
                refused[_answered(answer)] += 1
                # retried until its deadline: no response, a temporary error, or an incomplete response
                broken += isinstance(answer, ServiceUnreachable) or answer.status in PASSING or answer.status == HTTPStatus.OK
    return Hidden(tuple(found), refused)


def with_hidden(observation: Observation, hidden: Hidden) -> Observation:
    """The observation, extended by the specs that were found."""
    return replace(observation, live=(*observation.live, *hidden.found))


def hidden_problem(hidden: Hidden) -> Problem | None:
    """A warning about the ids that cannot be read: one may be the spec to create. None if all were read."""
    if not hidden.refused:
        return None
    number = count(hidden.refused.total(), "id")
    answers = ", ".join(f"{times} {answer}" for answer, times in sorted(hidden.refused.items()))
    return Problem(
        Severity.WARNING,
        "hidden-ids",
        f"the flow specs in this plan hold {number} that this credential cannot read ({answers})",
        hint="they usually belong to other teams; if a spec of this repository has an access label, request access before you apply",
    )


def _look(reader: SpecReader, kind: Kind, spec_id: str) -> LiveSpec | ServiceError:
    try:
        return reader.get_spec(kind, spec_id)
    except ServiceError as error:
        return error


def _answered(error: ServiceError) -> str:
    if isinstance(error, ServiceUnreachable):
        return "without a response"
    if code := _CODE.fullmatch(error.server_code or ""):
        return f"returned {code[1]}"
    return "returned something other than a spec" if error.status in (None, HTTPStatus.OK) else f"returned {error.status}"
