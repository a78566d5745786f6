"""Whether what live was applied from is in the history of this checkout: only then is a write known not to undo newer work."""

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
    """How the state that a live spec was applied in stands to HEAD; `desired` is its file of now, where it has one.

    The marker's commit says it. Where that is gone, by a squash or a rebase, or where there was none, what the file said in the commits of
    this branch says it: see `was_said`.
    """
    relation = context.relations()[marker.commit] if marker.commit is not None else Relation.UNKNOWN
    if relation is Relation.NOT_ANCESTOR or (relation is Relation.ANCESTOR and not marker.dirty):
        return relation
    if desired is None:
        return Relation.UNKNOWN
    return Relation.ANCESTOR if was_said(context.versions(desired), marker, live) else Relation.UNKNOWN


def may_be_newer(context: Context, marker: Marker, spec: LiveSpec) -> bool:
    """Whether a newer checkout may have applied a spec that has no file here, as far as anybody can tell, and that is not allowed."""
    situation = context.situation
    if not situation.needs_git or situation.options.allow_rewind:
        return False
    return how_placed(context, marker, None, spec) is Relation.UNKNOWN


def was_said(versions: Sequence[Version], marker: Marker, live: LiveSpec) -> bool:
    """Whether a commit of this branch has what was applied, and it was applied before the branch said something else.

    A branch that had moved on by then is not where it was applied from: elsewhere somebody went back to an older state on purpose. The time
    is that of the service, for the marker's is only as good as the clock of whoever wrote it.
    """
    newer: Version | None = None
    for version in versions:
        if section_digests(version.spec) == marker.digests:
            return newer is None or (live.updated_at is not None and newer.time >= live.updated_at // _MILLISECONDS)
        newer = version
    return False
