"""Placement: whether the state that live was applied from is in the history of HEAD, so that a write cannot undo newer work."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.desired.git.history import Relation, Version
from reconciler.desired.specs import DesiredSpec
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.comparing.difference import section_digests
from reconciler.planning.comparing.ownership import Marker
from reconciler.planning.context import Context

_MILLISECONDS = 1000


def how_placed(context: Context, marker: Marker, desired: DesiredSpec | None, live: LiveSpec) -> Relation:
    """The relation of the last applied state of a live spec to HEAD; `desired` is its current file, if any.

    It is that of the marker's commit. If that commit was squashed or rebased, if none is recorded, or if the file was applied uncommitted,
    the versions of the file on this branch decide: see `was_said`.
    """
    relation = context.relations()[marker.commit] if marker.commit is not None else Relation.UNKNOWN
    if relation is Relation.NOT_ANCESTOR or (relation is Relation.ANCESTOR and not marker.dirty):
        return relation
    if desired is None:
        return Relation.UNKNOWN
    return Relation.ANCESTOR if was_said(context.versions(desired), marker, live) else Relation.UNKNOWN


def may_be_newer(context: Context, marker: Marker, spec: LiveSpec) -> bool:
    """Whether a newer checkout may have applied a spec that has no file here, and that is not allowed."""
    situation = context.situation
    if not situation.needs_git or situation.options.allow_rewind:
        return False
    return how_placed(context, marker, None, spec) is Relation.UNKNOWN


def was_said(versions: Sequence[Version], marker: Marker, live: LiveSpec) -> bool:
    """Whether a commit of this branch has the applied state, and it was applied before the branch changed it.

    If the branch had changed it already, the state was applied elsewhere, as a deliberate return to an older version. The time is that of
    the service, because the marker's depends on the writer's clock.
    """
    newer: Version | None = None
    for version in versions:
        if section_digests(version.spec) == marker.digests:
            return newer is None or (live.updated_at is not None and newer.time >= live.updated_at // _MILLISECONDS)
        newer = version
    return False
