"""Add the evidence of trials to a plan: for each spec that it would create, or whose requests, records or schedule it would change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from reconciler.desired.specs import DesiredSpec
from reconciler.errors import count
from reconciler.observing.progress import Progress
from reconciler.planning.comparing.difference import comparable_live
from reconciler.planning.guards.untried import untried_problems
from reconciler.planning.plan import Action, Plan
from reconciler.planning.planner import in_order
from reconciler.planning.trials import may_need_trial, with_tried
from reconciler.planning.tried import NEVER_TRIED, Tried
from reconciler.planning.withholding import problems_without_secrets

Evidence: TypeAlias = Callable[[DesiredSpec], Tried]
"""The evidence of a trial for the content of one spec. Never fails: what cannot be read is the reason why it was not tried."""


def nothing_recorded(_: DesiredSpec) -> Tried:
    """The evidence where no trial was ever recorded."""
    return NEVER_TRIED


def with_trials(plan: Plan, evidence: Evidence, progress: Progress) -> Plan:
    """The plan with the evidence for each action that needs a trial, and the problems of the guard on specs that were not tried."""
    wanted = [action.desired for action in plan.actions if action.desired and _needs_trial(action, action.desired)]
    if not wanted:
        return plan
    progress.step(f"looking for trials of {count(len(wanted), 'spec')}")
    plan = with_tried(plan, {desired.key: evidence(desired) for desired in wanted})
    found = problems_without_secrets(untried_problems(plan.actions, plan.options), plan.actions)
    return replace(plan, problems=in_order((*plan.problems, *found)))


def _needs_trial(action: Action, desired: DesiredSpec) -> bool:
    """Whether live reads other records than what is written, as far as the spec decides that; a new spec always needs a trial."""
    if not may_need_trial(action):
        return False
    if action.seen is None:
        return True
    from reconciler.proofs.kept.digests import are_tried_alike  # noqa: PLC0415 - a plan without changes needs no trial

    live = comparable_live(action.seen.body)
    return not are_tried_alike(live, live | desired.body)
