"""Usage: the connections and flows that use the specs which a plan changes.

Usage is informational: it is in no digest and makes no two plans differ. The guard on detaches is `safety.usage_problems`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from reconciler.documents.comparison import Cause
from reconciler.documents.kinds import Kind
from reconciler.flowservice.usage import SpecUsage, Users, UsingFlow
from reconciler.planning.plan import Action, ActionName, Plan

Spec: TypeAlias = tuple[Kind, str]
"""A live spec, by kind and id."""

MOST_SPECS: Final = 100
"""Maximum number of changed specs whose usage is queried, to bound the requests for large plans."""
_NOT_ASKED: Final = f"only the first {MOST_SPECS} changed specs are checked"
_MAY_BE_MORE: Final = "the service did not show all of them"


def changed_specs(plan: Plan) -> tuple[Spec, ...]:
    """The specs whose users the plan's actions affect, each once, in the order of the actions; at most MOST_SPECS."""
    return tuple(dict.fromkeys(spec for action in plan.actions for spec in _concerned(action)))[:MOST_SPECS]


def with_usage(plan: Plan, answers: Mapping[Spec, Users | str]) -> Plan:
    """The plan, with the usage of what its actions change. A string in place of a usage is the reason why it is not known."""
    return replace(plan, actions=tuple(_told(action, answers) for action in plan.actions))


def _concerned(action: Action) -> tuple[Spec, ...]:
    """The specs that a detach removes or an update changes. A create has no users yet; markers and attachments do not affect any."""
    if action.detaches:
        return tuple((Kind.CONNECTION_SPEC, spec_id) for spec_id in sorted({str(change.old) for change in action.detaches}))
    if action.id is None or action.action in (ActionName.CREATE, ActionName.ATTACH) or action.cause is Cause.OWNERSHIP:
        return ()
    return ((action.kind, action.id),) if len(action.changes) > len(action.attaches) else ()


def _told(action: Action, answers: Mapping[Spec, Users | str]) -> Action:
    concerned = _concerned(action)
    return replace(action, usage=usage_in([answers.get(spec, _NOT_ASKED) for spec in concerned])) if concerned else action


def usage_in(answers: Sequence[Users | str]) -> SpecUsage:
    """The combined usage of one or several specs. A flow that uses two of them counts once."""
    missing = next((answer for answer in answers if isinstance(answer, str)), None)
    if missing is not None:
        return SpecUsage(unknown=missing)
    users = [answer for answer in answers if isinstance(answer, Users)]
    flows = _each_once(flow for one in users for flow in one.flows)
    sources = _united((flow.source_connections for flow in flows), (one.source_connections for one in users))
    bases = _united((flow.base_connections for flow in flows), (one.base_connections for one in users))
    known = [flow.is_enabled for flow in flows]
    told = bool(flows) or all(one.asked_connections for one in users)
    return SpecUsage(
        base_connections=len(bases) if told and bases is not None else None,
        source_connections=len(sources) if told and sources is not None else None,
        flows=len(flows),
        enabled_flows=None if None in known else known.count(True),
        last_run_at=max((flow.last_run_at for flow in flows if flow.last_run_at is not None), default=None),
        unknown=None if all(one.is_whole for one in users) else _MAY_BE_MORE,
    )


def _each_once(flows: Iterable[UsingFlow]) -> list[UsingFlow]:
    """The flows, one per id, with the entries for different specs merged. Flows without an id are kept separate."""
    found: dict[str | int, UsingFlow] = {}
    for number, flow in enumerate(flows):
        same = found.get(flow.id) if flow.id else None
        found[flow.id or number] = flow if same is None else _both(same, flow)
    return list(found.values())


def _both(one: UsingFlow, other: UsingFlow) -> UsingFlow:
    return replace(
        one,
        source_connections=_united((one.source_connections, other.source_connections)),
        base_connections=_united((one.base_connections, other.base_connections)),
    )


def _united(*groups: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    """The combined lists; None if one of them is not known."""
    told = [ids for group in groups for ids in group]
    known = [ids for ids in told if ids is not None]
    return frozenset[str]().union(*known) if len(known) == len(told) else None
