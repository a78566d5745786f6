"""Restore: a plan that puts back the bodies recorded in a journal, in place of spec files.

The whole body is restored, marker included, so that the next plan reports the actual state. No id is removed from an id list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.breaking.effect import Effect
from reconciler.breaking.effects import effects_of, weighty
from reconciler.desired.git.history import Relation
from reconciler.documents.canonical import digest
from reconciler.documents.comparison import Change
from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING
from reconciler.documents.semantics import ID_LISTS, SERVER_MANAGED, SOURCES, field_of, sections
from reconciler.errors import Problem, Severity
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.comparing.causes import History
from reconciler.planning.comparing.difference import comparable_live, compare
from reconciler.planning.comparing.id_lists import all_ids
from reconciler.planning.comparing.ownership import MARKER_FIELD, Owner, marker_of, same_record
from reconciler.planning.context import Outcome
from reconciler.planning.fingerprints import on_live, plan_digest
from reconciler.planning.guards.safety import ahead_problem, breaking_problems, limit_problems, unplaced_problem
from reconciler.planning.plan import Action, ActionName, Options, Plan, PlanTarget, SpecStatus, State
from reconciler.planning.withholding import with_secrets


@dataclass(frozen=True, slots=True)
class Former:
    """An object just before a run first wrote it.

    `body` is the whole live body at that time. `left` has the digests of what the run left: of what it sent, and of what it read back.
    """

    kind: Kind
    key: str | None
    name: str
    id: str
    body: Document
    left: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        return f"{self.kind.words} {self.key or self.name!r} ({self.id})"

    def left_as(self, live: LiveSpec) -> bool:
        """Whether the object is still as the run left it."""
        return bool(self.left & {digest(live.body), digest(live.document)})


@dataclass(frozen=True, slots=True)
class Created:
    """An object that a run created; `id` is None if it is not known."""

    kind: Kind
    key: str | None
    name: str
    id: str | None


@dataclass(frozen=True, slots=True)
class Undoing:
    """The input of a restore plan.

    `undone` is the commit that the run applied, `live` has the objects that a GET returns now, and `commit` is HEAD. `our_client` is set
    only if markers are not kept (`ownership: none`). With `needs_git`, overwriting requires proof from git that it undoes nothing newer.
    """

    formers: tuple[Former, ...]
    created: tuple[Created, ...]
    undone: str | None
    live: Mapping[tuple[Kind, str], LiveSpec]
    target: PlanTarget
    owner: Owner
    history: History
    commit: str | None
    options: Options
    our_client: str | None = None
    needs_git: bool = True


def plan_restore(undoing: Undoing) -> Plan:
    """Plan the restore of the previous bodies. What cannot be undone is among its problems."""
    found = [_put_back(undoing, former) for former in undoing.formers]
    actions = tuple(sorted((_with_secrets(undoing, item.action) for item in found if item.action), key=_turn))
    problems = [problem for item in found for problem in item.problems]
    problems += [_stays(created) for created in undoing.created]
    problems += [*limit_problems(actions, undoing.options), *breaking_problems(actions, undoing.options)]
    return Plan(
        target=undoing.target,
        repository=undoing.owner.repository,
        commit=undoing.commit,
        options=undoing.options,
        actions=actions,
        problems=tuple(sorted(problems, key=lambda problem: list(Severity).index(problem.severity))),
        specs=tuple(item.status for item in found if item.status),
        digest=plan_digest(undoing.target, undoing.options, actions),
    )


def _with_secrets(undoing: Undoing, action: Action) -> Action:
    live = undoing.live.get((action.kind, action.id)) if action.id else None
    return with_secrets(action, live.body if live else None)


def _put_back(undoing: Undoing, former: Former) -> Outcome:
    live = undoing.live.get((former.kind, former.id))
    if live is None:
        what = "cannot be restored: Flow Service does not show it here"
        hint = (
            "check the sandbox, and the permissions and access labels of the credential; use --id to restore only selected specs"
        )
        return Outcome(problems=(_refusal(former, "not-found", what, hint),))
    current = comparable_live(live.body)
    wanted = _wanted(former, current)
    changes = (*compare(current, wanted, (), {}).changes, *_marker_changes(former.body, live.body))
    if not changes:
        return Outcome(_status(former, live, State.IN_SYNC), problems=_as_before(former))
    only_ids = all(change.op == "add" and change.place[0] in ID_LISTS for change in changes)
    problems = () if only_ids else (*_ownership_problems(undoing, former, live), *_changed_since(former, live))
    action = _action(former, live, changes, weighty(effects_of(former.kind, current, wanted)))
    return Outcome(_status(former, live, State.UPDATE), action, problems)


def _wanted(former: Former, current: Document) -> Document:
    """The previous body as a file that owns all of it: later sections are removed; ids never are."""
    before = comparable_live(former.body)
    gone = {field: None for section, field in sections(current) if field_of(before, section) is None}
    return before | gone | {name: ids for name in ID_LISTS if (ids := all_ids(before, current, name))}


def _marker_changes(before: Document, now: Document) -> tuple[Change, ...]:
    """The marker as a single change, because it is restored as a whole."""
    old, new = (_raw_marker(body) for body in (now, before))
    if (old is MISSING) == (new is MISSING) and same_record(marker_of(before), marker_of(now)):
        return ()
    op = "add" if old is MISSING else "remove" if new is MISSING else "replace"
    place = ("attributes", MARKER_FIELD)
    return (Change(op, "/" + "/".join(place), old, new, place),)  # type: ignore[arg-type]


def _raw_marker(body: Document) -> object:
    attributes = body.get("attributes")
    return attributes.get(MARKER_FIELD, MISSING) if isinstance(attributes, dict) else MISSING


def _action(former: Former, live: LiveSpec, changes: tuple[Change, ...], effects: tuple[Effect, ...]) -> Action:
    attaches = all(change.op == "add" and change.place[0] == SOURCES for change in changes)
    held = live.source_connection_spec_ids
    return on_live(
        Action(
            kind=live.kind,
            action=ActionName.ATTACH if attaches else ActionName.UPDATE,
            changes=changes,
            key=former.key,
            name=live.name or former.name,
            sources=tuple(
                item for item in all_ids(former.body, live.body, SOURCES) if isinstance(item, str) and item not in held
            ),
            owner=marker_of(live.body),
            put_back={name: value for name, value in former.body.items() if name not in SERVER_MANAGED},
            effects=effects,
        ),
        live,
    )


def _ownership_problems(undoing: Undoing, former: Former, live: LiveSpec) -> tuple[Problem, ...]:
    """Why the marker in live now forbids replacing the body."""
    marker = marker_of(live.body)
    before = marker_of(former.body)
    if before is not None and before.id is not None and before.id.casefold() != live.id.casefold():
        return (_another(former, f"its recorded body is that of {before.id}"),)
    if marker is None:
        is_ours = undoing.owner.owns(before) or _was_attached_to(former, live)
        if undoing.our_client is not None:
            is_ours = undoing.our_client in (live.created_client, live.updated_client)
        return () if is_ours else (_another(former, "neither the live nor the recorded body has a marker of this repository"),)
    if undoing.owner.is_foreign(marker):
        what = f"is not restored: it now belongs to {marker.repository or 'an unreadable marker'}"
        hint = "agree with its owner, or use --id to restore only selected specs"
        return (_refusal(former, "foreign-marker", what, hint),)
    if former.left_as(live) or undoing.options.allow_rewind or not undoing.owner.owns(marker):
        return ()
    if marker.commit is not None and marker.commit == undoing.undone:
        return ()
    relation = undoing.history.relations([marker.commit])[marker.commit] if marker.commit is not None else Relation.UNKNOWN
    if relation is Relation.NOT_ANCESTOR:
        return (ahead_problem(former.kind.words, marker.key, marker, None),)
    if relation is Relation.ANCESTOR or not undoing.needs_git:
        return ()
    return (unplaced_problem(live, marker, None, undoing.history, undoing.commit),)


def _was_attached_to(former: Former, live: LiveSpec) -> bool:
    """Whether this is a shared flow spec that is still as the run left it. Such specs carry no marker of ours."""
    is_shared = former.kind is Kind.FLOW_SPEC and former.key is None
    return is_shared and former.left_as(live)


def _another(former: Former, reason: str) -> Problem:
    what = f"is not restored, because it may belong to someone else: {reason}"
    hint = "restore it by hand: the previous body is in the journal; use --id to restore only selected specs"
    return _refusal(former, "not-ours", what, hint)


def _refusal(former: Former, code: str, what: str, hint: str) -> Problem:
    return Problem(Severity.ERROR, code, f"{former.words} {what}", hint=hint, key=former.key, guard=True)


def _changed_since(former: Former, live: LiveSpec) -> tuple[Problem, ...]:
    """The problem that someone wrote after the run, according to the digests; a restore would lose that change."""
    if not former.left or former.left_as(live):
        return ()
    return (
        Problem(
            Severity.WARNING,
            "changed-since",
            f"{former.words} changed after that run (last changed by {live.updated_by or 'an unknown account'})",
            hint="review each change: restoring also undoes later changes, except added ids",
            key=former.key,
        ),
    )


def _as_before(former: Former) -> tuple[Problem, ...]:
    """The note that a shared flow spec needs no change, because it is not listed among the specs."""
    if former.key is not None:
        return ()
    return (Problem(Severity.INFO, "as-before", f"{former.words} already has the recorded body, and keeps all its ids"),)


def _stays(created: Created) -> Problem:
    which = f"({created.id})" if created.id else "(outcome and id unknown: there was no response)"
    hint = f"to retire it, remove the file of {created.key!r} and add the key to `retired:` in reconciler.yaml"
    return Problem(
        Severity.WARNING,
        "cannot-undo-create",
        f"{created.kind.words} {created.key or created.name!r} {which} was created by that run and cannot be deleted",
        hint=hint if created.key is not None else None,
        key=created.key,
    )


def _status(former: Former, live: LiveSpec, state: State) -> SpecStatus | None:
    if former.key is None:
        return None
    return SpecStatus(
        kind=former.kind,
        key=former.key,
        id=former.id,
        name=live.name or former.name,
        state=state,
        updated_at=live.updated_at,
        updated_by=live.updated_by,
    )


def _turn(action: Action) -> tuple[int, str, str]:
    return list(Kind).index(action.kind), action.key or action.name, action.id or ""
