"""Who is affected, in words: who uses the spec that an action changes, or the specs that it detaches."""

from __future__ import annotations

from collections.abc import Callable

from reconciler.errors import count
from reconciler.flowservice.usage import SpecUsage
from reconciler.reports.plan.view import ActionView
from reconciler.wording.moments import moment_of_service


def usage_sentence(action: ActionView, quoted: Callable[[str], str] = str) -> str | None:
    """`used by 3 flows (2 enabled, last run …)`; None where nobody asked. What is not ours is `quoted` for its sink."""
    usage = action.usage
    if usage is None:
        return None
    detached = bool(action.detaches)
    why = quoted(usage.unknown) if usage.unknown else ""
    if usage.flows is None:
        what = "usage of what it detaches" if detached else "usage"
        return f"{what} is unknown" + (f": {why}" if why else "")
    said = f"{'detached specs: ' if detached else ''}{_known(usage, usage.flows)}"
    return f"{said}; there may be more: {why}" if why else said


def is_used(usage: SpecUsage | None) -> bool:
    """Whether somebody was seen to use it."""
    return usage is not None and bool(usage.flows or usage.source_connections)


def _known(usage: SpecUsage, flows: int) -> str:
    connections = _connections(usage)
    if not flows:
        unasked = " (connections without a flow were not checked)" if usage.source_connections is None else ""
        return "not used by any flow" + (f", but by {connections}" if connections else unasked)
    used = f"used by {count(flows, 'flow')} ({_activity(usage)})"
    return f"{used} through {connections}" if connections else used


def _activity(usage: SpecUsage) -> str:
    enabled = "number of enabled flows unknown" if usage.enabled_flows is None else f"{usage.enabled_flows} enabled"
    run = "no known run" if usage.last_run_at is None else f"last run {moment_of_service(usage.last_run_at)}"
    return f"{enabled}, {run}"


def _connections(usage: SpecUsage) -> str:
    """The connections that there are; empty for none, and where they are not told."""
    counts = ((usage.source_connections, "source connection"), (usage.base_connections, "base connection"))
    return " and ".join(count(number, what) for number, what in counts if number)
