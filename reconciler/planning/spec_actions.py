"""What one spec file asks for: a create, an update, a take-over, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reconciler.desired.history import Relation
from reconciler.documents.comparison import Cause, Change
from reconciler.documents.json_text import Json
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING
from reconciler.documents.pointer import format_pointer, parse_pointer
from reconciler.documents.semantics import sections
from reconciler.errors import Problem, Severity
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.attachments import SOURCES, Attachment, missing_attachments, owned_list, resolve_references
from reconciler.planning.causes import Evidence, base_of, combine
from reconciler.planning.context import Context, Outcome
from reconciler.planning.difference import Difference, comparable_live, compare, section_digests
from reconciler.planning.fingerprints import fingerprint
from reconciler.planning.identity import Match
from reconciler.planning.orphans import detach_changes
from reconciler.planning.ownership import MARKER_FIELD, Marker
from reconciler.planning.plan import COLLECTIONS, Action, ActionName, Request, SpecStatus, State
from reconciler.planning.safety import ahead_problem, creation_problems, detach_history_problem, unknown_commit_problem

_MARKER_PLACE = ("attributes", MARKER_FIELD)


def plan_spec(context: Context, match: Match, attachments: tuple[Attachment, ...] = ()) -> Outcome:
    """What is to be done for one spec file; `attachments` are the connection specs that belong in it, for a flow spec."""
    if match.problems:
        return Outcome(_status(context, match, State.ERROR), problems=match.problems)
    if match.live is None:
        return _plan_create(context, match, attachments)
    return _plan_update(context, match, match.live, attachments)


def _plan_create(context: Context, match: Match, attachments: tuple[Attachment, ...]) -> Outcome:
    situation = context.situation
    problems = creation_problems(match, context.index, context.orphans, situation.options, complete=situation.complete)
    if problems:
        return Outcome(_status(context, match, State.ERROR), problems=problems)
    desired = match.desired
    sources = tuple(attachment.reference for attachment in attachments)
    body = resolve_references(desired.body, context.ids)
    if sources:
        body = owned_list(body | {SOURCES: body.get(SOURCES) or []}, attachments)
    action = Action(
        kind=desired.kind,
        key=desired.key,
        name=desired.name,
        id=None,
        action=ActionName.CREATE,
        cause=None,
        fingerprint="",
        changes=tuple(_added(section, field, body[field]) for section, field in sections(body) if body[field] is not None),
        requests=(Request("POST", COLLECTIONS[desired.kind]),),
        desired=desired,
        sources=sources,
        marker=_new_marker(context, match),
    )
    return Outcome(_status(context, match, State.CREATE), replace(action, fingerprint=fingerprint(action, None)))


def _added(section: str, field: str, value: Json) -> Change:
    return Change("add", format_pointer((field,)), MISSING, value, (section,))


def _plan_update(context: Context, match: Match, live: LiveSpec, attachments: tuple[Attachment, ...]) -> Outcome:
    compared = _compare(context, match, live, attachments)
    warnings = _not_kept(match, compared.difference)
    name, ownership = _take_over(context, match)
    changes = (*compared.difference.changes, *compared.attached, *ownership)
    if not changes:
        return Outcome(_status(context, match, State.IN_SYNC), problems=warnings)
    problems, state = _history_problems(context, match, changes)
    if state is not None:
        return Outcome(_status(context, match, state), problems=(*warnings, *problems))
    explained = compared.evidence.explain(changes)
    action = Action(
        kind=live.kind,
        key=match.desired.key,
        name=match.desired.name,
        id=live.id,
        action=name or _name_of(explained),
        cause=combine(change.cause for change in explained),
        fingerprint="",
        changes=explained,
        requests=(Request("PUT", f"{COLLECTIONS[live.kind]}/{live.id}"),),
        updated_at=live.updated_at,
        updated_by=live.updated_by,
        desired=match.desired,
        sources=compared.sources,
        held=live.source_connection_spec_ids,
        owner=match.marker,
        marker=_new_marker(context, match),
    )
    state = _STATES.get(action.action, State.UPDATE)
    status = replace(_status(context, match, state), cause=action.cause)
    return Outcome(status, replace(action, fingerprint=fingerprint(action, live)), (*warnings, *problems))


@dataclass(frozen=True, slots=True)
class _Compared:
    difference: Difference
    attached: tuple[Change, ...]
    sources: tuple[Json, ...]
    evidence: Evidence


def _compare(context: Context, match: Match, live: LiveSpec, attachments: tuple[Attachment, ...]) -> _Compared:
    written = match.desired.body
    wanted = owned_list(resolve_references(written, context.ids), attachments)
    current = comparable_live(live.body)
    owner = context.situation.owner
    marker = match.marker if owner.owns(match.marker) else None
    difference = compare(current, wanted, match.desired.ignore, marker.settled if marker else {})
    owns_list = isinstance(written.get(SOURCES), list)
    missing = () if owns_list else missing_attachments(live, attachments)
    base = (
        base_of(match.desired, marker, context.situation.history, context.situation.target.name) if difference.changes else None
    )
    evidence = Evidence(
        desired=wanted,
        live=current,
        base=owned_list(resolve_references(base.body, context.ids), attachments) if base else None,
        digests=section_digests(match.desired) if difference.changes and marker else {},
        marker=marker,
        ours_last=context.clients.wrote_last(live),
    )
    attached = tuple(attach_change(context, attachment, live) for attachment in missing)
    detached = () if owns_list else detach_changes(context, live)
    return _Compared(
        difference, (*detached, *attached), tuple(item.reference for item in (attachments if owns_list else missing)), evidence
    )


def attach_change(context: Context, attachment: Attachment, flow: LiveSpec) -> Change:
    """The change that puts a connection spec's id into a flow spec, with its cause."""
    reference = attachment.reference
    place = (SOURCES, attachment.id or attachment.key)
    return Change("add", f"/{SOURCES}/-", MISSING, reference, place, _attach_cause(context, attachment, flow))


def _attach_cause(context: Context, attachment: Attachment, flow: LiveSpec) -> Cause | None:
    """Pending for a spec that was not attached when it was last applied; drift for one that was, and is not any more."""
    if attachment.id is None:
        return None
    marker = attachment.match.marker
    situation = context.situation
    if not situation.owner.owns(marker):
        return Cause.UNKNOWN
    base = base_of(attachment.match.desired, marker, situation.history, situation.target.name)
    if base is None:
        return Cause.UNKNOWN
    names = {flow.id, flow.name, *(match.desired.key for match in context.matches if match.live is flow)}
    return Cause.DRIFT if names & set(base.flow_specs) else Cause.PENDING


def _take_over(context: Context, match: Match) -> tuple[ActionName | None, tuple[Change, ...]]:
    """The changes of ownership that are due for their own sake: an adoption, a new key, a return from retirement."""
    situation, marker, desired = context.situation, match.marker, match.desired
    if not situation.keeps_markers:
        return None, ()
    mine = {"repository": situation.owner.repository, "sandbox": situation.owner.sandbox, "key": desired.key}
    if marker is None:
        return (ActionName.ADOPT, (_ownership("add", (), MISSING, mine),)) if desired.adopt else (None, ())
    changes = [
        _ownership("replace", (name,), getattr(marker, name), value)
        for name, value in mine.items()
        if getattr(marker, name) != value
    ]
    if not situation.owner.owns(marker):
        return (ActionName.ADOPT, tuple(changes)) if desired.adopt else (None, ())
    if marker.retired:
        changes.append(_ownership("remove", ("retired",), old=True, new=MISSING))
    return (ActionName.RENAME if changes else None), tuple(changes)


def _ownership(op: str, beyond: tuple[str, ...], old: object, new: object) -> Change:
    place = (*_MARKER_PLACE, *beyond)
    return Change(op, format_pointer(place), old, new, place, Cause.OWNERSHIP)  # type: ignore[arg-type]


def _new_marker(context: Context, match: Match) -> Marker | None:
    situation = context.situation
    if not situation.keeps_markers:
        return None
    digests = section_digests(match.desired)
    carried = match.marker.settled if situation.owner.owns(match.marker) and match.marker else {}
    return Marker(
        repository=situation.owner.repository,
        sandbox=situation.owner.sandbox,
        key=match.desired.key,
        commit=situation.commit,
        digests=digests,
        settled={pointer: item for pointer, item in carried.items() if parse_pointer(pointer)[0] in digests},
    )


def _history_problems(context: Context, match: Match, changes: tuple[Change, ...]) -> tuple[tuple[Problem, ...], State | None]:
    """What the marker's commit says about writing this spec; the state is set where nothing may be written."""
    desired, marker = match.desired, match.marker
    if marker is None:
        return (), None
    relation = context.relation(marker)
    if relation is Relation.NOT_ANCESTOR and not context.situation.options.allow_rewind:
        return (ahead_problem(desired.kind.words, desired.key, marker, desired.file),), State.AHEAD
    if relation is not Relation.UNKNOWN:
        return (), None
    problems = [unknown_commit_problem(desired.kind.words, desired.key, marker, desired.file)]
    if desired.kind is Kind.FLOW_SPEC and any(change.op == "remove" and change.place[0] == SOURCES for change in changes):
        problems.append(detach_history_problem(desired.kind.words, desired.key, marker))
    return tuple(problems), None


def _name_of(changes: tuple[Change, ...]) -> ActionName:
    """Attach or detach where nothing but ids of the source list comes or goes; update for everything else."""
    if all(change.place[0] == SOURCES for change in changes):
        ops = {change.op for change in changes}
        if ops == {"add"}:
            return ActionName.ATTACH
        if ops == {"remove"}:
            return ActionName.DETACH
    return ActionName.UPDATE


def _not_kept(match: Match, difference: Difference) -> tuple[Problem, ...]:
    if not difference.not_kept:
        return ()
    places = ", ".join(format_pointer(place) for place in difference.not_kept)
    return (
        Problem(
            Severity.WARNING,
            "not-kept",
            f"{match.desired.kind.words} {match.desired.key!r}: Flow Service does not keep what the file says at {places}",
            file=match.desired.file,
            hint="write what it keeps, or silence this with `ignore:`",
            key=match.desired.key,
        ),
    )


_STATES = {ActionName.ADOPT: State.ADOPT, ActionName.RENAME: State.RENAME}


def _status(context: Context, match: Match, state: State) -> SpecStatus:
    live, desired = match.live, match.desired
    return SpecStatus(
        kind=desired.kind,
        key=desired.key,
        id=live.id if live else None,
        name=desired.name,
        state=state,
        attached_to=context.holders.get(live.id, ()) if live else (),
        updated_at=live.updated_at if live else None,
        updated_by=live.updated_by if live else None,
        file=desired.file,
    )
