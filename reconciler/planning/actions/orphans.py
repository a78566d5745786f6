"""Orphans: live specs that carry this repository's marker and have no spec file, and how pruning retires them."""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from reconciler.documents.comparison import Cause, Change
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING
from reconciler.documents.pointer import parse_pointer
from reconciler.documents.semantics import SOURCES
from reconciler.errors import Problem, Severity
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.comparing.id_lists import id_place
from reconciler.planning.comparing.ownership import Marker
from reconciler.planning.context import Context, Outcome
from reconciler.planning.copies import doubles_of, doubles_problem
from reconciler.planning.fingerprints import on_live
from reconciler.planning.guards.checkout import why_ahead
from reconciler.planning.guards.safety import detach_history_problem
from reconciler.planning.placing import may_be_newer
from reconciler.planning.plan import RETIRED, Action, ActionName, SpecStatus, State
from reconciler.planning.pruning import is_asked_for, is_named, pruned


def report_orphans(context: Context) -> list[Outcome]:
    """The status of each orphan and retired spec. One applied from a commit that this checkout does not contain is refused."""
    retired = [spec for spec in context.situation.live if _is_retired(context, spec)]
    return [
        *(Outcome(_status(context, spec, State.ORPHAN), problems=_orphan_problems(context, spec)) for spec in context.orphans),
        *(Outcome(_status(context, spec, State.RETIRED)) for spec in retired),
        *(
            Outcome(_status(context, spec, State.AHEAD), problems=tuple(filter(None, [why_ahead(context, spec)])))
            for spec in context.ahead_orphans
        ),
    ]


def retire(context: Context) -> list[Action]:
    """Marker-only updates that write `retired` into each orphan's marker. They run after its detaches."""
    return [_retire(context, spec) for spec in pruned(context)]


def detach_changes(context: Context, flow: LiveSpec) -> tuple[Change, ...]:
    """The changes that remove the ids of orphans to retire from a flow spec, last position first."""
    if not flow.source_connection_spec_ids:
        return ()
    gone = {spec.id for spec in pruned(context) if spec.kind is Kind.CONNECTION_SPEC}
    held = [(index, spec_id) for index, spec_id in enumerate(flow.source_connection_spec_ids) if spec_id in gone]
    return tuple(
        Change("remove", f"/{SOURCES}/{index}", spec_id, MISSING, id_place(SOURCES, spec_id), Cause.PENDING)
        for index, spec_id in reversed(held)
    )


def _retire(context: Context, spec: LiveSpec) -> Action:
    marker = context.index.markers[spec.kind, spec.id]
    place = tuple(parse_pointer(RETIRED))
    is_dirty = bool(context.situation.uncommitted)
    commit = None if is_dirty else context.situation.commit
    action = on_live(
        Action(
            kind=spec.kind,
            action=ActionName.UPDATE,
            changes=(Change("add", RETIRED, MISSING, written=True, place=place, cause=Cause.OWNERSHIP),),
            key=marker.key,
            name=spec.name,
            cause=Cause.OWNERSHIP,
            owner=marker,
            marker=structs.replace(marker, retired=True, commit=commit, dirty=is_dirty, skipped=()),
        ),
        spec,
    )
    return replace(action, held=())  # its detaches are an action of their own, before this one


def _orphan_problems(context: Context, spec: LiveSpec) -> tuple[Problem, ...]:
    marker = context.index.markers[spec.kind, spec.id]
    attached = ", ".join(context.holders.get(spec.id, ())) or "no flow spec"
    entry, asked = context.tombstone(spec), is_asked_for(context, spec)
    told = Problem(
        Severity.INFO,
        "orphan",
        f"{spec.kind.words} {marker.key!r} ({spec.id}) {_without_file(context, spec, marker)}; it is attached to {attached}"
        + (f"; reconciler.yaml retires it: {entry.reason}" if entry else ""),
        hint="a spec cannot be deleted: it is detached from its flow specs and marked as retired"
        if entry
        else f"restore its file, add `formerly: [{marker.key}]` to the file that replaces it, or retire it in reconciler.yaml: "
        f"`retired: [{{key: {marker.key}, reason: …}}]`; `--prune` retires all of them for this run",
        key=marker.key,
    )
    if is_named(context, spec):
        return (told,)
    if (doubles := doubles_of(context, spec)) and context.in_scope(marker.key):
        is_first = spec == next(other for other in context.orphans if other in doubles)
        has_file = any(match.live in doubles for match in context.matches)
        return (*(() if has_file else (told,)), *([doubles_problem(context, spec, doubles, asked=asked)] if is_first else ()))
    if asked and may_be_newer(context, marker, spec):
        return (told, detach_history_problem(spec.kind.words, marker.key, marker, spec.id))
    return (told,)


def _without_file(context: Context, spec: LiveSpec, marker: Marker) -> str:
    files = (match.desired for match in context.matches if match.live and match.desired.kind is spec.kind)
    file = next((desired.file for desired in files if desired.key == marker.key), None)
    return f"is not the spec of {file}" if file else "no longer has a spec file"


def _is_retired(context: Context, spec: LiveSpec) -> bool:
    marker = context.index.marker(spec)
    matched = any(match.live is spec for match in context.matches) if marker and marker.retired else False
    return marker is not None and marker.retired and context.situation.owner.owns(marker) and not matched


def _status(context: Context, spec: LiveSpec, state: State) -> SpecStatus:
    return SpecStatus(
        kind=spec.kind,
        key=context.index.markers[spec.kind, spec.id].key,
        id=spec.id,
        name=spec.name,
        state=state,
        attached_to=context.holders.get(spec.id, ()),
        updated_at=spec.updated_at,
        updated_by=spec.updated_by,
    )
