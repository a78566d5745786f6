"""Who is affected, in Markdown: the specs of a plan that somebody uses, those with the most enabled flows first."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.errors import count
from reconciler.reports.plan.usage_words import is_used, usage_sentence
from reconciler.reports.plan.view import ActionView
from reconciler.reports.sinks.markdown import bullet, code, left_out, section


def affected_section(actions: Sequence[ActionView], room: int) -> str:
    """A line for each changed spec that is used, within so many bytes, and how many there are of which it cannot be told."""
    used = sorted((action for action in actions if is_used(action.usage)), key=_most_first)
    untold = sum(action.usage is not None and action.usage.flows is None for action in actions)
    note = f"\n\nWho uses {count(untold, 'spec')} cannot be told." if untold else ""
    shown = section("Who is affected", used, _bullet, _left_out, room - len(note))
    if not shown and untold:
        return f"#### Who is affected{note}"
    return shown + note if shown else ""


def _most_first(action: ActionView) -> tuple[int, int]:
    usage = action.usage
    return (0, 0) if usage is None else (-(usage.enabled_flows or 0), -(usage.flows or 0))


def _bullet(action: ActionView) -> str:
    return bullet(f"{action.action} {action.kind.words} {code(action.key or action.name)}: {usage_sentence(action, code)}")


def _left_out(actions: Sequence[ActionView], room: int) -> str:
    return left_out(f"{count(len(actions), 'more used spec')}", [action.key or action.name for action in actions], room)
