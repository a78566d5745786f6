"""Add information from spec files to a plan: the lines of changes, and the findings of rules.

Planning works on values and has no I/O. This module reads the files of the planned writes again, and no others.
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
    """The plan with line numbers in its actions and breaking changes, and with the findings of these rules, if any."""
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
    """The line of the first change; line 1 for a create."""
    return 1 if action.action is ActionName.CREATE or not action.changes else desired.line(action.changes[0].place)


def _broken_line(action: Action, desired: DesiredSpec) -> int | None:
    """The line of the first breaking change, or of the parent of a removed value."""
    return desired.line(breaking_only(action.effects)[0].place)
