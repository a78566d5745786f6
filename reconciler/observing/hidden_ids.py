"""Ids that a shared flow spec holds and no list shows: each is looked at once, since it may be what is about to be created.

The lists of the same run have shown that token, organisation and sandbox are right. So an answer that is no spec says something about that
id alone, whatever it is, and costs nobody the plan.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Final

from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, ServiceError, ServiceUnreachable, Severity
from reconciler.flowservice.client import SpecReader
from reconciler.flowservice.paths import is_spec_id
from reconciler.flowservice.specs import LiveSpec
from reconciler.http.verdicts import PASSING
from reconciler.observing.live import Observation, in_parallel
from reconciler.planning.plan import ActionName, Plan

_CODE: Final = re.compile(r"(?:FLOW-)?(\d{4,6}(?:-\d{3})?)")
"""Codes of errors as Flow Service and its gateway spell them. Whatever else an answer has there is not repeated."""
_MAX_BROKEN: Final = 3
"""Answers that were waited for in vain, each until its deadline, before no more are asked for."""
_NOT_ASKED: Final = "not asked for"


@dataclass(frozen=True, slots=True)
class Hidden:
    """What became of the ids: the specs that were found, and how often each answer came that is none."""

    found: tuple[LiveSpec, ...] = ()
    refused: Counter[str] = field(default_factory=Counter)


def hidden_attachments(observation: Observation, plan: Plan) -> list[tuple[Kind, str]]:
    """The ids that the flow specs to attach to hold, and that no list shows: one of them may be what is about to be created."""
    if not any(action.action is ActionName.CREATE for action in plan.actions):
        return []
    touched = {action.id for action in plan.actions if action.kind is Kind.FLOW_SPEC}
    shown = {spec.id for spec in observation.live}
    held = {spec_id for spec in observation.live if spec.id in touched for spec_id in spec.source_connection_spec_ids}
    return sorted((Kind.CONNECTION_SPEC, spec_id) for spec_id in held - shown if is_spec_id(spec_id))


def look_at_hidden(reader: SpecReader, hidden: Sequence[tuple[Kind, str]], concurrency: int) -> Hidden:
    """One GET for each id. Nothing that one is answered with is raised; after three that had no answer no more are asked for."""
    found: list[LiveSpec] = []
    refused: Counter[str] = Counter()
    broken = 0
    for some in _in_groups(hidden, max(concurrency, 1)):
        if broken >= _MAX_BROKEN:
            refused[_NOT_ASKED] += len(some)
            continue
        for answer in in_parallel(lambda identity: _look(reader, *identity), some, concurrency):
            if isinstance(answer, LiveSpec):
                found.append(answer)
            else:
                refused[_answered(answer)] += 1
                broken += _was_waited_for(answer)
    return Hidden(tuple(found), refused)


def with_hidden(observation: Observation, hidden: Hidden) -> Observation:
    """The observation with the specs that were found."""
    return replace(observation, live=(*observation.live, *hidden.found))


def hidden_problem(hidden: Hidden) -> Problem | None:
    """A warning about the ids that nobody here can look at: one may be what is to be created. None where all were seen."""
    if not hidden.refused:
        return None
    count = hidden.refused.total()
    answers = ", ".join(f"{times} {answer}" for answer, times in sorted(hidden.refused.items()))
    return Problem(
        Severity.WARNING,
        "hidden-ids",
        f"the flow specs to attach to hold {count} {'id' if count == 1 else 'ids'} that this credential cannot look at ({answers})",
        hint="usually other teams'; if a spec of this repository is under an access label, ask to see it before anything is created",
    )


def _look(reader: SpecReader, kind: Kind, spec_id: str) -> LiveSpec | ServiceError:
    try:
        return reader.get_spec(kind, spec_id)
    except ServiceError as error:
        return error


def _answered(error: ServiceError) -> str:
    if isinstance(error, ServiceUnreachable):
        return "without an answer"
    if code := _CODE.fullmatch(error.server_code or ""):
        return f"returned {code[1]}"
    return "returned something other than a spec" if error.status in (None, HTTPStatus.OK) else f"returned {error.status}"


def _was_waited_for(error: ServiceError) -> bool:
    """Whether there were tries until the deadline: no answer at all, one that may pass, or half of one."""
    return isinstance(error, ServiceUnreachable) or error.status in PASSING or error.status == HTTPStatus.OK


def _in_groups(items: Sequence[tuple[Kind, str]], size: int) -> Iterator[Sequence[tuple[Kind, str]]]:
    return (items[start : start + size] for start in range(0, len(items), size))
