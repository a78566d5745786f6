"""Which orphans are to be retired: all with `--prune`, or those that reconciler.yaml names."""

from __future__ import annotations

from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.context import Context
from reconciler.planning.copies import doubles_of
from reconciler.settings.values import Tombstone


def pruned(context: Context) -> list[LiveSpec]:
    """The orphans that are to be retired; none whose marker another live spec carries, too, unless its very id is named."""
    return [
        spec
        for spec in context.orphans
        if is_asked_for(context, spec) and (is_named(context, spec) or not doubles_of(context, spec))
    ]


def retired_by_name(context: Context) -> dict[str, Tombstone]:
    """For the id of each spec that is to be retired because reconciler.yaml names it, what that says."""
    return {spec.id: entry for spec in pruned(context) if (entry := context.tombstone(spec))}


def is_asked_for(context: Context, spec: LiveSpec) -> bool:
    """Whether this orphan is to be retired: everything that has no file is pruned, or reconciler.yaml names it."""
    in_scope = context.in_scope(context.index.markers[spec.kind, spec.id].key)
    return in_scope and (context.situation.options.prune or context.tombstone(spec) is not None)


def is_named(context: Context, spec: LiveSpec) -> bool:
    """Whether reconciler.yaml retires this very object, whatever else there is of its key."""
    entry = context.tombstone(spec)
    return entry is not None and entry.id is not None
