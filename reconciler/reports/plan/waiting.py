"""What waits at a gate, in reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from reconciler.documents.comparison import Cause
from reconciler.documents.kinds import Kind
from reconciler.planning.gate import GateName, Wait
from reconciler.planning.gating.upstream import by_spec
from reconciler.planning.plan import ActionName, Plan
from reconciler.wording.moments import moment


class WaitView(Struct, frozen=True, forbid_unknown_fields=True):
    """One reason to wait: the target that it is about, the gate, and the moments (ISO 8601) of a soak that has begun."""

    on: str
    gate: GateName
    message: str
    hint: str | None = None
    since: str | None = None
    until: str | None = None


class WaitingView(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What would be done to one object if the gates let it, and why they do not."""

    kind: Kind
    key: str | None
    name: str
    id: str | None
    action: ActionName
    cause: Cause | None
    waits: tuple[WaitView, ...] = ()


def waiting_in(plan: Plan) -> Iterator[WaitingView]:
    """What waits, in the order of the plan."""
    for action in plan.waiting:
        gates = [plan.gates[identity] for identity in by_spec(plan, [action]) if identity in plan.gates]
        waits = dict.fromkeys(wait for gate in gates for wait in gate.waits)
        yield WaitingView(
            kind=action.kind,
            key=action.key,
            name=action.name,
            id=action.id,
            action=action.action,
            cause=action.cause,
            waits=tuple(map(wait_view, waits)),
        )


def wait_view(wait: Wait) -> WaitView:
    """The view of one reason."""
    since, until = (None if at is None else moment(at) for at in (wait.since, wait.until))
    return WaitView(wait.on, wait.gate, wait.message, wait.hint, since, until)


def first_until(waiting: Iterable[WaitingView]) -> str | None:
    """When the first of these may go on, if only time is missing for it; None if none says."""
    ends = [max(times) for one in waiting if (times := _times(one)) is not None]
    return min(ends, default=None)


def _times(one: WaitingView) -> list[str] | None:
    times = [wait.until for wait in one.waits if wait.until is not None]
    return times if times and len(times) == len(one.waits) else None
