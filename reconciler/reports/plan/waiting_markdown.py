"""What waits at a gate, as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.errors import count
from reconciler.reports.plan.waiting import HeldView
from reconciler.reports.sinks.markdown import bullet, code, left_out, section
from reconciler.reports.sinks.prose import prose


def waiting_section(waiting: Sequence[HeldView], room: int) -> str:
    """An item for each object that waits, with every reason, within this many bytes; empty if nothing waits."""
    return section("Waiting at a gate", waiting, _waiting, _omitted, room)


def _waiting(one: HeldView) -> str:
    reasons = "; ".join(f"{wait.gate}: {prose(wait.message)}" for wait in one.waits)
    said = f"{code(_name(one))} · {one.action}"
    return bullet(f"{said} · {reasons}" if reasons else said)


def _omitted(waiting: Sequence[HeldView], room: int) -> str:
    return left_out(count(len(waiting), "more change"), [_name(one) for one in waiting], room)


def _name(one: HeldView) -> str:
    return one.key or one.name
