"""Pruning: which orphans to retire, either all (`--prune`) or those named in reconciler.yaml."""

from __future__ import annotations

from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.context import Context
from reconciler.planning.copies import doubles_of
from reconciler.settings.values import Tombstone


def pruned(context: Context) -> list[LiveSpec]:
    """The orphans to retire. One whose marker another live spec also carries is excluded, unless its id is named."""
    return [
        spec
        for spec in context.orphans
        if is_asked_for(context, spec) and (is_named(context, spec) or not doubles_of(context, spec))
    ]


def retired_by_name(context: Context) -> dict[str, Tombstone]:
    """The `retired` entry for each spec id that reconciler.yaml retires."""
    return {spec.id: entry for spec in pruned(context) if (entry := context.tombstone(spec))}


def is_asked_for(context: Context, spec: LiveSpec) -> bool:
    """Whether this orphan is to be retired: all orphans are pruned, or reconciler.yaml names it; and no gate holds it back."""
    key = context.index.markers[spec.kind, spec.id].key
    in_scope = context.in_scope(key) and (spec.kind, key) not in context.waits
    return in_scope and (context.situation.options.prune or context.tombstone(spec) is not None)


def is_named(context: Context, spec: LiveSpec) -> bool:
    """Whether reconciler.yaml retires exactly this object, regardless of others with its key."""
    entry = context.tombstone(spec)
    return entry is not None and entry.id is not None
