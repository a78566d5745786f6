"""Build a plan: an action for each spec file, attached flow spec and orphan, checked by the guards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from reconciler.desired.specs import NO_SPECS, DesiredSpec
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Severity, UsageError, by_place
from reconciler.planning.actions.orphans import report_orphans, retire
from reconciler.planning.actions.shared_flows import attach_to_shared, attachments_in, desired_attachments
from reconciler.planning.actions.specs import plan_spec
from reconciler.planning.comparing.identity import Match
from reconciler.planning.comparing.ownership import Marker
from reconciler.planning.comparing.tombstones import too_many_retired
from reconciler.planning.context import Context, Outcome, Situation, make_context
from reconciler.planning.copies import report_copies
from reconciler.planning.fingerprints import plan_digest
from reconciler.planning.gating.judging import Gating
from reconciler.planning.gating.passing import marked, skips_in, withheld
from reconciler.planning.gating.upstream import by_spec
from reconciler.planning.guards.checkout import applied_dirty, checkout_problems
from reconciler.planning.guards.names import same_name_problems
from reconciler.planning.guards.safety import breaking_problems, limit_problems
from reconciler.planning.guards.unreadable import unreadable_problems, unsendable_problems
from reconciler.planning.guards.unseen import why_ours_may_lack
from reconciler.planning.plan import Action, Plan, SpecStatus
from reconciler.planning.pruning import retired_by_name
from reconciler.planning.withholding import problems_without_secrets
from reconciler.wording.guesses import nearest, suggestion

_ORDER = {Kind.CONNECTION_SPEC: 0, Kind.FLOW_SPEC: 1}


def make_plan(situation: Situation) -> Plan:
    """Return what apply would do in this situation.

    Raises UsageError for a key without a spec file.
    """
    context = make_context(situation)
    _check_keys(context)
    plan = _planned(context)
    return plan if situation.gating is None else _behind_the_gate(context, situation.gating, plan)


def _behind_the_gate(context: Context, gating: Gating, whole: Plan) -> Plan:
    """The plan of what the gates let through, with the rest of the whole plan as what waits."""
    gates = gating.gates(_judged(context, whole))
    held = frozenset(identity for identity, gate in gates.items() if not gate.is_ready)
    plan = _planned(replace(context, waits=held)) if held else whole
    actions, noted = marked(plan.actions, gates, gating.upstreams)
    waiting = tuple(withheld(whole.actions, plan.actions))
    digest = plan_digest(plan.target, plan.options, actions, skips_in(gates, plan.options))
    return replace(
        plan, actions=actions, gates=gates, waiting=waiting, digest=digest, problems=in_order((*plan.problems, *noted))
    )


def _judged(context: Context, plan: Plan) -> dict[tuple[Kind, str], DesiredSpec | None]:
    """The specs that the plan does something to, each with its file; None for one that is detached or retired."""
    files = {(match.desired.kind, match.desired.key): match.desired for match in context.matches}
    return {identity: files.get(identity) for identity in sorted(by_spec(plan, plan.actions))}


def _planned(context: Context) -> Plan:
    sources = [_held_back(context, plan_spec(context, match)) for match in _in_scope(context, Kind.CONNECTION_SPEC)]
    desired, problems = desired_attachments(context, sources)
    flow_files = _in_scope(context, Kind.FLOW_SPEC)
    flow_specs = [_held_back(context, plan_spec(context, match, attachments_in(context, match, desired))) for match in flow_files]
    planned = frozenset(match.live.id for match in flow_files if match.live)
    shared, refused = attach_to_shared(context, desired, planned)
    everything = [*sources, *flow_specs, *report_orphans(context), *report_copies(context)]
    actions = [*(outcome.action for outcome in everything if outcome.action), *shared, *retire(context)]
    return _assemble(context, everything, tuple(sorted(actions, key=_turn)), [*problems, *refused])


def _held_back(context: Context, outcome: Outcome) -> Outcome:
    """The outcome without its action, and without what a guard says of that, if a gate holds the spec back."""
    action = outcome.action
    if action is None or action.key is None or (action.kind, action.key) not in context.waits:
        return outcome
    return Outcome(outcome.status)


def _assemble(context: Context, outcomes: list[Outcome], actions: tuple[Action, ...], problems: list[Problem]) -> Plan:
    situation = context.situation
    found = [problem for problem in situation.desired.problems if not (situation.may_be_empty and problem.code == NO_SPECS)]
    found += [problem for outcome in outcomes for problem in outcome.problems]
    reviewed = retired_by_name(context)
    found += [*problems, *same_name_problems(actions), *limit_problems(actions, situation.options, reviewed)]
    found += too_many_retired(len(reviewed), situation.max_retired)
    found += [*breaking_problems(actions, situation.options), *checkout_problems(context, actions), *applied_dirty(context)]
    found += _absent_problems(situation)
    found += [*unreadable_problems(situation.strange), *unsendable_problems(actions, context.index.by_id)]
    return Plan(
        target=situation.target,
        repository=situation.owner.repository,
        commit=None if situation.uncommitted else situation.commit,
        options=situation.options,
        actions=actions,
        problems=in_order(problems_without_secrets(found, actions)),
        specs=tuple(sorted((outcome.status for outcome in outcomes if outcome.status), key=_place)),
        digest=plan_digest(situation.target, situation.options, actions),
        ids=context.ids,
        may_be_in_use=frozenset(spec_id for spec_id, entry in reviewed.items() if entry.allow_in_use),
        markers=_markers(context),
        may_lack=why_ours_may_lack(context),
        served_at=situation.served_at,
        proven=any(situation.owner.owns(marker) for marker in context.index.markers.values()),
    )


def _markers(context: Context) -> dict[tuple[Kind, str], Marker]:
    """Our marker of each spec; none where several live specs have the same key."""
    found: dict[tuple[Kind, str], Marker] = {}
    repeated: set[tuple[Kind, str]] = set()
    for (kind, _), marker in context.index.markers.items():
        if context.situation.owner.owns(marker):
            identity = (kind, marker.key)
            if identity in found:
                repeated.add(identity)
            found[identity] = marker
    return {identity: marker for identity, marker in found.items() if identity not in repeated}


def _in_scope(context: Context, kind: Kind) -> list[Match]:
    return [match for match in context.matches if match.desired.kind is kind and context.in_scope(match.desired.key)]


def _check_keys(context: Context) -> None:
    """Check that each key is that of a file or, when pruning, of an orphan."""
    options = context.situation.options
    known = {desired.key for desired in context.situation.desired.specs}
    orphaned = {
        context.index.markers[spec.kind, spec.id].key for spec in context.orphans if options.prune or context.tombstone(spec)
    }
    for key in (*options.keys, *options.allow_create, *options.keys_of_gates):
        if key in known or key in orphaned or context.situation.desired.elsewhere(key):
            continue
        meant = nearest(key, known | orphaned)
        hint = suggestion(meant) if meant else "`reconciler status` lists the keys"
        raise UsageError(f"no spec file has the key {key!r}", hint=hint)


def _absent_problems(situation: Situation) -> Iterator[Problem]:
    """A note for each named spec that has a file and does not belong to this target."""
    for key in situation.options.keys:
        if path := situation.desired.elsewhere(key):
            message = f"{key!r} does not belong to target {situation.target.name}: `only` in {path} does not name it"
            hint = "add the target, its fleet or one of its groups to `only` if it should"
            yield Problem(Severity.INFO, "absent", message, hint=hint, key=key)


def _turn(action: Action) -> tuple[int, int, str, str]:
    """Order of actions: connection specs before the flow specs that hold them; retirements after the detaches."""
    return (2 if action.retires else _ORDER[action.kind], 0 if action.key else 1, action.key or action.name, action.id or "")


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems of a plan: errors first, then by place."""
    ranks = {"error": 0, "warning": 1, "info": 2}
    return tuple(sorted(problems, key=lambda problem: (ranks[problem.severity], by_place(problem))))


def _place(spec: SpecStatus) -> tuple[int, str, str]:
    return (_ORDER[spec.kind], spec.key, spec.id or "")
