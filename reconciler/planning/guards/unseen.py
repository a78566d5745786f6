"""Whether a live spec of this repository may be there although nothing that was read shows it as ours."""

from __future__ import annotations

from reconciler.flowservice.specs import StrangeItem
from reconciler.planning.comparing.ownership import marker_of
from reconciler.planning.context import Context


def why_ours_may_lack(context: Context) -> str | None:
    """Why a spec of ours may have been overlooked; None if every spec of ours was seen."""
    situation = context.situation
    if not situation.complete:
        return "the list of live specs is incomplete"
    entry = next((item for item in situation.strange if _may_be_ours(context, item)), None)
    if entry is not None:
        return f"entry {entry.position} of the list of {entry.kind.words}s is not a valid spec"
    lost = next((spec for spec in context.possible_predecessors if context.index.marker(spec) is None), None)
    return None if lost is None else f"{lost.kind.words} {lost.id} may be ours and has lost its marker"


def _may_be_ours(context: Context, item: StrangeItem) -> bool:
    """Whether an entry that is not a valid spec has our marker, or cannot be looked into."""
    marker = marker_of({"attributes": item.attributes})
    return context.situation.owner.owns(marker) or not (isinstance(item.attributes, dict) or item.name)
