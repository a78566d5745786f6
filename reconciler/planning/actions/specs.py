"""The action for one spec file: create, update, adopt, or none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from msgspec import structs

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.comparison import Cause, Change
from reconciler.documents.json_text import Document, WrittenJson, decode
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING, Place
from reconciler.documents.pointer import format_pointer
from reconciler.documents.semantics import ID_LISTS, SOURCES, sections
from reconciler.errors import Problem, Severity
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.actions.attachments import Attachment, FlowTarget, find_flow_spec, missing_attachments, owned_list
from reconciler.planning.actions.explanations import explain
from reconciler.planning.actions.memberships import attach_change
from reconciler.planning.actions.orphans import detach_changes
from reconciler.planning.comparing.causes import combine
from reconciler.planning.comparing.difference import Difference, SectionDigests, comparable_live, compare
from reconciler.planning.comparing.id_lists import owns_sources, resolve_references, union
from reconciler.planning.comparing.identity import Match
from reconciler.planning.comparing.ownership import MARKER_FIELD, Marker
from reconciler.planning.comparing.unchanged import is_unchanged
from reconciler.planning.context import Context, Outcome
from reconciler.planning.fingerprints import on_live
from reconciler.planning.guards.checkout import why_ahead
from reconciler.planning.guards.names import creation_problems, pin_problems, renaming_problems
from reconciler.planning.plan import Action, ActionName, SpecStatus, State
from reconciler.planning.withholding import with_secrets
from reconciler.texts.raw_json import compact_members, is_container


def plan_spec(context: Context, match: Match, attachments: tuple[Attachment, ...] = ()) -> Outcome:
    """Plan one spec file; `attachments` are the connection specs that belong in it, if it is a flow spec."""
    if match.problems:
        return Outcome(_status(context, match, State.ERROR), problems=match.problems)
    if keys := _without_usable_file(context, match):
        return Outcome(_status(context, match, State.ERROR), problems=(_not_compared(match, keys),))
    if match.live is None:
        return _plan_create(context, match, attachments)
    return _plan_update(context, match, match.live, attachments)


def _without_usable_file(context: Context, match: Match) -> tuple[str, ...]:
    """The keys that it refers to and that no file has without an error: their ids are not known, and not to be detached."""
    if not match.desired.references:
        return ()
    unknown = {reference.key for reference in match.desired.references if reference.key not in context.ids}
    if not unknown:
        return ()
    usable = {one.desired.key for one in context.matches if one.desired.kind is Kind.CONNECTION_SPEC and not one.problems}
    return tuple(sorted(unknown - usable))


def _not_compared(match: Match, keys: tuple[str, ...]) -> Problem:
    names = ", ".join(keys)
    message = (
        f"{match.desired.kind.words} {match.desired.key!r} is not compared: it refers to {names}, without a file that can be used"
    )
    return Problem(Severity.INFO, "not-compared", message, match.desired.file, hint="fix that file first", key=match.desired.key)


def _plan_create(context: Context, match: Match, attachments: tuple[Attachment, ...]) -> Outcome:
    if problems := creation_problems(context, match):
        return Outcome(_status(context, match, State.ERROR), problems=problems)
    desired = match.desired
    sources = tuple(attachment.reference for attachment in attachments)
    body = resolve_references(_sections_as_text(desired), context.ids)
    if sources:
        body = body | {SOURCES: union(body.get(SOURCES) or [], sources)}
    action = on_live(
        Action(
            kind=desired.kind,
            action=ActionName.CREATE,
            changes=tuple(_added(section, field, body[field]) for section, field in sections(body) if body[field] is not None),
            key=desired.key,
            name=desired.name,
            desired=desired,
            sources=sources,
            marker=new_marker(context, match),
        ),
        None,
    )
    return Outcome(_status(context, match, State.CREATE), with_secrets(action, None))


def _sections_as_text(desired: DesiredSpec) -> Document:
    """The body, with each section that is a mapping or list as its text, so that no tree is kept of it; id lists are values."""
    texts = compact_members(desired.body_json)
    if texts is None:
        return desired.body
    parts: Document = {
        field: text if field not in ID_LISTS and is_container(text) else decode(text) for field, text in texts.items()
    }
    return parts


def _added(section: str, field: str, value: WrittenJson) -> Change:
    return Change("add", format_pointer((field,)), MISSING, value, (section,))


def _plan_update(context: Context, match: Match, live: LiveSpec, attachments: tuple[Attachment, ...]) -> Outcome:
    marker = context.own_marker(match)
    owned = owns_sources(match.desired)
    missing = missing_attachments(live, attachments) if attachments and not owned else ()
    removed = () if owned else detach_changes(context, live)
    name, ownership = _take_over(context, match)
    still_attached = tuple(_still_attached(context, match, live))
    if not (missing or removed or ownership) and is_unchanged(live, match.desired, marker):
        return Outcome(_status(context, match, State.IN_SYNC), problems=still_attached)
    wanted = owned_list(match.desired, resolve_references(match.desired.body, context.ids), attachments)
    body = live.body
    current = comparable_live(body)
    difference = compare(current, wanted, match.desired.ignore, marker.settled if marker else {})
    warnings = (*_not_kept(match, difference), *still_attached)
    if not (difference.changes or missing or removed or ownership):
        return Outcome(_status(context, match, State.IN_SYNC), problems=warnings)
    foreign = pin_problems(context, match, live, difference.changes)
    caused = explain(context, match, wanted, current, attachments, difference.changes)
    explained = (
        *(replace(change, cause=Cause.UNKNOWN) if foreign else change for change in caused),
        *removed,
        *(attach_change(context, attachment, live) for attachment in missing),
        *ownership,
    )
    warnings = (*warnings, *(foreign or renaming_problems(context, match, live)))
    if refused := why_ahead(context, live, match.desired):
        return Outcome(_status(context, match, State.AHEAD), problems=(*warnings, refused))
    from reconciler.breaking.effects import effects_of_changes  # noqa: PLC0415 - only a plan with changes needs it

    action = on_live(
        Action(
            kind=live.kind,
            action=name or _name_of(explained),
            changes=explained,
            key=match.desired.key,
            name=match.desired.name,
            cause=combine(change.cause for change in explained),
            desired=match.desired,
            sources=tuple(item.reference for item in (attachments if owned else missing)),
            owner=match.marker,
            marker=new_marker(context, match, difference.not_kept),
            effects=effects_of_changes(live.kind, current, difference.changes),
        ),
        live,
        body,
    )
    status = structs.replace(_status(context, match, _STATES.get(action.action, State.UPDATE)), cause=action.cause)
    return Outcome(status, with_secrets(action, current), warnings)


def _name_of(changes: tuple[Change, ...]) -> ActionName:
    """Attach or detach if only ids of the source list are added or removed; update for everything else."""
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
            f"{match.desired.kind.words} {match.desired.key!r}: Flow Service does not keep the value in the file at {places}",
            file=match.desired.file,
            hint="write the value that it keeps, or add these paths to `ignore:`",
            key=match.desired.key,
        ),
    )


def _still_attached(context: Context, match: Match, live: LiveSpec) -> Iterator[Problem]:
    """An info for each flow spec that was removed from `flowSpecs` but still holds the id: apply does not detach it."""
    desired = match.desired
    if desired.kind is not Kind.CONNECTION_SPEC or len(context.holders.get(live.id, ())) <= len(desired.flow_specs):
        return
    base = context.base(match)
    named = {flow.id for flow in _flows(context, desired.flow_specs)}
    for flow in _flows(context, base.flow_specs if base else ()):
        if flow.id not in named and live.id in flow.source_connection_spec_ids and not owns_sources(context.file_of(flow)):
            yield Problem(
                Severity.INFO,
                "still-attached",
                f"connection spec {desired.key!r} is still attached to {flow.name!r}, which its file no longer lists",
                file=desired.file,
                hint="to retire it, remove its file and add its key to `retired:` in reconciler.yaml",
                key=desired.key,
            )


def _flows(context: Context, names: tuple[str, ...]) -> Iterator[LiveSpec]:
    for name in names:
        found = find_flow_spec(name, context.matches, context.index)
        if isinstance(found, FlowTarget) and found.live:
            yield found.live


def _take_over(context: Context, match: Match) -> tuple[ActionName | None, tuple[Change, ...]]:
    """Ownership changes that require a write of their own: an adoption, a new key, a return from retirement."""
    situation, marker, desired = context.situation, match.marker, match.desired
    if not situation.keeps_markers:
        return None, ()
    owner = situation.owner
    if (
        marker is not None
        and not marker.retired
        and (marker.key, marker.sandbox, marker.repository) == (desired.key, owner.sandbox, owner.repository)
    ):
        return None, ()
    mine = {"repository": owner.repository, "sandbox": owner.sandbox, "key": desired.key}
    if marker is None:
        return (ActionName.ADOPT, (_ownership("add", (), MISSING, mine),)) if desired.adopt else (None, ())
    changes = [
        _ownership("replace", (name,), getattr(marker, name), value)
        for name, value in mine.items()
        if getattr(marker, name) != value
    ]
    if not owner.owns(marker):
        return (ActionName.ADOPT, tuple(changes)) if desired.adopt else (None, ())
    if marker.retired:
        changes.append(_ownership("remove", ("retired",), old=True, new=MISSING))
    return (ActionName.RENAME if changes else None), tuple(changes)


def _ownership(op: str, beyond: tuple[str, ...], old: object, new: object) -> Change:
    place = ("attributes", MARKER_FIELD, *beyond)
    return Change(op, format_pointer(place), old, new, place, Cause.OWNERSHIP)  # type: ignore[arg-type]


def new_marker(context: Context, match: Match, not_kept: tuple[Place, ...] = ()) -> Marker | None:
    """The marker that a write of this file leaves; `not_kept` are the settled places whose recorded difference still holds."""
    situation = context.situation
    if not situation.keeps_markers:
        return None
    known = match.marker.settled if situation.owner.owns(match.marker) and match.marker else {}
    kept = {format_pointer(place) for place in not_kept}
    is_dirty = match.desired.path in situation.uncommitted.changed or situation.uncommitted.why_not is not None
    return Marker(
        repository=situation.owner.repository,
        sandbox=situation.owner.sandbox,
        key=match.desired.key,
        commit=None if is_dirty else situation.commit,
        dirty=is_dirty,
        digests=SectionDigests(match.desired),
        settled={pointer: item for pointer, item in known.items() if pointer in kept},
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
