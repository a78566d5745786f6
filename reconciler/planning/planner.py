"""From a situation to a plan: every spec file, every flow spec that is attached to, every orphan, and the guards over all of it."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterable
from dataclasses import replace

from reconciler.documents.comparison import Cause
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, UsageError
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.attachments import Attachment, FlowTarget, find_flow_spec, flow_spec_problem
from reconciler.planning.causes import combine
from reconciler.planning.context import Context, Outcome, Situation, make_context
from reconciler.planning.digest import plan_digest
from reconciler.planning.fingerprints import fingerprint
from reconciler.planning.identity import Match
from reconciler.planning.orphans import detach_changes, report_orphans, retire
from reconciler.planning.plan import COLLECTIONS, Action, ActionName, Plan, Request, SpecStatus, State
from reconciler.planning.safety import limit_problems
from reconciler.planning.spec_actions import attach_change, plan_spec

_ORDER = {Kind.CONNECTION_SPEC: 0, Kind.FLOW_SPEC: 1}


def make_plan(situation: Situation) -> Plan:
    """What apply would do in this situation.

    Raises UsageError for a key that no spec file has.
    """
    _check_keys(situation)
    context = make_context(situation)
    outcomes = [
        plan_spec(context, match) for match in _of_kind(context, Kind.CONNECTION_SPEC) if context.in_scope(match.desired.key)
    ]
    wishes, problems = _wishes(context, outcomes)
    flow_specs = [
        plan_spec(context, match, tuple(item for name, item in wishes if name.file is match.desired))
        for match in _of_kind(context, Kind.FLOW_SPEC)
        if context.in_scope(match.desired.key)
    ]
    orphans = report_orphans(context)
    everything = [*outcomes, *flow_specs, *orphans]
    actions = [outcome.action for outcome in everything if outcome.action]
    actions += [*_bare_attachments(context, wishes, actions), *retire(context)]
    return _assemble(context, everything, tuple(sorted(actions, key=_turn)), problems)


def _assemble(context: Context, outcomes: list[Outcome], actions: tuple[Action, ...], problems: list[Problem]) -> Plan:
    situation = context.situation
    found = [problem for problem in situation.desired.problems if not (situation.options.prune and problem.code == "no-specs")]
    found += [problem for outcome in outcomes for problem in outcome.problems]
    found += [*problems, *limit_problems(actions, situation.options)]
    return Plan(
        target=situation.target,
        repository=situation.owner.repository,
        commit=situation.commit,
        options=situation.options,
        actions=actions,
        problems=tuple(sorted(found, key=_weight)),
        specs=tuple(sorted((outcome.status for outcome in outcomes if outcome.status), key=_place)),
        digest=plan_digest(situation.target, situation.options, actions),
        proven=any(situation.owner.owns(marker) for marker in context.index.markers.values()),
    )


def _wishes(context: Context, outcomes: list[Outcome]) -> tuple[list[tuple[FlowTarget, Attachment]], list[Problem]]:
    """Each attachment that the files ask for, with the flow spec that it belongs in.

    A source out of scope is named for the flow spec files that own their list, and attached nowhere.
    """
    states = {outcome.status.key: outcome.status.state for outcome in outcomes if outcome.status}
    named = functools.cache(lambda name: find_flow_spec(name, context.matches, context.index))
    wishes: list[tuple[FlowTarget, Attachment]] = []
    problems: list[Problem] = []
    for match in _of_kind(context, Kind.CONNECTION_SPEC):
        state = states.get(match.desired.key, State.IN_SYNC)
        if state in (State.ERROR, State.AHEAD) or (match.live is None and state is not State.CREATE):
            continue
        attachment = Attachment(match, match.live.id if match.live else None)
        for name in match.desired.flow_specs:
            flow = named(name)
            if isinstance(flow, FlowTarget) and _can_hold(context, flow):
                wishes.append((flow, attachment))
            elif context.in_scope(match.desired.key):
                problems.append(flow_spec_problem(match, name, flow if isinstance(flow, tuple) else ()))
    return wishes, problems


def _can_hold(context: Context, flow: FlowTarget) -> bool:
    """Whether the flow spec is live, or made by this plan."""
    return flow.live is not None or (flow.file is not None and context.in_scope(flow.file.key))


def _bare_attachments(context: Context, wishes: list[tuple[FlowTarget, Attachment]], actions: list[Action]) -> list[Action]:
    """One action for each live flow spec that has no action of its own and needs ids, or is to lose those of orphans."""
    planned = {action.id for action in actions}
    flows = [spec for spec in context.situation.live if spec.kind is Kind.FLOW_SPEC and spec.id not in planned]
    wanted: dict[str, list[Attachment]] = {}
    for flow, attachment in wishes:
        if flow.live and flow.live.id not in planned and context.in_scope(attachment.key):
            wanted.setdefault(flow.live.id, []).append(attachment)
    made = [_attach(context, flow, wanted.get(flow.id, [])) for flow in flows]
    return [action for action in made if action]


def _attach(context: Context, flow: LiveSpec, attachments: list[Attachment]) -> Action | None:
    held = frozenset(flow.source_connection_spec_ids)
    missing = sorted((item for item in attachments if item.id not in held), key=lambda item: item.key)
    added = tuple(attach_change(context, item, flow) for item in missing)
    removed = detach_changes(context, flow)
    if not added and not removed:
        return None
    name = ActionName.UPDATE if added and removed else ActionName.ATTACH if added else ActionName.DETACH
    action = Action(
        kind=Kind.FLOW_SPEC,
        key=None,
        name=flow.name,
        id=flow.id,
        action=name,
        cause=combine(change.cause for change in added) or (Cause.PENDING if removed else None),
        fingerprint="",
        changes=(*removed, *added),
        requests=(Request("PUT", f"{COLLECTIONS[Kind.FLOW_SPEC]}/{flow.id}"),),
        updated_at=flow.updated_at,
        updated_by=flow.updated_by,
        sources=tuple(item.reference for item in missing),
        held=flow.source_connection_spec_ids,
        owner=context.index.marker(flow),
    )
    return replace(action, fingerprint=fingerprint(action, flow))


def _of_kind(context: Context, kind: Kind) -> list[Match]:
    return [match for match in context.matches if match.desired.kind is kind]


def _check_keys(situation: Situation) -> None:
    known = {desired.key for desired in situation.desired.specs}
    asked: Iterable[str] = (*situation.options.keys, *situation.options.allow_create)
    for key in asked:
        if key in known:
            continue
        near = difflib.get_close_matches(key, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else "`reconciler status` lists the keys that there are"
        raise UsageError(f"no spec file has the key {key!r}", hint=hint)


def _turn(action: Action) -> tuple[int, int, str, str]:
    """Connection specs before the flow specs that hold them; retirements after the detaches."""
    return (2 if action.retires else _ORDER[action.kind], 0 if action.key else 1, action.key or action.name, action.id or "")


def _weight(problem: Problem) -> tuple[int, str, int, int, str, str]:
    rank = {"error": 0, "warning": 1, "info": 2}[problem.severity]
    return (rank, problem.file or "", problem.line or 0, problem.column or 0, problem.code, problem.message)


def _place(spec: SpecStatus) -> tuple[int, str, str]:
    return (_ORDER[spec.kind], spec.key, spec.id or "")
