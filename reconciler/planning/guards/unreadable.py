"""List entries that are not valid specs, and live bodies that a PUT cannot send back unchanged.

Each is reported and left alone; everything else continues. An invalid entry blocks only the create of a spec that it may be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.kinds import Kind
from reconciler.documents.names import folded_name
from reconciler.documents.semantics import ID_LISTS, SOURCES
from reconciler.errors import Problem, Severity
from reconciler.flowservice.specs import LiveSpec, StrangeItem
from reconciler.planning.comparing.identity import refusal
from reconciler.planning.comparing.ownership import Owner, marker_of
from reconciler.planning.plan import Action

_NAMED = 20
"""Maximum number of entries that are reported one by one."""
_SHOWN = 80
"""Characters shown of a name or an id."""


def unreadable_problems(strange: Iterable[StrangeItem]) -> tuple[Problem, ...]:
    """A warning for each list entry that is not a valid spec."""
    items = tuple(strange)
    problems = [
        Problem(
            Severity.WARNING,
            "unreadable-spec",
            f"{_described(item)} is not a valid spec and is ignored: {item.reason}",
            hint="if it is yours, ask Adobe to repair it",
        )
        for item in items[:_NAMED]
    ]
    if len(items) > _NAMED:
        message = f"{len(items) - _NAMED} more list entries are not valid specs and are ignored"
        problems.append(Problem(Severity.WARNING, "unreadable-spec", message, hint="check the base URL and the credential"))
    return tuple(problems)


def unreadable_namesakes(desired: DesiredSpec, strange: Iterable[StrangeItem], owner: Owner | None) -> tuple[Problem, ...]:
    """Why a spec must not be created: an invalid entry has its name or its marker, or has no readable name.

    Without an `owner`, this is about a new name for a live spec; markers are ignored then.
    """
    it = next((item for item in strange if _may_be(item, desired, owner)), None)
    if it is None:
        return ()
    done = "created" if owner else "renamed"
    what = f"is not {done}: {_described(it)}, which is not a valid spec, may have its name: {it.reason}"
    hint = f"check it in Flow Service, and use another `name` in {desired.file}"
    if owner:
        hint += f"; if it is another spec, use `--allow-create {desired.key}`"
    return (refusal(desired, "unreadable-namesake", what, hint),)


def unsendable_problems(actions: Iterable[Action], by_id: Mapping[tuple[Kind, str], LiveSpec]) -> tuple[Problem, ...]:
    """A warning for each planned write that will be skipped, because its live body cannot be sent back unchanged."""
    found = []
    for action in actions:
        live = by_id.get((action.kind, action.id or ""))
        reason = why_unsendable(action, live) if live else None
        if reason:
            message = f"{action.kind.words} {action.name[:_SHOWN]!r} ({action.id}) will not be written: {reason}"
            found.append(Problem(Severity.WARNING, "unsendable", message, hint=UNSENDABLE_HINT, key=action.key))
    return tuple(found)


UNSENDABLE_HINT = (
    "a PUT would change values that are not yours: ask its owner, or Adobe, to repair the live body; everything else is applied"
)


def why_unsendable(action: Action, live: LiveSpec) -> str | None:
    """Why a PUT for this action would change unrelated parts of the live body; None if it would not.

    A restore replaces the whole body, so nothing of the live one has to be kept.
    """
    if action.put_back is not None:
        return None
    if repeated := live.repeated_keys:
        return f"its live body has {', '.join(name[:_SHOWN] for name in repeated)} more than once"
    body = live.body
    if action.marker is not None and not isinstance(body.get("attributes"), dict | None):
        return "its live `attributes` are not an object that could hold the marker"
    written = action.desired.body if action.desired else {}
    lists = [name for name in ID_LISTS if not isinstance(body.get(name), list | None) and name not in written]
    if SOURCES in lists and (action.sources or action.detaches):
        return f"its live `{SOURCES}` is not a list"
    return None


def _may_be(item: StrangeItem, desired: DesiredSpec, owner: Owner | None) -> bool:
    if item.kind is not desired.kind:
        return False
    marker = marker_of({"attributes": item.attributes})
    if owner and marker is not None and owner.owns(marker) and marker.key in (desired.key, *desired.former_keys):
        return True
    is_namesake = item.name is not None and folded_name(item.name) == folded_name(desired.name)
    is_provider = item.provider_id is None or item.provider_id.lower() == desired.provider_id.lower()
    return item.hides_its_name or (is_namesake and is_provider)


def _described(item: StrangeItem) -> str:
    known = [f"name {item.name[:_SHOWN]!r}"] if item.name else []
    known += [f"id {item.id[:_SHOWN]!r}"] if item.id else []
    said = f" ({', '.join(known)})" if known else ""
    return f"entry {item.position} of the list of {item.kind.words}s{said}"
