"""What the spec files behind a plan's actions add to it: where they say what changes, and what the rules find in them.

Planning is handed values and reads nothing. Here the files of what would be written are read again, and no others.
"""

from __future__ import annotations

from dataclasses import replace

from reconciler.breaking.effect import breaking_only
from reconciler.desired.specs import DesiredSpec
from reconciler.observing.rules_at_write import WriteRules, rule_problems
from reconciler.planning.guards.safety import BREAKING
from reconciler.planning.plan import Action, ActionName, Plan
from reconciler.planning.planner import in_order
from reconciler.planning.withholding import problems_without_secrets


def with_files(plan: Plan, rules: WriteRules | None) -> Plan:
    """The plan with the lines of its actions and of what breaks, and with the problems of these rules (of none where there are none)."""
    files = {action.file: (action, action.desired) for action in plan.actions if action.desired}
    if not files:
        return plan
    found = problems_without_secrets(rule_problems(plan.actions, rules), plan.actions) if rules else ()
    placed = (
        replace(problem, line=_broken_line(*files[problem.file]))
        if problem.code == BREAKING and problem.file in files
        else problem
        for problem in plan.problems
    )
    actions = tuple(replace(action, line=_line(action, action.desired)) if action.desired else action for action in plan.actions)
    return replace(plan, actions=actions, problems=in_order((*placed, *found)))


def _line(action: Action, desired: DesiredSpec) -> int | None:
    """The line of the first of the changes; the first line for a create."""
    return 1 if action.action is ActionName.CREATE or not action.changes else desired.line(action.changes[0].place)


def _broken_line(action: Action, desired: DesiredSpec) -> int | None:
    """The line of what breaks first, or of what is around something that is gone."""
    return desired.line(breaking_only(action.effects)[0].place)
