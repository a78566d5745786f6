"""What passes a gate, and what stays behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from msgspec import structs

from reconciler.breaking.effect import Effect, Level, by_weight
from reconciler.documents.comparison import Change
from reconciler.documents.json_text import Json
from reconciler.documents.kinds import Kind
from reconciler.documents.places import Place
from reconciler.errors import Problem, Severity
from reconciler.planning.comparing.causes import combine
from reconciler.planning.comparing.difference import section_digests
from reconciler.planning.gate import Gate
from reconciler.planning.gating.upstream import Identity, Upstream
from reconciler.planning.plan import Action, ActionName, Options

SKIPPED: Final = "skipped-gate"
DIFFERS: Final = "differs-upstream"


def withheld(whole: Iterable[Action], passed: Iterable[Action]) -> Iterator[Action]:
    """The actions that do not pass, each with only those changes of it that do not."""
    by_object = {_object(action): action for action in passed}
    for action in whole:
        same = by_object.get(_object(action))
        if same is None:
            yield action
        elif left := tuple(change for change in action.changes if _place(change) not in set(map(_place, same.changes))):
            yield replace(action, changes=left, cause=combine(change.cause for change in left), action=_name_of(action, same))


def marked(
    actions: Iterable[Action], gates: Mapping[Identity, Gate], upstreams: Iterable[Upstream]
) -> tuple[tuple[Action, ...], list[Problem]]:
    """The actions, with the gates skipped for them in their markers and what no upstream target has tried among their effects.

    Also the problems that say which gates were skipped.
    """
    upstreams, found = tuple(upstreams), []
    for action in actions:
        gate = gates.get((action.kind, action.key)) if action.key is not None else None
        names = tuple(sorted({str(wait.gate) for wait in gate.skipped})) if gate is not None else ()
        marker = structs.replace(action.marker, skipped=names) if action.marker is not None and names else action.marker
        untried = tuple(_untried(action, upstreams))
        found.append(
            replace(action, marker=marker, effects=by_weight((*action.effects, *untried)) if untried else action.effects)
        )
    return tuple(found), [_skipped(kind, key, gate) for (kind, key), gate in gates.items() if gate.is_ready and gate.skipped]


def skips_in(gates: Mapping[Identity, Gate], options: Options) -> list[Json]:
    """What the digest has of the gates that were skipped: each spec with what was missing, and the reason given."""
    skipped = {identity: gate.skipped for identity, gate in gates.items() if gate.is_ready and gate.skipped}
    if not skipped:
        return []
    said: list[Json] = [
        [str(kind), key, [[wait.on, str(wait.gate)] for wait in waits]] for (kind, key), waits in sorted(skipped.items())
    ]
    return [options.reason, *said]


def _place(change: Change) -> tuple[str, Place, Place]:
    """What tells a change from others of the object, wherever it stands in a list."""
    return change.op, change.place, change.beyond


def _object(action: Action) -> tuple[str, str | None, str | None]:
    return action.kind, action.key, action.id


def _name_of(action: Action, passed: Action) -> ActionName:
    """What is left of an action on a flow spec whose other ids pass."""
    if action.action is not ActionName.UPDATE:
        return action.action
    return {ActionName.ATTACH: ActionName.DETACH, ActionName.DETACH: ActionName.ATTACH}.get(passed.action, action.action)


def _skipped(kind: Kind, key: str, gate: Gate) -> Problem:
    said = "; ".join(f"{wait.gate}: {wait.message}" for wait in gate.skipped)
    message = f"{kind.words} {key!r} goes on although a gate is not passed: {said}"
    return Problem(Severity.WARNING, SKIPPED, message, hint="the journal and its marker keep that", key=key)


def _untried(action: Action, upstreams: Iterable[Upstream]) -> Iterator[Effect]:
    """A risky effect for each upstream target whose content of a changed section is another one, as an overlay or variable makes it."""
    desired = action.desired
    if desired is None or action.key is None:
        return
    own: Mapping[str, str] | None = None
    for upstream in upstreams:
        other = upstream.desired.get((action.kind, action.key))
        if other is None:
            continue
        own = section_digests(desired) if own is None else own
        theirs = section_digests(other)
        changed = {str(change.place[0]): change.place for change in action.changes if change.place}
        names = [name for name in changed if own.get(name) != theirs.get(name)]
        if names:
            listed = ", ".join(names)
            differ = "differs" if len(names) == 1 else "differ"
            reason = f"untried: {listed} {differ} from {upstream.name} by an overlay or a variable"
            yield Effect(Level.RISKY, DIFFERS, f"/{names[0]}", reason, place=(names[0],))
